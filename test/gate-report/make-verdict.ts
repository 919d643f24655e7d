import { type Bytes, mebibytes } from '../../src/bytes.ts';
import type { GateReportInput } from '../../src/gate-report/gate-report.ts';
import type { Application, Unread } from '../../src/model/declared.ts';
import type {
  ContainerChange,
  ContainerEvidence,
  EvidenceSource,
  GateFact,
  GateFinding,
  GateVerdict,
  ValueChange,
  WeighedChange,
} from '../../src/model/gate.ts';
import type { JvmSizing } from '../../src/model/jvm.ts';
import { type Level, worst } from '../../src/model/level.ts';
import { bytesOf, type Setting } from '../../src/model/workload.ts';

/** 2026-11-27 09:00 UTC. */
export const AT = Date.UTC(2026, 10, 27, 9) / 1000;
export const DAY = 86_400;

export function mi(value: number): Bytes {
  return mebibytes(value);
}

export function set(value: number | undefined): Setting {
  return value === undefined ? { state: 'absent' } : { state: 'set', bytes: mi(value) };
}

export function inFolder(name: string, cluster?: string): Application {
  return { way: 'kustomize', name, path: `${name}/kustomization.yaml`, ...(cluster === undefined ? {} : { cluster }) };
}

export function inFile(path: string): Application {
  return { way: 'plain', name: path, path };
}

/** Sizes are in Mi; `undefined` in a pair means absent. One number alone: it stays. */
export interface ChangeSpec {
  readonly kind?: ContainerChange['kind'];
  readonly name?: string;
  readonly namespace?: string;
  readonly container?: string;
  readonly application?: Application;
  readonly limit?: number | readonly [number | undefined, number | undefined | string];
  readonly request?: number | readonly [number | undefined, number | undefined | string];
  /** The file that decides, and the line of the limit; the request's is the one after it. */
  readonly path?: string;
  readonly line?: number;
  readonly jvm?: { readonly before?: JvmSizing; readonly after?: JvmSizing };
  readonly findings?: readonly (readonly [Level, GateFact])[];
  readonly evidence?: Partial<ContainerEvidence>;
  readonly pods?: number;
}

/** One weighed change; its level is the worst of its findings. */
export function change(spec: ChangeSpec): WeighedChange {
  const { name = 'nacos', namespace = 'shop-rel', path = `k8s/${name}.yaml`, line = 24 } = spec;
  const findings = (spec.findings ?? []).map(([level, fact]): GateFinding => ({ level, fact }));
  const { application = inFile(path) } = spec;
  const evidence: ContainerEvidence | undefined = spec.evidence && {
    pods: 1,
    days: 14,
    killed: { kind: 'no' },
    ...spec.evidence,
  };
  return {
    change: {
      kind: spec.kind ?? 'changed',
      application,
      workload: { group: 'apps', kind: 'Deployment', name, namespace },
      container: spec.container ?? name,
      sort: 'container',
      limit: valueChange(spec.limit ?? 2000, path, line),
      request: valueChange(spec.request ?? 1000, path, line + 1),
      jvm: spec.jvm ?? {},
    },
    level: worst(findings.map(({ level }) => level)),
    findings,
    ...(evidence === undefined ? {} : { evidence }),
    pods: spec.pods ?? 1,
  };
}

function valueChange(spec: NonNullable<ChangeSpec['limit']>, path: string, line: number): ValueChange {
  const [before, after] = typeof spec === 'number' ? [spec, spec] : spec;
  const decidedBy = { state: 'line', path, line } as const;
  const isQuantity = typeof after !== 'string';
  return {
    before: set(before),
    after: isQuantity ? set(after) : { state: 'unknown' },
    ...(isQuantity ? {} : { written: after }),
    decidedBy: after === undefined ? { state: 'nothing' } : decidedBy,
    ...(before === after ? {} : { at: { path, line } }),
  };
}

export const OBSERVED: EvidenceSource = { kind: 'observation', at: AT, days: 14 };

export function verdictOf(
  changes: readonly WeighedChange[],
  more: Partial<GateVerdict> & { readonly unread?: readonly Unread[] } = {},
): GateVerdict {
  const sum = (field: 'limit' | 'request', when: 'before' | 'after') =>
    changes.reduce((total, { change: one, pods = 1 }) => {
      const value = one[field][when];
      return total + (value.state === 'set' ? value.bytes * pods : 0);
    }, 0);
  const total = (sign: 1 | -1) =>
    changes.reduce((all, { change: { request }, pods = 1 }) => {
      const more = (bytesOf(request.after) ?? 0) - (bytesOf(request.before) ?? 0);
      return all + Math.max(0, sign * more) * pods;
    }, 0);
  return {
    verdict: worst(changes.map(({ level }) => level)),
    changes,
    unread: [],
    ...(changes.length === 0 ? {} : { source: OBSERVED }),
    cost: {
      limits: { before: sum('limit', 'before'), after: sum('limit', 'after') },
      requests: { before: sum('request', 'before'), after: sum('request', 'after') },
      uncounted: 0,
      unlimited: 0,
      added: total(1),
      freed: total(-1),
    },
    notes: [],
    ...more,
  };
}

export function inputOf(verdict: GateVerdict, more: Partial<GateReportInput> = {}): GateReportInput {
  const isIncomplete = verdict.unread.length > 0;
  return {
    verdict,
    outcome: verdict.verdict === 'red' ? 'findings' : isIncomplete ? 'incomplete' : 'ok',
    options: { failOn: 'red', allowIncomplete: false, gateOnMissingData: 'pass' },
    usageYellow: 70,
    usageRed: 85,
    gateWindow: 14,
    timeZone: 'UTC',
    repositoryUrl: 'https://example.invalid/acme/infra/blob/0123abc/',
    runUrl: 'https://example.invalid/acme/infra/actions/runs/4711',
    ...more,
  };
}

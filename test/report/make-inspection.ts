import { type Bytes, MIB, mebibytes } from '../../src/bytes.ts';
import type { CheckName, ContainerObservation, Finding } from '../../src/model/finding.ts';
import type {
  Findings,
  Ignored,
  Inspection,
  JudgedContainer,
  JudgedWorkload,
  Suggestion,
  Totals,
  Withheld,
} from '../../src/model/inspection.ts';
import { bySeverity, type Level, worst } from '../../src/model/level.ts';
import type { Sample } from '../../src/model/measurement.ts';
import type { Windows } from '../../src/model/observation.ts';
import type { Setting, WorkloadRef } from '../../src/model/workload.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { THRESHOLDS } from '../checks/fixtures.ts';

/** 2025-12-26 08:30 UTC. */
export const AT = Date.UTC(2025, 11, 26, 8, 30) / 1000;
export const WINDOWS: Windows = { window: 86_400, slowWindow: 7 * 86_400, sizingWindow: 14 * 86_400 };
export { THRESHOLDS };

/** One container of one pod; sizes in Mi, `null` for no limit or request. */
export interface ContainerSpec {
  readonly name: string;
  readonly used?: number;
  readonly limit?: number | null;
  readonly request?: number | null;
  readonly peak?: number;
  /** Averages over the window in Mi, evenly spaced; default: `used`, 48 times. */
  readonly averages?: readonly number[];
  /** Averages over the slow window in Mi; default: none. */
  readonly slowAverages?: readonly number[];
  readonly findings?: Findings;
  readonly ignored?: Ignored;
  readonly restarts?: number;
  readonly partial?: boolean;
}

export interface WorkloadSpec {
  readonly namespace: string;
  readonly name: string;
  readonly kind?: string;
  /** Pod name to its containers; default: one pod `NAME-0`. */
  readonly pods: Readonly<Record<string, readonly ContainerSpec[]>>;
  readonly suggestions?: Readonly<Record<string, Partial<Suggestion>>>;
  readonly withheld?: Readonly<Record<string, string>>;
}

export function setting(mi: number | null | undefined): Setting {
  if (mi === undefined) return { state: 'unknown' };
  return mi === null ? { state: 'absent' } : { state: 'set', bytes: mebibytes(mi) };
}

/** `from` to `to` in `steps` even steps. */
export function ramp(from: number, to: number, steps = 48): number[] {
  return Array.from({ length: steps }, (_, index) => from + ((to - from) * index) / (steps - 1));
}

/** Values in Mi as evenly spaced averages over a window that ends at `AT`. */
export function spread(values: readonly number[], window = WINDOWS.window): Sample[] {
  const slot = window / values.length;
  return values.map((v, index) => ({ t: AT - window + slot * (index + 1), v: v * MIB }));
}

export function usage(level: Level, used: number, limit: number | undefined, summary: string, peak = used): Finding {
  const percent = limit === undefined ? undefined : (used / limit) * 100;
  return {
    check: 'usage',
    level,
    short: percent === undefined ? 'no limit' : `${percent.toFixed(1)} %`,
    summary,
    facts: {
      check: 'usage',
      used: mebibytes(used),
      peak: mebibytes(peak),
      ...(limit === undefined ? {} : { limit: mebibytes(limit) }),
      ...(percent === undefined ? {} : { percent }),
    },
  };
}

export function trend(level: Level, growth: number, summary: string, more: Partial<Finding['facts']> = {}): Finding {
  return {
    check: 'trend',
    level,
    short: `${growth < 0 ? '−' : '+'}${Math.abs(growth)} %`,
    summary,
    facts: { check: 'trend', growth, pattern: 'flat', hoursSeen: 24, ...more } as Finding['facts'],
  };
}

export function sizing(level: Level, short: string, summary: string): Finding {
  return { check: 'sizing', level, short, summary, facts: { check: 'sizing', problems: [] } };
}

export function heap(level: Level, live: number, maximum: number, summary: string): Finding {
  const percent = (live / maximum) * 100;
  const facts = { check: 'heap' as const, live: mebibytes(live), maximum: mebibytes(maximum), percent, fits: true };
  return { check: 'heap', level, short: `${percent.toFixed(1)} %`, summary, facts };
}

export function unknown(check: CheckName, short: string, summary: string): Finding {
  const facts: Finding['facts'] =
    check === 'trend'
      ? { check, pattern: 'too little data', hoursSeen: 2 }
      : check === 'sizing'
        ? { check, problems: [] }
        : { check };
  return { check, level: 'unknown', short, summary, facts };
}

/** Findings of a healthy container. */
export function healthy(used: number, limit: number | undefined): Findings {
  return {
    usage: usage('green', used, limit, 'has room below its limit'),
    trend: trend('green', 1, 'does not rise'),
    sizing: sizing('green', 'fits', 'limit and request fit what is used'),
  };
}

function judgeContainer(namespace: string, pod: string, spec: ContainerSpec): JudgedContainer {
  const used = spec.used;
  const limit = setting(spec.limit);
  const findings = spec.findings ?? healthy(used ?? 100, spec.limit ?? undefined);
  const averages = spec.averages ?? (used === undefined ? [] : Array<number>(48).fill(used));
  const observation: ContainerObservation = {
    at: AT,
    windows: WINDOWS,
    namespace,
    pod,
    container: spec.name,
    kind: 'container',
    limit,
    request: setting(spec.request),
    measured: {
      namespace,
      pod,
      container: spec.name,
      ...(used === undefined ? {} : { now: { workingSet: mebibytes(used) }, peak: mebibytes(spec.peak ?? used) }),
      averages: spread(averages),
      slowAverages: spread(spec.slowAverages ?? [], WINDOWS.slowWindow),
      rss: [],
      mappedFile: [],
      activeFile: [],
      starts: [],
      restarts: [],
      oomReason: [],
    },
    oomKills: [],
    restartsInWindow: spec.restarts ?? 0,
    partial: spec.partial ?? false,
  };
  const level = spec.ignored ? 'green' : worst(Object.values(findings).map((finding) => finding.level));
  return { name: spec.name, level, findings, observation, ...(spec.ignored ? { ignored: spec.ignored } : {}) };
}

export function makeWorkload(spec: WorkloadSpec): JudgedWorkload {
  const ref: WorkloadRef = {
    namespace: spec.namespace,
    group: 'apps',
    kind: spec.kind ?? 'Deployment',
    name: spec.name,
  };
  const pods = Object.entries(spec.pods).map(([name, containers]) => {
    const judged = containers.map((container) => judgeContainer(spec.namespace, name, container));
    return { name, containers: judged, level: worst(judged.map(({ level }) => level)) };
  });
  const names = [...new Set(pods.flatMap((pod) => pod.containers.map(({ name }) => name)))];
  const containers = names.map((name) => {
    const own = pods.flatMap((pod) =>
      pod.containers.filter((c) => c.name === name).map((c) => ({ pod: pod.name, ...c })),
    );
    const level = worst(own.map((container) => container.level));
    const suggestion = spec.suggestions?.[name];
    const why = spec.withheld?.[name];
    const withheld: Withheld | undefined =
      why === undefined ? undefined : { workload: ref, container: name, level, why };
    return {
      name,
      level,
      worst: worstFindings(own),
      ...(suggestion === undefined ? {} : { suggestion: makeSuggestion(ref, name, level, suggestion) }),
      ...(withheld === undefined ? {} : { withheld }),
    };
  });
  return {
    workload: {
      ref,
      edit: { allowed: true },
      containers: names.map((name) => ({
        name,
        kind: 'container',
        image: 'example.invalid/app:1',
        limit: setting(undefined),
        request: setting(undefined),
      })),
      vpa: 'none',
      memoryHpa: 'none',
      hints: {},
      pods: [],
    },
    level: worst(pods.map(({ level }) => level)),
    pods,
    containers,
  };
}

function worstFindings(own: readonly (JudgedContainer & { readonly pod: string })[]) {
  const result: Partial<Record<CheckName, { finding: Finding; pod: string }>> = {};
  for (const check of ['usage', 'trend', 'sizing', 'heap'] as const) {
    const [first] = own
      .flatMap((container) => {
        const finding = container.findings[check];
        return finding === undefined ? [] : [{ finding, pod: container.pod }];
      })
      .sort((a, b) => bySeverity(a.finding.level, b.finding.level));
    if (first !== undefined) result[check] = first;
  }
  return result;
}

export function makeSuggestion(
  workload: WorkloadRef,
  container: string,
  level: Level,
  overrides: Partial<Suggestion> = {},
): Suggestion {
  return {
    workload,
    container,
    direction: 'raise',
    level,
    delivery: { kind: 'change' },
    confidence: { level: 'high', why: '14 days, 1 pod, no restart' },
    notes: [],
    ...overrides,
  };
}

/** An inspection of these workloads, with verdict and totals as they follow. */
export function makeInspection(workloads: readonly JudgedWorkload[], overrides: Partial<Inspection> = {}): Inspection {
  const levels = workloads.flatMap((workload) => workload.pods.map((pod) => pod.level));
  const number = (level: Level) => levels.filter((own) => own === level).length;
  const totals: Totals = {
    total: levels.length,
    healthy: number('green'),
    attention: number('yellow'),
    atRisk: number('red'),
    unknown: number('unknown'),
  };
  return {
    at: AT,
    namespaces: [...new Set(workloads.map(({ workload }) => workload.ref.namespace))].sort(),
    access: { way: 'exec', url: 'http://prometheus.monitoring:9090', through: 'pigo-rel/pigo-api-7d4b9c-x2x1p' },
    queries: 11,
    availability: {
      exporter: true,
      cadvisor: true,
      jvm: { state: 'unavailable', why: 'no series of a JVM exporter.' },
    },
    verdict: worst(levels),
    totals,
    workloads,
    notes: [],
    ...overrides,
  };
}

export function makeInput(inspection: Inspection, overrides: Partial<ReportInput> = {}): ReportInput {
  return {
    inspection,
    outcome: inspection.verdict === 'red' ? 'findings' : 'ok',
    thresholds: THRESHOLDS,
    timeZone: 'UTC',
    reportDirectory: 'reports/memory',
    history: [],
    ...overrides,
  };
}

export function mi(value: number): Bytes {
  return mebibytes(value);
}

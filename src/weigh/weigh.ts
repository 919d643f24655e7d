import type { JudgeSettings } from '../judge/settings.ts';
import type { ContainerChange, GateFinding, GateVerdict, TreeChanges, WeighedChange } from '../model/gate.ts';
import { bySeverity, worst } from '../model/level.ts';
import { compareText } from '../text/format.ts';
import type { ClusterEvidence, LiveMatch, Matched } from './cluster-evidence.ts';
import { sumCost } from './cost.ts';
import { completeSizes, isSameSetting, type Rule, type WeighedCase } from './rule.ts';
import { weighCompared } from './rules/compared.ts';
import { weighDemanded } from './rules/demanded.ts';
import { weighHeap } from './rules/heap.ts';
import { weighLeak } from './rules/leak.ts';
import { weighLimit } from './rules/limit.ts';
import { weighLimitRange } from './rules/limit-range.ts';
import { weighNode } from './rules/node.ts';
import { weighQuota } from './rules/quota.ts';
import { weighRefused } from './rules/refused.ts';
import { weighRemoved } from './rules/removed.ts';
import { weighRequest } from './rules/request.ts';
import { weighSteering } from './rules/steering.ts';
import { weighStep } from './rules/step.ts';

/** What of the options decides about a change. */
export type WeighSettings = Pick<JudgeSettings, 'thresholds' | 'thresholdsFor' | 'ignoredBy'>;

/** In the order in which findings of one level are told. */
const RULES: readonly Rule[] = [
  weighRefused,
  weighLimit,
  weighHeap,
  weighRemoved,
  weighDemanded,
  weighRequest,
  weighLimitRange,
  weighNode,
  weighLeak,
  weighSteering,
  weighCompared,
  weighStep,
];

/** Holds what a pull request changes against what is known of its containers. Pure; the order of the changes changes nothing. */
export function weigh(changes: TreeChanges, evidence: ClusterEvidence, settings: WeighSettings): GateVerdict {
  const cases = changes.containers.toSorted(byName).map((change) => gatherCase(change, evidence, settings));
  const overQuota = weighQuota(cases);
  const weighed = cases
    .map((one) => weighOne(one, overQuota.get(one) ?? [], settings))
    .sort((a, b) => bySeverity(a.level, b.level));
  return {
    verdict: worst([
      ...weighed.map(({ level }) => level),
      ...(changes.unread.length > 0 ? (['unknown'] as const) : []),
    ]),
    changes: weighed,
    unread: changes.unread,
    ...(cases.length > 0 && { source: evidence.source }),
    cost: sumCost(cases),
    notes: cases.length > 0 ? evidence.notes : [],
  };
}

function gatherCase(change: ContainerChange, evidence: ClusterEvidence, settings: WeighSettings): WeighedCase {
  const { cluster } = change.application;
  const isHere = cluster === undefined;
  const own = isHere ? evidence.match(change) : ({ state: 'not inspected' } as const);
  const former = isHere ? matchFormer(change, own, evidence) : undefined;
  const matched = former ?? own;
  const live = matched.state === 'matched' ? matched : undefined;
  const named = change.workload.namespace;
  const namespace = former === undefined ? (live?.ref.namespace ?? named) : (named ?? former.ref.namespace);
  const bounds = isHere && namespace !== undefined ? evidence.bounds(namespace) : undefined;
  const complete = (side: 'before' | 'after') =>
    completeSizes({ limit: change.limit[side], request: change.request[side] }, change.sort, bounds);
  const [before, after] = [complete('before'), complete('after')];
  const pods = live?.pods ?? live?.evidence?.pods ?? change.replicas;
  return {
    change,
    matched,
    ...(live && { live }),
    isByFormer: former !== undefined,
    ...(live?.evidence && { evidence: live.evidence }),
    isHere,
    ...(namespace !== undefined && { namespace }),
    touched: {
      limit: isTouched(change, 'limit', before, after),
      request: isTouched(change, 'request', before, after),
      heap: !isSameHeap(change),
    },
    before,
    after,
    ...(pods !== undefined && { pods }),
    ...(bounds && { bounds }),
    ...(isHere && evidence.largestNode !== undefined && { largestNode: evidence.largestNode }),
    thresholds: settings.thresholdsFor?.(nameOf(change, namespace)) ?? settings.thresholds,
  };
}

/** What is not known by its own name may be by the one that it had. */
function matchFormer(change: ContainerChange, own: Matched, evidence: ClusterEvidence): LiveMatch | undefined {
  const { former } = change;
  if (former === undefined || (own.state === 'matched' && own.evidence !== undefined)) return undefined;
  const found = evidence.match({ ...change, workload: former.workload, container: former.container });
  return found.state === 'matched' && found.evidence !== undefined ? found : undefined;
}

/** What the API server fills in for a new container is nobody's choice, but it is new. */
function isTouched(
  { kind }: ContainerChange,
  field: 'limit' | 'request',
  before: WeighedCase['before'],
  after: WeighedCase['after'],
): boolean {
  return kind === 'added' ? after[field].state !== 'absent' : !isSameSetting(before[field], after[field]);
}

function isSameHeap({ jvm: { before, after } }: ContainerChange): boolean {
  return before?.maxHeap === after?.maxHeap && before?.maxRamPercentage === after?.maxRamPercentage;
}

function nameOf({ workload, container }: ContainerChange, namespace: string | undefined) {
  return { namespace: namespace ?? '', kind: workload.kind, name: workload.name, container };
}

function weighOne(one: WeighedCase, overQuota: readonly GateFinding[], settings: WeighSettings): WeighedChange {
  const { change, live, namespace, evidence, pods } = one;
  const ignored = settings.ignoredBy?.(nameOf(change, namespace)) ?? live?.ignored;
  const said = change.kind === 'removed' ? [] : [...RULES.flatMap((rule) => rule(one)), ...overQuota];
  const findings: readonly GateFinding[] =
    ignored === undefined || change.kind === 'removed'
      ? said.sort((a, b) => bySeverity(a.level, b.level))
      : [{ level: 'green', fact: { kind: 'ignored', why: ignored.reason } }];
  return {
    change,
    ...(change.workload.namespace === undefined && namespace !== undefined && { namespace }),
    level: worst(findings.map(({ level }) => level)),
    findings,
    ...(evidence && { evidence }),
    ...(pods !== undefined && { pods }),
  };
}

function byName(a: ContainerChange, b: ContainerChange): number {
  return compareText(sortKey(a), sortKey(b));
}

/** All that tells changes apart, what a reader sorts by first. */
function sortKey(change: ContainerChange): string {
  const { workload, container, application, limit, request } = change;
  const { namespace = '', kind, name, group } = workload;
  const { cluster = '', way } = application;
  return [
    ...[namespace, kind, name, group, container, cluster, way, application.name, application.path],
    JSON.stringify([change.kind, limit, request, change.jvm, change.replicas, change.podRequest]),
  ].join('\0');
}

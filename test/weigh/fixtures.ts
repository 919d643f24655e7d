import type { ContainerChange, ContainerEvidence, GateFact, GateFinding, ValueChange } from '../../src/model/gate.ts';
import type { NamespaceBounds, Setting, WorkloadRef } from '../../src/model/workload.ts';
import type { ClusterEvidence, LiveMatch, Matched } from '../../src/weigh/cluster-evidence.ts';
import { type WeighSettings, weigh } from '../../src/weigh/weigh.ts';
import { AT, mi, set, THRESHOLDS } from '../checks/fixtures.ts';

export const REF: WorkloadRef = { namespace: 'shop', group: 'apps', kind: 'StatefulSet', name: 'cart' };
export const WEIGH_SETTINGS: WeighSettings = { thresholds: THRESHOLDS };

export function valueChange(before: Setting, after: Setting, written?: string): ValueChange {
  const decidedBy = { state: 'line', path: 'shop/cart.yaml', line: 20 } as const;
  return { before, after, decidedBy, ...(written !== undefined && { written }) };
}

/** A container whose limit and request stay at 2000Mi and 1000Mi. */
export function changeOf(change: Partial<ContainerChange> = {}): ContainerChange {
  return {
    kind: 'changed',
    application: { way: 'plain', name: 'shop/cart.yaml', path: 'shop/cart.yaml' },
    workload: { ...REF },
    container: 'app',
    sort: 'container',
    limit: valueChange(set(2000), set(2000)),
    request: valueChange(set(1000), set(1000)),
    jvm: {},
    ...change,
  };
}

/** A change of the limit alone, in Mi. */
export function limitTo(to: number, from = 2000): ContainerChange {
  return changeOf({ limit: valueChange(set(from), set(to)) });
}

/** One pod that uses 1000Mi and peaked at 1200Mi within 14 days. */
export function knownUse(change: Partial<ContainerEvidence> = {}): ContainerEvidence {
  return {
    pods: 1,
    used: mi(1000),
    peak: mi(1200),
    days: 14,
    requestBase: mi(1000),
    killed: { kind: 'no' },
    ...change,
  };
}

export interface Known extends Partial<Omit<LiveMatch, 'evidence'>> {
  readonly use?: Partial<ContainerEvidence>;
  readonly bounds?: Partial<NamespaceBounds>;
  readonly largestNode?: number;
  readonly matched?: Matched;
}

export function evidenceOf({ use, bounds, largestNode, matched, ...live }: Known = {}): ClusterEvidence {
  return {
    source: { kind: 'observation', at: AT, days: 14 },
    match: () => matched ?? { state: 'matched', ref: REF, evidence: knownUse(use), ...live },
    bounds: (namespace) => (bounds === undefined ? undefined : { namespace, ...bounds }),
    ...(largestNode !== undefined && { largestNode: mi(largestNode) }),
    notes: [],
  };
}

/** What is said of one change. */
export function findingsOf(change: ContainerChange, known: Known = {}, settings: Partial<WeighSettings> = {}) {
  const { changes } = weigh({ containers: [change], unread: [] }, evidenceOf(known), {
    ...WEIGH_SETTINGS,
    ...settings,
  });
  return changes[0]?.findings ?? [];
}

export function findingOf<Kind extends GateFact['kind']>(findings: readonly GateFinding[], kind: Kind) {
  type Of = GateFinding & { readonly fact: Extract<GateFact, { readonly kind: Kind }> };
  return findings.find((one): one is Of => one.fact.kind === kind);
}

/** The levels of what is said, by kind. */
export function levelsOf(findings: readonly GateFinding[]): Record<string, string> {
  return Object.fromEntries(findings.map(({ fact, level }) => [fact.kind, level]));
}

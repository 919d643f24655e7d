import { GIB } from '../../src/bytes.ts';
import type {
  FollowedChange,
  FollowedContainer,
  Look,
  Rollout,
  RolloutObstacle,
  Scorecard,
  UseOverTime,
  Verdict,
} from '../../src/model/follow-up.ts';
import { AT, mi } from './make-inspection.ts';

export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** One of each kind, by its name; the resizes by their state. */
export const OBSTACLES: Readonly<Record<string, RolloutObstacle>> = {
  argo: {
    kind: 'not synced',
    by: 'Argo CD',
    object: 'Application argocd/shop',
    status: 'OutOfSync',
    message: 'one or more objects failed to apply (retried 5 times).',
  },
  flux: { kind: 'not synced', by: 'Flux', object: 'Kustomization flux-system/shop', status: 'suspended' },
  unapplied: { kind: 'not applied' },
  stuck: {
    kind: 'stuck',
    pod: 'stuck-7d4b9c-x2x1p',
    reason: 'CrashLoopBackOff',
    message: 'back-off 5m0s restarting failed container=app',
  },
  unnamed: { kind: 'stuck', reason: 'ProgressDeadlineExceeded' },
  ondelete: { kind: 'on delete', pods: 2 },
  refused: {
    kind: 'refused',
    message:
      'pods "refused-7d4b9c-x2x1p" is forbidden: exceeded quota: mem, requested: limits.memory=2Gi, used: limits.memory=9Gi, limited: limits.memory=10Gi',
  },
  unschedulable: {
    kind: 'unschedulable',
    pod: 'unschedulable-0',
    message: '0/3 nodes are available: 3 Insufficient memory.',
  },
  deferred: { kind: 'resize', state: 'deferred', pods: 1, message: "Node didn't have enough resource: memory" },
  infeasible: { kind: 'resize', state: 'infeasible', pods: 3 },
  pending: { kind: 'resize', state: 'pending', pods: 3 },
  resizing: { kind: 'resize', state: 'in progress', pods: 1 },
  failed: { kind: 'resize', state: 'failed', pods: 1 },
  other: { kind: 'resize', state: 'Unheard', pods: 2 },
  steered: { kind: 'steered', by: 'VPA shop/steered' },
  underway: { kind: 'under way', done: 1, pods: 3 },
};

/** One of each, by the name of its workload. */
export const VERDICTS: Readonly<Record<string, Verdict>> = {
  watched: { kind: 'open' },
  confirmed: { kind: 'confirmed', backtestHeld: true },
  peaked: { kind: 'confirmed', backtestHeld: false },
  hot: { kind: 'not confirmed', why: 'still over the red line' },
  unmeasured: { kind: 'not confirmed', why: 'not measured' },
  since: { kind: 'not confirmed', why: 'killed since' },
  lowered: { kind: 'worse', why: 'killed after lowering', killedAt: AT - 5 * HOUR },
  leaking: { kind: 'worse', why: 'still killed after raising' },
  back: { kind: 'reverted', by: 31 },
  byhand: { kind: 'reverted' },
  replaced: { kind: 'replaced' },
  gone: { kind: 'gone' },
};

const BEFORE: UseOverTime = { peak: mi(1440), limit: mi(1500), oomKills: 3, days: 7 };
const SINCE: UseOverTime = { used: mi(1400), peak: mi(1454), limit: mi(2048), restarts: 0, oomKills: 0, days: 2 };

export function lookAfter(after: number, use: UseOverTime = SINCE, rolledOutAt = AT - 2 * DAY): Look {
  return { ...use, after, at: rolledOutAt + after + 600 };
}

/** A raised container that rolled out two days ago. */
export function followed(name: string, overrides: Partial<FollowedContainer> = {}): FollowedContainer {
  return {
    workload: { namespace: 'shop', group: 'apps', kind: 'Deployment', name },
    container: 'app',
    direction: 'raise',
    values: [{ field: 'limit', from: mi(1500), to: mi(2048) }],
    before: BEFORE,
    rollout: { state: 'rolled out', at: AT - 2 * DAY },
    after: SINCE,
    looks: [lookAfter(HOUR), lookAfter(DAY)],
    verdict: { kind: 'open' },
    ...overrides,
  };
}

export function waitsFor(name: string, obstacle: RolloutObstacle): FollowedContainer {
  return followed(name, { rollout: { state: 'waiting', obstacle }, after: undefined, looks: [] });
}

/** A pull request that was merged three days ago. */
export function merged(
  number: number,
  containers: readonly FollowedContainer[],
  overrides: Partial<FollowedChange> = {},
): FollowedChange {
  return {
    number,
    url: `https://example.invalid/shop/infra/pull/${number}`,
    how: 'merged',
    at: AT - 3 * DAY,
    containers,
    settled: containers.every(({ verdict }) => verdict.kind !== 'open' && verdict.kind !== 'worse'),
    ...overrides,
  };
}

function standingAt(name: string, state: 'replaced' | 'gone' | 'idle' | 'not seen'): FollowedContainer {
  const rollout: Rollout = { state };
  return followed(name, { rollout, after: undefined, looks: [] });
}

/** A pull request for each obstacle. */
export const ALL_OBSTACLES: readonly FollowedChange[] = Object.entries(OBSTACLES).map(([name, obstacle], index) =>
  merged(index + 1, [waitsFor(name, obstacle)]),
);

/** A pull request for each verdict and each state that is none, and changes by hand. */
export const ALL_VERDICTS: readonly FollowedChange[] = [
  ...Object.entries(VERDICTS).map(([name, verdict], index) => merged(index + 10, [followed(name, { verdict })])),
  merged(40, [standingAt('idle', 'idle'), standingAt('elsewhere', 'not seen')]),
  merged(41, [followed('undone', { values: [{ field: 'request', to: mi(512) }] })], { reverts: 16 }),
  merged(42, [followed('manual')], { how: 'by hand' }),
  {
    how: 'by hand',
    at: AT - 600,
    containers: [followed('noted', { before: undefined, after: undefined })],
    settled: false,
  },
];

/** Changes in which every text that comes from a cluster or from GitHub is this one. */
export function changesOf(text: string): FollowedChange[] {
  const ref = { workload: { namespace: text, group: text, kind: text, name: text }, container: `${text}x` };
  const kinds = Object.values(OBSTACLES).map(
    (one) =>
      Object.fromEntries(
        Object.entries(one).map(([key, value]) => [
          key,
          typeof value !== 'string' || key === 'kind' || (key === 'by' && one.kind === 'not synced') ? value : text,
        ]),
      ) as unknown as RolloutObstacle,
  );
  const waiting = kinds.map((obstacle) => ({ ...waitsFor(text, obstacle), ...ref }));
  const judged = Object.values(VERDICTS).map((verdict) => ({ ...followed(text, { verdict }), ...ref }));
  return [merged(1, waiting, { url: text }), merged(2, judged), merged(3, judged, { how: 'by hand', reverts: 1 })];
}

const SCORE = { suggested: 5, merged: 3, declined: 1, open: 1, confirmed: 2, reverted: 1 };

/** What became of ten pull requests of two months. */
export const SCORECARD: Scorecard = {
  suggested: 10,
  merged: 6,
  declined: 2,
  open: 2,
  confirmed: 4,
  reverted: 2,
  oomKills: { before: 9, after: 1 },
  freed: { limits: 12 * GIB, requests: 3.5 * GIB },
  added: { limits: 2 * GIB, requests: 0 },
  redToMerged: 5 * HOUR,
  months: [
    { month: '2025-11', ...SCORE },
    { month: '2025-12', ...SCORE },
  ],
  cutOff: false,
};

import { z } from 'zod';
import type { FollowedChange, FollowedContainer, UseOverTime } from '../model/follow-up.ts';
import { byteLength } from '../text/format.ts';

/** Of the JSON's bytes, which have an end: what does not fit is only in the pull requests. */
const MOST_BYTES = 1_000_000;

const size = z.number().int().nonnegative();
const time = z.number().nonnegative().describe('Unix seconds');

const use = {
  used: size.optional().describe('The highest working set now, over its pods, in bytes'),
  peak: size.optional().describe('The highest working set of the time, in bytes'),
  limit: size.optional().describe('The limit in force, in bytes'),
  restarts: z.number().optional(),
  oomKills: z.number().optional(),
  days: z.number().optional().describe('How many days the numbers cover, at most'),
};

const container = z.looseObject({
  namespace: z.string(),
  group: z.string().optional().describe('The API group; absent for the core group'),
  kind: z.string(),
  name: z.string(),
  container: z.string(),
  direction: z.enum(['raise', 'lower']),
  values: z
    .array(z.looseObject({ field: z.enum(['limit', 'request']), from: size.optional(), to: size }))
    .describe('What was changed, in bytes; `from` is absent if nothing was set'),
  before: z.looseObject(use).optional().describe('Before the change'),
  rollout: z
    .looseObject({ state: z.string(), at: time.optional(), obstacle: z.looseObject({ kind: z.string() }).optional() })
    .describe('How far it has come in the cluster'),
  after: z.looseObject(use).optional().describe('Since the rollout, as this run saw it'),
  looks: z
    .array(z.looseObject({ after: z.number().describe('Seconds since the rollout, as asked for'), at: time, ...use }))
    .optional(),
  verdict: z.looseObject({ kind: z.string() }).optional().describe('What came of it; absent if that is still open'),
});

/** A change that is followed, in the JSON of a report. */
export const followUpJson = z.looseObject({
  number: z.number().int().optional().describe('The pull request; absent if there never was one'),
  url: z.string().optional(),
  how: z.enum(['merged', 'by hand']),
  at: time.describe('When it was merged, or first seen if it was made by hand; unix seconds'),
  reverts: z.number().int().optional().describe('The pull request that it takes back'),
  settled: z.boolean().describe('True if nothing more is to be found out'),
  containers: z.array(container),
});

type FollowUpJson = z.infer<typeof followUpJson>;
type ContainerJson = z.infer<typeof container>;

/**
 * The changes as the JSON of a report holds them, in their order. Where they take more than a megabyte, those that are not
 * settled come before the others, and the newer before the older.
 */
export function describeFollowUps(changes: readonly FollowedChange[]): FollowUpJson[] {
  const urgent = [...changes.filter(({ settled }) => !settled), ...changes.filter(({ settled }) => settled)];
  const kept = new Map<FollowedChange, FollowUpJson>();
  let left = MOST_BYTES;
  for (const change of urgent) {
    const head = describeHead(change);
    left -= byteLength(JSON.stringify(head)) + 2;
    const containers: ContainerJson[] = [];
    for (const one of change.containers.map(describeContainer)) {
      left -= byteLength(JSON.stringify(one)) + 2;
      if (left < 0) break;
      containers.push(one);
    }
    if (left < 0 && containers.length === 0) break;
    kept.set(change, { ...head, containers });
  }
  return changes.flatMap((change) => kept.get(change) ?? []);
}

function describeHead({ number, url, how, at, reverts, settled }: FollowedChange) {
  return { number, url, how, at, reverts, settled };
}

function describeContainer(one: FollowedContainer): ContainerJson {
  const { namespace, group, kind, name } = one.workload;
  return {
    namespace,
    group: group || undefined,
    kind,
    name,
    container: one.container,
    direction: one.direction,
    values: one.values.map(({ field, from, to }) => ({ field, from, to })),
    before: one.before && describeUse(one.before),
    rollout: { ...one.rollout },
    after: one.after && describeUse(one.after),
    looks:
      one.looks.length === 0
        ? undefined
        : one.looks.map((look) => ({ after: look.after, at: look.at, ...describeUse(look) })),
    verdict: one.verdict.kind === 'open' ? undefined : { ...one.verdict },
  };
}

function describeUse({ used, peak, limit, restarts, oomKills, days }: UseOverTime) {
  return { used, peak, limit, restarts, oomKills, days };
}

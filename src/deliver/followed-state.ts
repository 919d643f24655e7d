import { z } from 'zod';
import { type Bytes, bytes } from '../bytes.ts';
import type { FollowedContainer, FollowedValue, Look, UseOverTime, Verdict } from '../model/follow-up.ts';
import { isCount, isTime, sizeOf } from '../plausible.ts';

const size = z
  .number()
  .refine((value) => sizeOf(value) !== undefined)
  .transform((value): Bytes => bytes(value));
const count = z.number().refine(isCount);
const time = z.number().refine(isTime);

/** What a container used over some time, as a pull request remembers it. */
export const useOverTime = z.object({
  used: size.optional(),
  peak: size.optional(),
  limit: size.optional(),
  restarts: count.optional(),
  oomKills: count.optional(),
  days: z.number().min(0).max(10_000).optional(),
});

const look = useOverTime.extend({ after: count, at: time });

const verdict = z.union([
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('confirmed'), backtestHeld: z.boolean().optional() }),
  z.object({
    kind: z.literal('not confirmed'),
    why: z.enum(['still over the red line', 'not measured', 'killed since']),
  }),
  z.object({
    kind: z.literal('worse'),
    why: z.enum(['killed after lowering', 'still killed after raising']),
    killedAt: time.optional(),
  }),
  z.object({ kind: z.literal('reverted'), by: z.int().positive().optional() }),
  z.object({ kind: z.enum(['replaced', 'gone']) }),
]);

const value = z.object({ field: z.enum(['limit', 'request']), from: size.optional(), to: size });

const container = z.object({
  values: z.array(value).max(2).optional(),
  rolledOutAt: time.optional(),
  before: useOverTime.optional(),
  after: useOverTime.optional(),
  looks: z.array(look).max(10).catch([]),
  verdict,
});

/**
 * What a merged pull request remembers of its own end, by the keys of its containers. Anybody may edit it: it tells what was
 * seen. What it proposes to take back is proposed as a pull request, which a person merges or not.
 */
export const followedState = z.object({
  how: z.enum(['merged', 'by hand']),
  at: time,
  containers: z.record(z.string(), container),
  settled: z.boolean().catch(false),
});

/** What a run remembers of one container. */
export interface FollowedContainerState {
  /** Of a change by hand: what was made, which need not be what was proposed. */
  readonly values?: readonly FollowedValue[];
  readonly rolledOutAt?: number;
  readonly before?: UseOverTime;
  readonly after?: UseOverTime;
  readonly looks: readonly Look[];
  readonly verdict: Verdict;
}

export interface FollowedState {
  readonly how: 'merged' | 'by hand';
  readonly at: number;
  readonly containers: Readonly<Record<string, FollowedContainerState>>;
  readonly settled: boolean;
}

/** What is to be remembered: not what each run sees anew. */
export function stateOf(
  { values, rollout, before, after, looks, verdict }: FollowedContainer,
  how: FollowedState['how'],
): FollowedContainerState {
  const isOver = verdict.kind !== 'open';
  return {
    ...(how === 'by hand' && { values }),
    ...(rollout.state === 'rolled out' && { rolledOutAt: rollout.at, ...(before && { before }) }),
    ...(isOver && after && { after }),
    looks,
    verdict,
  };
}

import { z } from 'zod';
import { bytes } from '../bytes.ts';
import type { FollowedChange, FollowedContainer, Rollout, Verdict } from '../model/follow-up.ts';
import { isCount, isSize, isTime } from '../plausible.ts';
import type { ReportJson } from './report-json.ts';

/** Of a report that a run wrote they are fewer; anybody may have put more there. */
const MOST_CHANGES = 1000;
const MOST_CONTAINERS = 5000;
const MOST_LOOKS = 20;
const MOST_VALUES = 2;
const MOST_DAYS = 10_000;

/**
 * The changes that a report tells of, as the run that wrote it knew them. What is not understood, or impossible, is taken for
 * not known: another version, or a person, may have written it. Never throws.
 */
export function readFollowUps({ followUps }: Pick<ReportJson, 'followUps'>): FollowedChange[] {
  const parsed = listOf(change, MOST_CHANGES).safeParse(followUps);
  return parsed.success ? parsed.data.filter(({ containers }) => containers.length > 0) : [];
}

/** The items that can be read. */
function listOf<Item>(schema: z.ZodType<Item>, most: number) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.slice(0, most).flatMap((item) => {
        const parsed = schema.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      }),
    );
}

const optional = <Kind extends z.ZodType>(kind: Kind) => kind.optional().catch(undefined);

const size = z
  .number()
  .refine((value) => isSize(value))
  .transform((value) => bytes(value));
const time = z.number().refine((value) => isTime(value));
const events = z.number().refine((value) => isCount(value));
const pullRequest = z.int().positive();
const name = z.string().min(1).max(300);
const text = z.string().max(4000);

const uses = {
  used: optional(size),
  peak: optional(size),
  limit: optional(size),
  restarts: optional(events),
  oomKills: optional(events),
  days: optional(z.number().min(0).max(MOST_DAYS)),
};

const message = optional(text);
const obstacle = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('not synced'), by: z.enum(['Argo CD', 'Flux']), object: text, status: text, message }),
  z.object({ kind: z.literal('not applied') }),
  z.object({ kind: z.literal('stuck'), pod: optional(name), reason: text, message }),
  z.object({ kind: z.literal('on delete'), pods: events }),
  z.object({ kind: z.literal('refused'), message: text }),
  z.object({ kind: z.literal('unschedulable'), pod: name, message: text }),
  z.object({ kind: z.literal('resize'), state: text, pods: events, message }),
  z.object({ kind: z.literal('steered'), by: text }),
  z.object({ kind: z.literal('under way'), done: events, pods: events }),
]);

const rollout: z.ZodType<Rollout> = z.discriminatedUnion('state', [
  z.object({ state: z.literal('rolled out'), at: time }),
  z.object({ state: z.literal('waiting'), obstacle }),
  z.object({ state: z.enum(['replaced', 'gone', 'idle', 'not seen']) }),
]);

const verdict: z.ZodType<Verdict> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('confirmed'), backtestHeld: optional(z.boolean()) }),
  z.object({
    kind: z.literal('not confirmed'),
    why: z.enum(['still over the red line', 'not measured', 'killed since']),
  }),
  z.object({
    kind: z.literal('worse'),
    why: z.enum(['killed after lowering', 'still killed after raising']),
    killedAt: optional(time),
  }),
  z.object({ kind: z.literal('reverted'), by: optional(pullRequest) }),
  z.object({ kind: z.enum(['replaced', 'gone']) }),
]);

const container: z.ZodType<FollowedContainer> = z
  .object({
    namespace: name,
    group: z.string().max(300).catch(''),
    kind: name,
    name,
    container: name,
    direction: z.enum(['raise', 'lower']),
    values: listOf(z.object({ field: z.enum(['limit', 'request']), from: optional(size), to: size }), MOST_VALUES),
    before: optional(z.object(uses)),
    rollout: rollout.catch({ state: 'not seen' }),
    after: optional(z.object(uses)),
    looks: listOf(z.object({ after: time, at: time, ...uses }), MOST_LOOKS),
    verdict: verdict.catch({ kind: 'open' }),
  })
  .transform(({ namespace, group, kind, name, ...rest }) => ({ ...rest, workload: { namespace, group, kind, name } }));

const change: z.ZodType<FollowedChange> = z.object({
  number: optional(pullRequest),
  url: optional(
    z
      .string()
      .max(2000)
      .regex(/^https?:\/\/\S+$/),
  ),
  how: z.enum(['merged', 'by hand']),
  at: time,
  reverts: optional(pullRequest),
  settled: z.boolean().catch(false),
  containers: listOf(container, MOST_CONTAINERS),
});

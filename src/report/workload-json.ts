import { z } from 'zod';
import type { ByCheck } from '../model/finding.ts';

export const level = z
  .enum(['green', 'yellow', 'red', 'unknown'])
  .describe('How bad it is; severity: red, yellow, unknown, green');
export const size = z.number().int().nonnegative();
export const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const check = z.looseObject({
  level,
  applies: z.boolean().optional().describe('False if the check does not apply; it then affects no level'),
  text: z.string().optional().describe('What was found, as the report shows it; absent if green, except for the heap'),
});

const change = z.looseObject({
  from: size.optional().describe('Bytes; absent if there is none or it is unknown'),
  to: size.optional().describe('Bytes; absent if there is none or it is unknown'),
});
const sizedPods = { limit: change.optional(), request: change.optional(), pods: z.number().int() };

export const use = z.looseObject({
  peak: size.optional().describe('The highest peak of all pods, in bytes; absent if it is the one beside the limit'),
  days: z.number().int().optional().describe('How many days it looks back on; absent if it is that of the window'),
  cacheShare: z.number().min(0).max(1).optional().describe('The share of it that was page cache'),
  average: size.optional().describe('The highest half-hour average in bytes; absent if it is about what is used'),
  killedAt: z
    .union([size, z.literal('unknown')])
    .optional()
    .describe('The highest limit at which it was OOM-killed in the sizing window'),
  flatDays: z.number().int().optional().describe('Days for which it has been flat; absent if its usage is green'),
  waits: z.boolean().optional().describe('True if it waits for memory'),
  heap: z
    .looseObject({ live: size.optional(), maximum: size.optional(), nonHeap: size.optional() })
    .optional()
    .describe('Of its JVM, in bytes'),
});

/** Where the memory of a JVM is. */
export const heapSplit = z
  .looseObject({
    used: size.optional().describe('All of it; absent if the parts do not add up'),
    heapMaximum: size.optional(),
    liveHeap: size.optional(),
    otherHeap: size.optional().describe('The rest of the heap in use'),
    nonHeap: size.optional(),
    directBuffers: size.optional(),
    pageCache: size.optional(),
    threads: z
      .looseObject({ count: z.number().int(), size: size.describe('Of one stack'), most: size })
      .optional()
      .describe('Stacks, an estimate'),
    emptyHeap: size.optional().describe('At most: what the JVM holds for its heap and does not use'),
    rest: size.optional().describe('What is left of what is used; at least, beside estimates'),
    grows: z.string().optional().describe('The part that grew most over the window'),
    raiseGoesTo: z.enum(['heap', 'beside']).optional().describe('What a larger limit makes room for'),
    betterFlag: z
      .looseObject({
        from: z.string(),
        to: z.string(),
        where: z.string().describe('args, command or env and the name of a variable'),
        direction: z.enum(['raise', 'lower']),
        limit: z.enum(['stays', 'as suggested']).describe('What becomes of the limit beside it'),
      })
      .optional()
      .describe('Another heap flag, where that is better than another limit or needed beside it'),
  })
  .describe('Of a JVM with heap metrics: where its memory is, in bytes, in the pod that uses most');

export const container = z.looseObject({
  name: z.string(),
  level,
  checks: z.looseObject({ usage: check, trend: check, sizing: check, heap: check } satisfies ByCheck<typeof check>),
  pod: z
    .string()
    .optional()
    .describe('The pod that used the largest share of its limit; absent if every check that applies is green'),
  used: size.optional().describe('Working set of that pod, in bytes, to four significant digits'),
  peak: size.optional().describe('Its peak in the window, in bytes, to four significant digits'),
  limit: size.optional().describe('Its limit in bytes; absent if there is none or it is unknown'),
  request: size.optional().describe('Its request in bytes; absent if there is none or it is unknown'),
  percent: z.number().optional().describe('Usage as a percentage of the limit; absent if usage is green'),
  growth: z.number().optional().describe('Growth over the window in percent, of the pod with the worst trend'),
  pattern: z.string().optional().describe('The shape of the worst trend; absent if it is green'),
  bytesPerHour: z.number().optional().describe('The pace of the worst trend; absent if it is green'),
  use: use
    .optional()
    .describe('What a change of its sizes is held against, beside the rest; absent if it says nothing more'),
  restarts: z.number().int().optional().describe('Restarts in the window, over all pods; absent if there are none'),
  oomKills: z.number().int().optional().describe('OOM kills in the window, over all pods; absent if there are none'),
  oomKilledAt: z.string().optional().describe('When the last of them happened (RFC 3339), if known'),
  suggestion: z
    .looseObject({
      request: size.optional().describe('Bytes'),
      limit: size.optional().describe('Bytes'),
      delivery: z.enum(['change', 'report']),
      confidence: z.enum(['high', 'medium', 'low']),
      backtest: z
        .looseObject({
          days: z.number().int().describe('Days of the sizing window that were tried'),
          passed: z.number().int().describe('Those on which the new limit would have been passed'),
          headroom: z.number().describe('Percent by which it is above the highest peak of them'),
        })
        .optional(),
      effect: z
        .looseObject({
          pods: z.number().int(),
          limits: z.number().optional().describe('Bytes over all pods, negative for what is freed'),
          requests: z.number().optional().describe('Bytes over all pods, negative for what is freed'),
        })
        .optional(),
      costPerMonth: z
        .number()
        .optional()
        .describe(
          'What it adds to the cost of requested memory in a month, negative for what it frees, in the currency of the report; absent without price-per-gib-month and where it is not known',
        ),
      heap: heapSplit.optional(),
    })
    .optional(),
  drifts: z
    .array(
      z.looseObject({
        how: z.enum(['in place', 'when made']),
        by: z.string().optional().describe('Who set the sizes, if known'),
        ...sizedPods,
      }),
    )
    .optional()
    .describe('How pods are sized other than their template says, from what it says to what is in force'),
  resizes: z
    .array(
      z.looseObject({
        state: z.enum(['deferred', 'infeasible', 'pending', 'in progress', 'failed']),
        message: z.string().optional().describe("The kubelet's"),
        ...sizedPods,
      }),
    )
    .optional()
    .describe('Resizes that are not made, from what is in force to what is asked for'),
  withheld: z.string().optional().describe('Why nothing is suggested even though something should change'),
  heap: heapSplit.optional().describe('Where a limit that is too low is not changed: where the memory of its JVM is'),
  ignored: z.looseObject({ reason: z.string(), until: date.optional() }).optional(),
});

export const workload = z.looseObject({
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
  level,
  pods: z.number().int().nonnegative().describe('Pods that were inspected'),
  group: z.string().optional().describe('The API group; absent for the core group'),
  memoryHpa: z.boolean().optional().describe('True if an HPA scales it by its memory'),
  steeredBy: z.string().optional().describe('What sets the sizes of its pods, such as VPA'),
  containers: z.array(container),
});

export const jvmMetrics = z.looseObject({
  namespace: z.string(),
  group: z.string().optional().describe('The API group; absent for the core group'),
  kind: z.string(),
  name: z.string(),
  container: z.string(),
  state: z.string().describe('covered, young, broken, another way, unknown'),
  recognised: z.string().describe('What shows that it is a JVM'),
  link: z.string().optional().describe('The first link on the way that is broken'),
  text: z.string().optional().describe('Why they do not arrive, as the report shows it'),
  fix: z.string().optional().describe('How to mend it, if that is certain: add monitor, change monitor'),
});

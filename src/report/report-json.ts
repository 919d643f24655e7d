import { z } from 'zod';
import type { ByCheck } from '../model/finding.ts';
import { DeepJson, parseJson } from '../text/json-scan.ts';
import { followUpJson } from './follow-up-json.ts';

/** Names the published JSON Schema and its version; a report with another one is foreign. */
export const REPORT_SCHEMA = 'urn:kubernetes-memory-inspector:report:2';

/** Names the schema of a file that holds workloads of a report which is too large for one file. */
export const REPORT_PART_SCHEMA = 'urn:kubernetes-memory-inspector:report-part:2';

/** What earlier versions wrote; it has every field that a report needs, and more of them for what is green. */
const FIRST_SCHEMA = 'urn:kubernetes-memory-inspector:report:1';

const level = z
  .enum(['green', 'yellow', 'red', 'unknown'])
  .describe('How bad it is; severity: red, yellow, unknown, green');
const size = z.number().int().nonnegative();
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

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

const use = z.looseObject({
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
const heapSplit = z
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

const container = z.looseObject({
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

const workload = z.looseObject({
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

const jvmMetrics = z.looseObject({
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

const pullRequest = z.looseObject({
  state: z.string(),
  title: z.string(),
  branch: z.string(),
  number: z.number().int().optional(),
  url: z.string().optional(),
  suggestions: z.array(z.string()).describe('namespace/kind/name/container'),
  why: z.string().optional(),
});

const totals = z
  .looseObject({
    total: z.number().int(),
    healthy: z.number().int(),
    attention: z.number().int(),
    atRisk: z.number().int(),
    unknown: z.number().int(),
  })
  .describe('Counts pods');

/** What they may take in all is less. */
const MOST_PARTS = 100;

/** A file in a folder beside the report, and in no other. */
const PART = /^(?!\.\.?\/)[^/\\]{1,250}\/[a-z0-9-]{1,100}\.json$/;

/** A report as JSON: the file beside each Markdown report. */
export const reportJson = z
  .looseObject({
    $schema: z.literal(REPORT_SCHEMA),
    cluster: z.string().optional(),
    date,
    at: z.string().describe('The evaluation time (RFC 3339)'),
    timeZone: z.string(),
    outcome: z.enum(['ok', 'findings', 'incomplete', 'error']),
    verdict: level,
    totals,
    namespaces: z.array(z.string()),
    access: z.looseObject({
      way: z.enum(['direct', 'service-proxy', 'exec']),
      url: z.string(),
      through: z.string().optional(),
    }),
    queries: z.number().int(),
    thresholds: z.looseObject({}),
    windows: z
      .looseObject({ window: z.number(), slowWindow: z.number(), sizingWindow: z.number() })
      .optional()
      .describe('Seconds'),
    notes: z.array(
      z.looseObject({
        kind: z.enum(['info', 'incomplete']),
        text: z.string(),
        namespaces: z.array(z.string()).optional(),
      }),
    ),
    pullRequests: z.array(pullRequest),
    followUps: z
      .array(followUpJson)
      .optional()
      .describe('The merged changes, and what they did; absent if none are followed'),
    jvmMetrics: z
      .array(jvmMetrics)
      .optional()
      .describe('Whether the metrics of each JVM arrive in Prometheus; absent if no JVM was looked at'),
    workloads: z.array(workload).describe('Empty if they are in parts'),
    parts: z
      .array(z.string().regex(PART))
      .min(1)
      .max(MOST_PARTS)
      .optional()
      .describe('The files that hold the workloads if they are too many for this one, relative to it'),
  })
  .meta({
    title: 'Memory report',
    description: 'What one run found: a level per workload, container and check, with the numbers behind it.',
  });

/** Some of the workloads of a report that is too large for one file. */
const reportPart = z
  .looseObject({ $schema: z.literal(REPORT_PART_SCHEMA), date, workloads: z.array(workload) })
  .meta({ title: 'Part of a memory report', description: 'Workloads of the report that names this file.' });

/** `readFollowUps` understands what it can of the changes that are followed: what is wrong with them spoils no report. */
const readableReport = reportJson.extend({
  followUps: z.array(z.unknown()).optional().catch(undefined),
  jvmMetrics: z.array(jvmMetrics).optional().catch(undefined),
});
const earlierReport = readableReport.extend({ $schema: z.enum([REPORT_SCHEMA, FIRST_SCHEMA]) });

export type ReportJson = z.infer<typeof readableReport>;
export type ReportJsonWorkload = z.infer<typeof workload>;
export type ReportJsonContainer = z.infer<typeof container>;
export type ReportJsonHeap = z.infer<typeof heapSplit>;
export type ReportJsonUse = z.infer<typeof use>;

type Parsed<Name extends string, Value> =
  | ({ readonly ok: true } & { readonly [name in Name]: Value })
  | { readonly ok: false; readonly why: string };

/** A report of this or an earlier version, without what its parts hold, or why the text is not one. Never throws. */
export function parseReportJson(text: string): Parsed<'report', ReportJson> {
  const parsed = parseAs(earlierReport, [REPORT_SCHEMA, FIRST_SCHEMA], text);
  return parsed.ok ? { ok: true, report: { ...parsed.value, $schema: REPORT_SCHEMA } } : parsed;
}

/** The workloads of a part, or why the text is not one. Never throws. */
export function parseReportPart(text: string): Parsed<'workloads', ReportJson['workloads']> {
  const parsed = parseAs(reportPart, [REPORT_PART_SCHEMA], text);
  return parsed.ok ? { ok: true, workloads: parsed.value.workloads } : parsed;
}

function parseAs<Schema extends z.ZodType>(
  schema: Schema,
  versions: readonly unknown[],
  text: string,
): Parsed<'value', z.infer<Schema>> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (thrown) {
    return { ok: false, why: thrown instanceof DeepJson ? `it is ${thrown.message}` : 'it is not JSON' };
  }
  if (typeof value !== 'object' || value === null || !('$schema' in value) || !versions.includes(value.$schema)) {
    return { ok: false, why: 'it is not a report of this version' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  return { ok: false, why: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not as the schema says'}` };
}

/** The JSON Schemas that are published for the reports, as texts by file name. */
export function publishedReportSchemas(): Readonly<Record<string, string>> {
  const write = (schema: z.ZodType, id: string) =>
    `${JSON.stringify({ ...z.toJSONSchema(schema, { target: 'draft-2020-12' }), $id: id }, null, 2)}\n`;
  return {
    'report.schema.json': write(reportJson, REPORT_SCHEMA),
    'report-part.schema.json': write(reportPart, REPORT_PART_SCHEMA),
  };
}

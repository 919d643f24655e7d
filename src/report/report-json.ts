import { z } from 'zod';
import { DeepJson, parseJson } from '../text/json-scan.ts';
import { followUpJson } from './follow-up-json.ts';
import { type container, date, type heapSplit, jvmMetrics, level, type use, workload } from './workload-json.ts';

/** Names the published JSON Schema and its version; a report with another one is foreign. */
export const REPORT_SCHEMA = 'urn:kubernetes-memory-inspector:report:2';

/** Names the schema of a file that holds workloads of a report which is too large for one file. */
export const REPORT_PART_SCHEMA = 'urn:kubernetes-memory-inspector:report-part:2';

/** What earlier versions wrote; it has every field that a report needs, and more of them for what is green. */
export const FIRST_SCHEMA = 'urn:kubernetes-memory-inspector:report:1';

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

const notCounted = z
  .number()
  .int()
  .optional()
  .describe('How many of them are not known, and not counted; absent if none');

const cost = z
  .looseObject({
    perGibMonth: z.number().describe('The price of a GiB of requested memory for a month'),
    currency: z.string().optional(),
    added: z.number().describe('What the suggestions that add would cost in a month, together'),
    freed: z
      .number()
      .describe('What the suggestions that free would save in a month, together; not taken from the other'),
    notCounted,
    requested: z
      .looseObject({ bytes: z.number(), pods: z.number().int(), perMonth: z.number(), notCounted })
      .describe('What all pods that were inspected ask for today'),
  })
  .describe('What requested memory costs');

/** What they may take in all is less. */
export const MOST_PARTS = 100;

/** A file in a folder beside the report, and in no other. */
export const PART_PATH = /^(?!\.\.?\/)[^/\\]{1,250}\/[a-z0-9-]{1,100}\.json$/;

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
    cost: cost.optional().describe('Absent without price-per-gib-month'),
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
      .array(z.string().regex(PART_PATH))
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

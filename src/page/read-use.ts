import { z } from 'zod';
import { workloadKey } from '../model/workload.ts';
import { FIRST_SCHEMA, MOST_PARTS, PART_PATH, REPORT_PART_SCHEMA, REPORT_SCHEMA } from '../report/report-json.ts';
import { type ReportStore, readStoredText, visitParts } from '../report/stored-reports.ts';
import { eachElement, eachMember, endOfValue, parseJson, skipSpace } from '../text/json-scan.ts';

/** What the containers of an earlier report used, by `namespace/kind/name/container`: bytes. */
export interface EarlierUse {
  readonly date: string;
  readonly used: ReadonlyMap<string, number>;
}

const workload = z.object({
  namespace: z.string(),
  group: z.string().optional(),
  kind: z.string(),
  name: z.string(),
  containers: z.array(z.object({ name: z.string(), used: z.number().optional() })),
});
const head = z.object({
  $schema: z.enum([REPORT_SCHEMA, FIRST_SCHEMA, REPORT_PART_SCHEMA]),
  date: z.string(),
  parts: z.array(z.string().regex(PART_PATH)).max(MOST_PARTS).optional(),
});

/**
 * The use in a report and its parts, of which only one workload at a time is there as objects: hundreds of them take several
 * times as much as their text. `undefined` where something of it is missing; throws for what is no report.
 */
export async function readUseOf(store: ReportStore, folder: string, name: string): Promise<EarlierUse | undefined> {
  const used = new Map<string, number>();
  const { text } = await readStoredText(store, `${folder}/${name}`);
  if (text === undefined) return undefined;
  const { date, parts = [] } = collectUse(text, used);
  const missing = await visitParts(store, folder, parts, (more) => {
    collectUse(more, used);
    return undefined;
  });
  return missing === undefined ? { date, used } : undefined;
}

function collectUse(text: string, used: Map<string, number>): z.infer<typeof head> {
  const fields: Record<string, unknown> = {};
  eachMember(text, skipSpace(text, 0), (key, start) => {
    if (key === 'workloads' && text[start] === '[')
      return eachElement(text, start, (at) => addWorkload(text, at, used));
    const end = endOfValue(text, start);
    if (key === '$schema' || key === 'date' || key === 'parts') fields[key] = parseJson(text.slice(start, end));
    return end;
  });
  return head.parse(fields);
}

function addWorkload(text: string, start: number, into: Map<string, number>): number {
  const end = endOfValue(text, start);
  const { containers, ...ref } = workload.parse(parseJson(text.slice(start, end)));
  const key = workloadKey({ group: '', ...ref });
  for (const { name, used } of containers) {
    if (used !== undefined && Number.isSafeInteger(used)) into.set(`${key}/${name}`, used);
  }
  return end;
}

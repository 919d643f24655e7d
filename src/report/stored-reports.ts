import { basename } from 'node:path';
import { formatMegabytes, MIB } from '../bytes.ts';
import { FileTooLarge } from '../errors.ts';
import { byteLength } from '../text/format.ts';
import { parseReportJson, parseReportPart, type ReportJson } from './report-json.ts';

/** Where earlier reports are read from: the workspace, or a branch at one commit. */
export interface ReportStore {
  list(folder: string): Promise<readonly string[]>;
  /** Throws `FileTooLarge` for a file of more than `mostBytes`. */
  read(path: string, mostBytes: number): Promise<string | undefined>;
  /** The first so many bytes of a file, or all that there are, where that is cheaper than to read it. */
  readStart?(path: string, bytes: number): Promise<string | undefined>;
}

/** Ten times what the report of 10,000 pods takes; anybody may have put more there. */
const LARGEST_EARLIER = 25 * MIB;

/** The text of a file of the reports' folder, or why it is passed over; neither where there is none. */
export async function readStoredText(
  store: ReportStore,
  path: string,
  mostBytes = LARGEST_EARLIER,
): Promise<{ readonly text?: string; readonly ignored?: string }> {
  try {
    const text = await store.read(path, mostBytes);
    return text === undefined ? {} : { text };
  } catch (thrown) {
    if (!(thrown instanceof FileTooLarge)) throw thrown;
    return { ignored: `${basename(path)}: it is larger than ${formatMegabytes(LARGEST_EARLIER)}` };
  }
}

/** A report with the workloads of its parts, or why it is passed over; neither where there is none. */
export async function readStoredReport(
  store: ReportStore,
  folder: string,
  name: string,
): Promise<{ readonly report?: ReportJson; readonly ignored?: string }> {
  const { text, ignored } = await readStoredText(store, `${folder}/${name}`);
  if (text === undefined) return ignored === undefined ? {} : { ignored };
  const parsed = parseReportJson(text);
  return parsed.ok ? addParts(store, folder, parsed.report) : { ignored: `${name}: ${parsed.why}` };
}

/** The report with the workloads of its parts; without one of them, what it holds would pass for new. */
async function addParts(store: ReportStore, folder: string, report: ReportJson) {
  const workloads = [...report.workloads];
  const ignored = await visitParts(store, folder, report.parts ?? [], (text) => {
    const parsed = parseReportPart(text);
    if (!parsed.ok) return parsed.why;
    for (const workload of parsed.workloads) workloads.push(workload);
    return undefined;
  });
  return ignored === undefined ? { report: { ...report, workloads } } : { ignored };
}

/**
 * Hands over the text of each part of a report, all of them within the bounds of one; gives why one is passed over, at which
 * it ends. `visit` says why a text is no part.
 */
export async function visitParts(
  store: ReportStore,
  folder: string,
  parts: readonly string[],
  visit: (text: string) => string | undefined,
): Promise<string | undefined> {
  let left = LARGEST_EARLIER;
  for (const part of parts) {
    const { text, ignored } = await readStoredText(store, `${folder}/${part}`, left);
    if (text === undefined) return ignored ?? `${part}: it is missing`;
    const why = visit(text);
    if (why !== undefined) return `${part}: ${why}`;
    left -= byteLength(text);
  }
  return undefined;
}

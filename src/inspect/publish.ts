import { showSummary } from '../actions.ts';
import type { Report } from '../report/input.ts';
import type { ReportStore } from '../report/stored-reports.ts';
import type { Workspace } from '../repository/workspace.ts';
import { escapeMarkdown, fenceMarks } from '../text/markdown.ts';
import type { Delivered } from './build-run-report.ts';
import type { InspectionContext } from './context.ts';

/** GitHub shows none of a larger one. */
const LARGEST_SUMMARY = 1024 * 1024;

/** The reports that the checked-out branch holds, read anew each time: for those of earlier dates, which no run writes over. */
export function checkedOutReports(workspace: Workspace): ReportStore {
  return {
    list: async (folder) => workspace.list(folder),
    read: (path, mostBytes) => readText(workspace, path, mostBytes),
    readStart: async (path, bytes) => workspace.readStart(path, bytes),
  };
}

/** The same, each as it is when first asked for: the run writes over them. */
export function workspaceReports(workspace: Workspace): ReportStore {
  const texts = new Map<string, Promise<string | undefined>>();
  return {
    list: async (folder) => workspace.list(folder),
    read(path, mostBytes) {
      const text = texts.get(path) ?? readText(workspace, path, mostBytes);
      texts.set(path, text);
      return text;
    },
  };
}

async function readText(workspace: Workspace, path: string, mostBytes: number): Promise<string | undefined> {
  return workspace.read(path, mostBytes);
}

/** Shows the report in the job summary and as annotations; gives the sentences that say what of it failed. */
export async function publish(
  { runner }: InspectionContext,
  report: Report,
  delivered: Delivered,
): Promise<readonly string[]> {
  for (const annotation of report.annotations) runner.annotate(annotation);
  const diffs = dryRunDiffs(delivered, LARGEST_SUMMARY - Buffer.byteLength(report.summary));
  const failure = await showSummary(runner, `${report.summary}${diffs}`);
  return failure === undefined ? [] : [failure];
}

/**
 * Each change of a dry run as a `diff` block that `git apply` takes, fenced by more backticks than it holds in a row; as
 * many as have room in so many bytes.
 */
export function dryRunDiffs({ pullRequests }: Pick<Delivered, 'pullRequests'>, room: number): string {
  const blocks = pullRequests.flatMap(({ diff, title }) => (diff === undefined ? [] : [diffBlock(title, diff)]));
  if (blocks.length === 0) return '';
  const head = '\n## What a run without `dry-run` would change\n';
  const left = (count: number) => `\nNot shown for lack of room: ${count} more. Inspect fewer namespaces at a time.\n`;
  let used = Buffer.byteLength(head + left(blocks.length));
  const shown = blocks.filter((block) => {
    const size = Buffer.byteLength(block) + 1;
    if (used + size > room) return false;
    used += size;
    return true;
  });
  const missing = blocks.length - shown.length;
  const rest = missing === 0 ? '' : left(missing);
  const whole = `${head}${shown.map((block) => `\n${block}`).join('')}${rest}`;
  return Buffer.byteLength(whole) <= room ? whole : '';
}

function diffBlock(title: string, diff: string): string {
  const fence = fenceMarks(diff);
  return `${escapeMarkdown(title)}\n\n${fence}diff\n${diff}${fence}\n`;
}

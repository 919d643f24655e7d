import { escapeMarkdown } from '../report/escape.ts';
import type { Report } from '../report/input.ts';
import type { Delivered, ReportStore } from './build-run-report.ts';
import type { RunContext } from './context.ts';
import { filesOf } from './report-files.ts';

/** The reports that the checked-out branch holds. */
export function workspaceReports(context: RunContext): ReportStore {
  const { workspace } = context;
  return {
    list: async (folder) => workspace.list(folder),
    read: async (path) => workspace.read(path),
  };
}

/** Writes the report into the workspace and shows it in the job summary and as annotations. */
export async function publish(context: RunContext, report: Report, delivered: Delivered): Promise<void> {
  const { runner } = context;
  writeReport(context, report);
  for (const annotation of report.annotations) runner.annotate(annotation);
  await runner.writeSummary(`${report.summary}${dryRunDiffs(delivered)}`);
  runner.log.step(`Report: ${report.pages[0]?.path}`);
}

/** Writes the report's files into the workspace, each whole. */
export function writeReport(context: RunContext, report: Report): void {
  for (const { path, text } of filesOf(report)) context.workspace.write(path, text);
}

/** Each change of a dry run as a `diff` block that `git apply` takes, fenced by more backticks than it holds in a row. */
function dryRunDiffs({ pullRequests }: Delivered): string {
  const blocks = pullRequests.flatMap(({ diff, title }) => (diff === undefined ? [] : [diffBlock(title, diff)]));
  return blocks.length === 0 ? '' : `\n## What a run without \`dry-run\` would change\n\n${blocks.join('\n')}`;
}

function diffBlock(title: string, diff: string): string {
  const longest = Math.max(2, ...Array.from(diff.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${escapeMarkdown(title)}\n\n${fence}diff\n${diff}${fence}\n`;
}

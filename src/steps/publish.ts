import type { Report } from '../report/input.ts';
import type { ReportStore } from './build-run-report.ts';
import type { RunContext } from './context.ts';

/** The reports that the checked-out branch holds. */
export function workspaceReports(context: RunContext): ReportStore {
  const { workspace } = context;
  return {
    list: async (folder) => workspace.list(folder),
    read: async (path) => workspace.read(path),
  };
}

/** Every file of a report: its pages, the JSON beside them and the index. */
export function filesOf(report: Report): readonly { readonly path: string; readonly text: string }[] {
  return [...report.pages, report.json, report.index];
}

/** Writes the report into the workspace and shows it in the job summary and as annotations. */
export async function publish(context: RunContext, report: Report): Promise<void> {
  const { runner } = context;
  writeReport(context, report);
  for (const annotation of report.annotations) runner.annotate(annotation);
  await runner.writeSummary(report.summary);
  runner.log.step(`Report: ${report.pages[0]?.path}`);
}

/** Writes the report's files into the workspace, each whole. */
export function writeReport(context: RunContext, report: Report): void {
  for (const { path, text } of filesOf(report)) context.workspace.write(path, text);
}

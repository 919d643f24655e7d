import { join } from 'node:path';
import { explainThrown } from '../actions.ts';
import type { RunEnvironment } from '../environment.ts';
import { type InspectionResult, inspect } from '../inspect/inspect.ts';
import { PAGE_NAME, type ReportPlace } from '../inspect/report-places.ts';
import { readOptions } from '../options/read-options.ts';
import type { OptionName } from '../options/schema.ts';
import { secretsOf } from '../secrets.ts';
import { secretVariables } from './flags.ts';
import { openTyped, placeInOutput, shorten } from './folders.ts';
import { drawOverview } from './overview.ts';
import type { Progress } from './progress.ts';
import type { OwnFlags } from './read-words.ts';
import { type Colours, columnsOf, type Screen } from './screen.ts';
import { createTerminalRunner } from './terminal-runner.ts';

/** How a command ends: what is documented as its exit code. */
export const EXIT = { ok: 0, error: 1, findings: 2, incomplete: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What an inspection from a terminal is given. */
export interface TerminalRun {
  readonly values: ReadonlyMap<OptionName, string>;
  readonly own: OwnFlags;
  readonly environment: RunEnvironment;
  readonly screen: Screen;
  readonly progress: Progress;
  readonly colours: { readonly out: Colours; readonly err: Colours };
  /** Called right before the result is written. */
  beforeResult?(): void;
}

/** One inspection: writes its files and shows what it found. Never throws. */
export async function inspectOnce(run: TerminalRun): Promise<ExitCode> {
  const { own, screen, progress, colours } = run;
  const runner = createTerminalRunner(progress, { colours: colours.err, verbose: own.verbose });
  try {
    const typed = openTyped(screen.folder, withVariables(run));
    for (const [name, path] of typed.names) runner.rename(name, path);
    const byName = new Map<string, string>(typed.values);
    const input = (name: string) => byName.get(name) ?? '';
    const options = readOptions(input, typed.workspace.read);
    for (const secret of secretsOf(options)) runner.mask(secret);
    const place = placeInOutput(screen.folder, own.output);
    const inspected = await inspect({
      runner,
      environment: withoutGithub(run.environment),
      options,
      workspace: typed.workspace,
      places: [place],
    });
    progress.end();
    run.beforeResult?.();
    showResult(inspected, place, run);
    for (const failure of inspected.end.delivered.failures) sayFailure(runner.line(failure), run);
    return exitCodeOf(inspected);
  } catch (thrown) {
    progress.end();
    sayFailure(runner.line(explainThrown(thrown, runner.log)), run);
    return EXIT.error;
  }
}

function sayFailure(line: string, { screen, colours }: TerminalRun): void {
  screen.err.write(`${colours.err.red('✗')} ${line}\n`);
}

/** What was typed, what stands in variables, and what is set because nothing goes to GitHub. */
function withVariables({ values, own, environment }: TerminalRun): Map<OptionName, string> {
  const secrets = secretVariables.flatMap(({ option, variable }): (readonly [OptionName, string])[] => {
    const value = environment.inherited[variable];
    return value === undefined || value === '' ? [] : [[option, value]];
  });
  // One diff, of all that there is to change, which can be applied as a whole.
  const forDiff: readonly (readonly [OptionName, string])[] = own.diff
    ? [
        ['dry-run', 'true'],
        ['open-pull-requests', 'true'],
        ['pull-request-grouping', 'all'],
        ['pull-request-limit', '100'],
      ]
    : [];
  return new Map([...values, ...secrets, ...forDiff]);
}

/** The same process, but on no runner of GitHub. */
function withoutGithub(environment: RunEnvironment): RunEnvironment {
  const { apiUrl } = environment.github;
  return { ...environment, github: { apiUrl }, summaryFile: undefined, temporaryFolder: undefined };
}

function exitCodeOf({ context: { outcome, options } }: InspectionResult): ExitCode {
  return outcome === 'incomplete' && options.allowIncomplete ? EXIT.ok : EXIT[outcome];
}

function showResult(inspected: InspectionResult, place: ReportPlace, run: TerminalRun): void {
  const { screen, own, colours } = run;
  const { report, delivered } = inspected.end;
  const isRead = !own.json && !own.diff;
  // What may be piped stands alone; the rest is then shown beside it.
  const stream = isRead ? screen.out : screen.err;
  const paint = isRead ? colours.out : colours.err;
  if (!own.json)
    stream.write(`\n${drawOverview(report.context, { colours: paint, columns: columnsOf(stream), all: own.all })}`);
  const folder = place.folder ?? '';
  const files = [
    ['Report', `${nameOf(report.pages[0]?.path)}`],
    ['JSON', nameOf(report.json.path)],
    ['Page', PAGE_NAME],
  ] as const;
  const lines = files.map(([what, name]) => `${what.padEnd(8)}${shorten(screen.folder, join(folder, name))}`);
  const code = exitCodeOf(inspected);
  stream.write(`\n${lines.join('\n')}\n${paint.dim(`Exit code ${code}: ${sayWhy(inspected)}.`)}\n`);
  if (own.json) screen.out.write(writeWhole(inspected));
  if (own.diff) screen.out.write(delivered.pullRequests.map(({ diff }) => diff ?? '').join(''));
}

/** The reason for the exit code. */
function sayWhy({ context: { outcome, options } }: InspectionResult): string {
  switch (outcome) {
    case 'ok':
      return 'nothing is as bad as --fail-on';
    case 'findings':
      return 'something is as bad as --fail-on';
    case 'incomplete':
      return `not everything could be read${options.allowIncomplete ? ', which --allow-incomplete lets pass' : ''}`;
    case 'error':
      return 'not all that was asked for could be done';
  }
}

function nameOf(path = ''): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The JSON of the report, with the workloads of its parts in it. */
function writeWhole({ end: { report } }: InspectionResult): string {
  if (report.jsonParts.length === 0) return report.json.text;
  const { parts: _, ...head } = JSON.parse(report.json.text) as Record<string, unknown>;
  const workloads = report.jsonParts.flatMap(({ text }) => (JSON.parse(text) as { workloads: unknown[] }).workloads);
  return `${JSON.stringify({ ...head, workloads })}\n`;
}

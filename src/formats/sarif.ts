import { createHash } from 'node:crypto';
import { CHECKS, type CheckName } from '../model/finding.ts';
import { isProblem } from '../model/level.ts';
import type { Location } from '../model/location.ts';
import { reportFolder } from '../report/build-report.ts';
import type { ContainerView } from '../report/container-view.ts';
import type { Context } from '../report/context.ts';
import { listProblems } from '../report/explain.ts';
import { byteLength } from '../text/format.ts';
import { encodePath, toSingleLine } from '../text/markdown.ts';
import { describeTool, ruleId } from './sarif-rules.ts';
import { sayProblem, saySuggested } from './say-problem.ts';

/** GitHub refuses more results in a run. */
const MOST_RESULTS = 25_000;
/** GitHub refuses more than 10 MB of gzip, which is never more than this much text makes. */
const MOST_BYTES = 9_000_000;
const LONGEST_MESSAGE = 1000;
const LONGEST_NAME = 300;
const MOST_IGNORED = 1000;

/** One check of one container that is yellow or red. */
interface Problem {
  readonly view: ContainerView;
  readonly check: CheckName;
  readonly level: 'error' | 'warning';
}

/**
 * What is yellow or red as SARIF 2.1.0, the most urgent first, each on the line of its manifest where that is known, else on
 * the only file that was looked at for it or on the index of the reports. Ignored containers are properties of the run, and
 * no results. What exceeds GitHub's limits is left out and counted.
 */
export function writeSarif(context: Context): string {
  const problems = listByUrgency(context.views);
  const results: object[] = [];
  let bytes = 0;
  for (const problem of problems.slice(0, MOST_RESULTS)) {
    const result = describeResult(problem, context);
    bytes += byteLength(JSON.stringify(result)) + 1;
    if (bytes > MOST_BYTES) break;
    results.push(result);
  }
  const run = describeRun(context, results, problems.length - results.length);
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] })}\n`;
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Errors first, because GitHub shows only the first of too many. */
function listByUrgency(views: readonly ContainerView[]): readonly Problem[] {
  const all = views
    .filter(({ ignored }) => ignored === undefined)
    .flatMap((view) => listProblems(view).flatMap((check) => problemOf(view, check)));
  return [...all.filter(({ level }) => level === 'error'), ...all.filter(({ level }) => level === 'warning')];
}

function problemOf(view: ContainerView, check: CheckName): readonly Problem[] {
  const level = view.findings[check]?.level;
  return isProblem(level) ? [{ view, check, level: level === 'red' ? 'error' : 'warning' }] : [];
}

function describeRun({ input, date, views }: Context, results: readonly object[], leftOut: number): object {
  const { inspection, clusterName, outcome } = input;
  const incomplete = inspection.notes.filter(({ kind }) => kind === 'incomplete');
  const leftOutNote = `${leftOut} less urgent results exceed what code scanning accepts and are left out.`;
  const notes = [...incomplete.map(({ text }) => text), ...(leftOut > 0 ? [leftOutNote] : [])].slice(0, 100);
  return {
    tool: { driver: describeTool() },
    // What stands before the last slash is GitHub's category: an upload closes alerts of its own category only.
    automationDetails: { id: ['memory-inspection', ...(clusterName ? [encodePath(clusterName)] : []), ''].join('/') },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    invocations: [
      {
        executionSuccessful: outcome !== 'error',
        endTimeUtc: new Date(inspection.at * 1000).toISOString(),
        toolExecutionNotifications: notes.map((text) => ({ level: 'warning', message: { text: plain(text) } })),
      },
    ],
    results,
    properties: {
      date,
      outcome,
      verdict: inspection.verdict,
      pods: inspection.totals,
      leftOut,
      ignored: listIgnored(views),
    },
  };
}

/** As results with a suppression, they would be open alerts: GitHub does not read suppressions. */
function listIgnored(views: readonly ContainerView[]): readonly object[] {
  return views
    .filter((view) => view.ignored !== undefined && listProblems(view).length > 0)
    .slice(0, MOST_IGNORED)
    .map((view) => ({
      container: toSingleLine(view.key, LONGEST_NAME),
      rules: listProblems(view).map(ruleId),
      reason: toSingleLine(view.ignored?.reason ?? '', LONGEST_NAME),
      until: view.ignored?.until && toSingleLine(view.ignored.until, LONGEST_NAME),
    }));
}

function describeResult({ view, check, level }: Problem, context: Context): object {
  const { ref, container } = view;
  return {
    ruleId: ruleId(check),
    ruleIndex: CHECKS.indexOf(check),
    level,
    message: { text: plain([view.label, sayProblem(view, check, context), saySuggested(view) ?? ''].join(' ')) },
    locations: [
      {
        physicalLocation: placeOf(view, context),
        logicalLocations: [
          {
            name: toSingleLine(container.name, LONGEST_NAME),
            fullyQualifiedName: toSingleLine(view.key, LONGEST_NAME),
            kind: 'container',
          },
        ],
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${fingerprint(view, check, context)}:1` },
    properties: { namespace: toSingleLine(ref.namespace, LONGEST_NAME), kind: toSingleLine(ref.kind, LONGEST_NAME) },
  };
}

/** The same from day to day, whatever the numbers are, so that an alert is closed and opened again as one. */
function fingerprint({ key }: ContainerView, check: CheckName, { input }: Context): string {
  const identity = JSON.stringify([input.clusterName ?? '', key, check]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

/** GitHub refuses a result without a place in a file, so what has none stands on the index of the reports. */
function placeOf(view: ContainerView, { locations, input }: Context): object {
  const location = locations.get(view.key);
  const index = { path: `${reportFolder(input.reportDirectory, input.clusterName)}/README.md`, line: 1 };
  const { path, line } = fileOf(location) ?? index;
  return { artifactLocation: { uri: encodePath(path), uriBaseId: '%SRCROOT%' }, region: { startLine: line } };
}

function fileOf(location: Location | undefined): { readonly path: string; readonly line: number } | undefined {
  if (location === undefined || location.state === 'located') return location;
  const [only, ...others] = location.lookedAt;
  return only === undefined || others.length > 0 ? undefined : { path: only, line: 1 };
}

/** Plain text of which no brackets make a link: in SARIF, `[text](address)` would. */
function plain(text: string): string {
  return toSingleLine(text, LONGEST_MESSAGE).replace(/[[\]\\]/g, '\\$&');
}

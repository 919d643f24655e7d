import { byteLength } from '../text/format.ts';
import { code, escapeMarkdown, linkPath } from '../text/markdown.ts';
import { writeAnnotations } from './annotations.ts';
import { writeDataQuality, writeTopFive } from './closing.ts';
import { type Context, prepareContext } from './context.ts';
import {
  describeCounts,
  groupByNamespace,
  type NamespaceGroup,
  writeNamespace,
  writeNamespaceTables,
} from './details.ts';
import { writeFollowUp } from './follow-up.ts';
import { headline, titleOf, writeHeader } from './header.ts';
import { addToHistory, type IndexEntry, writeIndex } from './index-page.ts';
import type { Page, Report, ReportInput } from './input.ts';
import { writeJvmMetrics } from './jvm-metrics.ts';
import { writeCharts, writeProblemPods } from './problem-pods.ts';
import { writeWhatToDo } from './what-to-do.ts';
import { writeReportJson } from './write-json.ts';

/** GitHub renders Markdown up to 512 KB. */
const PAGE_BYTES = 500_000;
const SUMMARY_BYTES = 1024 * 1024;
const ALL = Number.POSITIVE_INFINITY;

/** Everything that is written about one inspection. The same input gives the same bytes. */
export function buildReport(input: ReportInput): Report {
  const context = prepareContext(input);
  const folder = reportFolder(input.reportDirectory, input.clusterName);
  const name = (input.reportName ?? '{date}').replaceAll('{date}', context.date);
  const path = `${folder}/${name}`;
  const groups = groupByNamespace(context.views, input.inspection.workloads);
  const whole = writeSections(context, { items: ALL, rows: ALL, rest: '', followed: '' }, writeDetails(groups));
  const own = indexEntry(context, `${name}.md`);
  const history = addToHistory(input.history, own);
  const scorecard = input.followUps?.scorecard ?? input.lastScorecard;
  const isThere = ({ page }: IndexEntry) => page === own.page || (input.kept?.has(page) ?? true);
  const { json, parts } = writeReportJson(input, context.date, context.views, path);
  return {
    title: titleOf(context),
    date: context.date,
    pages: byteLength(whole) <= PAGE_BYTES ? [{ path: `${path}.md`, text: whole }] : splitPages(context, groups, path),
    json,
    jsonParts: parts,
    index: {
      path: `${folder}/README.md`,
      text: writeIndex(history, input.clusterName, isThere, scorecard, input.price),
    },
    summary: writeSummary(context, whole, `${path}.md`, input.summaryBytes ?? SUMMARY_BYTES),
    annotations: writeAnnotations(context),
    context,
  };
}

/** Where a cluster's reports are: the directory, and below it a folder for a cluster that has a name. */
export function reportFolder(directory: string, clusterName: string | undefined): string {
  return clusterName === undefined ? directory : `${directory}/${clusterName}`;
}

function indexEntry(context: Context, page: string): IndexEntry {
  const { inspection, outcome } = context.input;
  return { date: context.date, page, outcome, verdict: inspection.verdict, ...inspection.totals };
}

interface Size {
  readonly items: number;
  readonly rows: number;
  /** Where what is left out can be found, as a Markdown clause. */
  readonly rest: string;
  /** The same for what is left out of the changes that are followed, and of the JVMs. */
  readonly followed: string;
}

/** All sections but the details of each pod, in their order. */
function writeSections(context: Context, size: Size, details: readonly string[]): string {
  const sections = [
    writeHeader(context),
    writeWhatToDo(context.views, context, { items: size.items, folded: size.items, rest: size.rest }),
    writeProblemPods(context, size.rows, size.rest),
    writeCharts(context.views),
    writeTopFive(context),
    writeFollowUp(context, size.rows, size.followed),
    writeJvmMetrics(context, size.rows, size.followed),
    ...details,
    writeDataQuality(context),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function writeDetails(groups: readonly NamespaceGroup[]): string[] {
  return groups.length === 0 ? [] : ['## All workloads', ...groups.map(writeNamespace)];
}

/** The main page without the pods' details, and those on pages of their namespace. */
function splitPages(context: Context, groups: readonly NamespaceGroup[], path: string): Page[] {
  const folder = path.slice(path.lastIndexOf('/') + 1);
  const pages = groups.map((group, index) => ({ group, pages: writeNamespacePages(group, context, path, index) }));
  const contents = pages.map(({ group, pages: own }) => {
    const links = own.map((page, index) => {
      const file = page.path.slice(page.path.lastIndexOf('/') + 1);
      return linkPath(index === 0 ? code(group.namespace) : `part ${index + 1}`, `${folder}/${file}`);
    });
    return `- ${links.join(', ')} · ${describeCounts(group)}`;
  });
  const sizes = {
    items: 50,
    rows: 100,
    rest: 'on the namespace pages below',
    followed: 'in the JSON beside this page',
  };
  const main = writeSections(context, sizes, [
    ['## All workloads', '', 'One page per namespace:', '', ...contents].join('\n'),
  ]);
  return [{ path: `${path}.md`, text: main }, ...pages.flatMap(({ pages: own }) => own)];
}

/** What concerns one namespace, on as many pages as its size needs. */
function writeNamespacePages(group: NamespaceGroup, context: Context, path: string, index: number): Page[] {
  const safe = /^[a-z0-9-]{1,63}$/.test(group.namespace) ? group.namespace : `_${index + 1}`;
  const title = `# Memory of ${code(group.namespace)} · ${context.date}`;
  const rest = 'in the tables below';
  const head = [title, describeCounts(group), writeWhatToDo(group.views, context, { items: 200, folded: 100, rest })];
  return writeNamespaceTables(group, PAGE_BYTES - byteLength(head.join('\n\n')) - 100).map((table, part) => {
    const sections = part === 0 ? [...head, '## All workloads', table] : [`${title} · part ${part + 1}`, table];
    return {
      path: `${path}/${safe}${part === 0 ? '' : `.${part + 1}`}.md`,
      text: `${sections.join('\n\n')}\n`,
    };
  });
}

/** The job summary: as much of the report as fits. */
function writeSummary(context: Context, whole: string, path: string, most: number): string {
  const rest = `in ${code(path)}`;
  const where = `The whole report is ${rest}.`;
  const tiers: readonly (() => string)[] = [
    () => whole,
    () => writeSections(context, { items: 500, rows: 500, rest, followed: rest }, [where]),
    () =>
      `${[writeHeader(context), writeWhatToDo(context.views, context, { items: 100, folded: 0, rest }), where].join('\n\n')}\n`,
    () => `${[writeHeader(context), where].join('\n\n')}\n`,
  ];
  for (const write of tiers) {
    const text = write();
    if (byteLength(text) <= most) return text;
  }
  return `# ${escapeMarkdown(titleOf(context))}\n\n**${headline(context)}**\n\n${where}\n`;
}

import type { GateFact, GateFinding, Place } from '../model/gate.ts';
import { isProblem, type Level } from '../model/level.ts';

import { capitalize, count, endSentence, iconOf, joinSome } from '../text/format.ts';
import { code, encodePath, link, toSingleLine } from '../text/markdown.ts';
import { type Phrase, toMarkdown } from '../text/phrase.ts';
import { sayGateFact } from '../words/gate.ts';
import { fieldOf } from './field-of.ts';
import { type GateRow, nameOf, placeOf } from './rows.ts';

/** Places that are named of one row. */
const MOST_PLACES = 3;
const LONGEST_PATH = 200;

export interface FindingsSize {
  /** Of the rows that are told. */
  readonly items: number;
  /** Applications that are named of one row. */
  readonly applications: number;
}

/** For each row of these levels, what is said of it and where to change it. What is only new is told by the table. */
export function writeFindings(
  rows: readonly GateRow[],
  levels: readonly Level[],
  size: FindingsSize,
  repositoryUrl: string | undefined,
): string[] {
  const asked = rows.filter(({ level }) => levels.includes(level));
  return writeRows(asked, findingsOf, size, repositoryUrl);
}

/** A line for each row of which there is something to say. */
function writeRows(
  rows: readonly GateRow[],
  select: (row: GateRow) => readonly GateFinding[],
  { items, applications }: FindingsSize,
  repositoryUrl: string | undefined,
): string[] {
  const told = rows.map((row) => ({ row, findings: select(row) })).filter(({ findings }) => findings.length > 0);
  const shown = told
    .slice(0, items)
    .map(({ row, findings }) => `- ${iconOf(row.level)} ${describe(row, findings, applications, repositoryUrl)}`);
  const left = told.length - shown.length;
  const more = left > 0 ? [`- … and ${count(left, 'more container')}`] : [];
  return shown.length === 0 ? [] : [[...shown, ...more].join('\n')];
}

/** What is nothing to mend and yet worth a sentence. */
const REMARKS: ReadonlySet<GateFact['kind']> = new Set([
  'halved',
  'doubled',
  'memory HPA',
  'sized in place',
  'only postpones',
  'killed at an unknown limit',
]);

/** Of the rows in which nothing is wrong, what is worth knowing all the same. */
export function writeRemarks(
  rows: readonly GateRow[],
  size: FindingsSize,
  repositoryUrl: string | undefined,
): string[] {
  const green = rows.filter(({ level }) => level === 'green');
  const remarksOf = ({ findings }: GateRow) => findings.filter(({ fact }) => REMARKS.has(fact.kind));
  return writeRows(green, remarksOf, size, repositoryUrl);
}

/** What is worth a sentence beside whatever is wrong. */
const TOLD: ReadonlySet<GateFact['kind']> = new Set(['only postpones', 'in the place of']);

function findingsOf({ level: worst, findings }: GateRow): readonly GateFinding[] {
  return findings.filter(
    ({ level, fact }) => fact.kind !== 'new' && (level !== 'green' || (worst !== 'green' && TOLD.has(fact.kind))),
  );
}

function describe(
  row: GateRow,
  findings: readonly GateFinding[],
  applications: number,
  repositoryUrl: string | undefined,
): string {
  const said = findings.map(({ fact }) => sayGateFact(fact, row.scene));
  const sentences = said.map((phrase) => endSentence(toMarkdown(capitalizePhrase(phrase))));
  const isElsewhere = row.applications.some(({ way }) => way !== 'plain');
  const names = row.applications.map(nameOf).map(code);
  const within = isElsewhere ? ` in ${joinSome(names, applications)}` : '';
  const places = placesOf(row).map((place) => linkPlace(place, repositoryUrl));
  const decided = isProblem(row.level) && row.change.kind !== 'removed' ? [`See ${places.join(', ')}.`] : [];
  return [`**${code(row.label)}**${within}:`, ...sentences, ...decided].join(' ');
}

/** The places of what is worst, each once. */
function placesOf(row: GateRow): readonly Place[] {
  const finding = row.findings.find(({ level }) => level === row.level);
  const places = row.changes.map(({ change }) =>
    placeOf(change, finding === undefined ? 'limit' : fieldOf(finding.fact, change)),
  );
  return [...new Map(places.map((place) => [`${place.path}:${place.line}`, place])).values()].slice(0, MOST_PLACES);
}

/** "`k8s/nacos.yaml:14`", as a link where the repository has an address. */
function linkPlace({ path, line }: Place, repositoryUrl: string | undefined): string {
  const label = code(toSingleLine(path, LONGEST_PATH) + (line === undefined ? '' : `:${line}`));
  const target = encodePath(path) + (line === undefined ? '' : `#L${line}`);
  return repositoryUrl === undefined ? label : link(label, `${repositoryUrl}${target}`);
}

/** Upper case for the first letter of a sentence that begins with plain text. */
export function capitalizePhrase([first, ...rest]: Phrase): Phrase {
  if (first === undefined) return [];
  return [typeof first === 'string' ? capitalize(first) : first, ...rest];
}

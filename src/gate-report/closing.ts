import { formatBytes } from '../bytes.ts';
import type { Application } from '../model/declared.ts';
import type { Cost, GateVerdict, WeighedChange } from '../model/gate.ts';
import { worst } from '../model/level.ts';
import type { Price } from '../model/price.ts';
import { addTo } from '../text/add-to.ts';
import { type Calendar, compareText, count, iconOf } from '../text/format.ts';
import { code, escapeMarkdown, toSingleLine } from '../text/markdown.ts';
import { toMarkdown } from '../text/phrase.ts';
import { sayCostSum } from '../words/cost.ts';
import { sayEvidenceSource } from '../words/evidence-source.ts';
import { sayNotJudged } from '../words/not-judged.ts';
import { applicationsOf, isValueTouched, nameOf } from './rows.ts';

const LONGEST_PATH = 200;
const LONGEST_NOTE = 500;

/** For each file that decides changed values of several applications, all of them: "one file, several environments". */
export function writeShared(
  changes: readonly WeighedChange[],
  { items, applications }: { readonly items: number; readonly applications: number },
): string[] {
  const byPath = new Map<string, WeighedChange[]>();
  for (const weighed of changes) for (const path of decidingPaths(weighed)) addTo(byPath, path, weighed);
  const shared = [...byPath]
    .map(([path, reached]) => ({ path, reached, all: applicationsOf(reached) }))
    .filter(({ all }) => all.length > 1)
    .toSorted((a, b) => b.all.length - a.all.length || compareText(a.path, b.path));
  const lines = shared.slice(0, items).map(({ path, reached, all }) => {
    const named = all.slice(0, applications).map((one) => `${levelIn(one, reached)} ${code(nameOf(one))}`);
    const left = all.length - named.length;
    const more = left > 0 ? ` and ${left} more` : '';
    return `- ${code(toSingleLine(path, LONGEST_PATH))} decides for ${count(all.length, 'application')}: ${named.join(', ')}${more}`;
  });
  const left = shared.length - lines.length;
  if (left > 0) lines.push(`- … and ${count(left, 'more file')}`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function decidingPaths({ change: { limit, request } }: WeighedChange): ReadonlySet<string> {
  const paths = [limit, request].filter(isValueTouched).flatMap(({ decidedBy, at }) => {
    if (decidedBy.state === 'line' || decidedBy.state === 'template') return [decidedBy.path];
    return at === undefined ? [] : [at.path];
  });
  return new Set(paths);
}

function levelIn(application: Application, reached: readonly WeighedChange[]): string {
  const isIn = ({ change }: WeighedChange) => nameOf(change.application) === nameOf(application);
  return iconOf(worst(reached.filter(isIn).map(({ level }) => level)));
}

/** What was not judged, and why. */
export function writeNotJudged({ unread }: Pick<GateVerdict, 'unread'>, most: number): string[] {
  const lines = unread.slice(0, most).map((one) => {
    const what = one.path === '' ? 'The repository' : code(toSingleLine(one.path, LONGEST_PATH));
    return `- ⚪ ${what}: ${escapeMarkdown(sayNotJudged(one))}`;
  });
  const left = unread.length - lines.length;
  if (left > 0) lines.push(`- … and ${count(left, 'more place')}`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** "Over all pods, requests 3000Mi → 4096Mi (+1096Mi), limits stay at 8Gi"; plain text, nothing where there is nothing to say. */
export function sayCost(cost: Cost, price?: Price): string | undefined {
  const { limits, requests, uncounted, unlimited } = cost;
  const isCounted = [limits, requests].some(({ before, after }) => before > 0 || after > 0);
  const missing = uncounted > 0 ? `${count(uncounted, 'container')} not counted` : undefined;
  if (!isCounted) return missing === undefined ? undefined : `What it costs is not known (${missing}).`;
  const said = `Over all pods, ${saySum('requests', requests)}, ${saySum('limits', limits)}`;
  const without = unlimited > 0 ? `; ${count(unlimited, 'container')} without a limit from now on` : '';
  return `${said}${without}${missing === undefined ? '' : ` (${missing})`}.${sayMoney(cost, price)}`;
}

/** What has no request may be given one by its namespace, so without any nothing is said. */
function sayMoney({ requests, added, freed }: Cost, price: Price | undefined): string {
  if (price === undefined || (requests.before === 0 && requests.after === 0)) return '';
  const words = { adds: 'costs', frees: 'frees', counted: 'container' } as const;
  // What is not counted stands before it.
  const said = sayCostSum({ added, freed, unknown: 0 }, price, words);
  return said === undefined ? '' : ` That ${said}.`;
}

function saySum(what: string, { before, after }: Cost['limits']): string {
  if (before === after) return `${what} stay at ${formatBytes(before)}`;
  const more = after - before;
  const change = `${more < 0 ? '−' : '+'}${formatBytes(Math.abs(more))}`;
  return `${what} ${formatBytes(before)} → ${formatBytes(after)} (${change})`;
}

/** Where what is known comes from; nothing where nothing had to be known. */
export function writeSource({ source }: Pick<GateVerdict, 'source'>, calendar: Calendar, timeZone: string): string[] {
  return source === undefined ? [] : [toMarkdown(sayEvidenceSource(source, calendar, timeZone))];
}

/** What could not be looked at. */
export function writeNotes({ notes }: Pick<GateVerdict, 'notes'>, most: number): string[] {
  const lines = notes.slice(0, most).map((note) => `- ${escapeMarkdown(toSingleLine(note, LONGEST_NOTE))}`);
  const left = notes.length - lines.length;
  if (left > 0) lines.push(`- … and ${left} more`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

import type { Unread } from '../model/declared.ts';
import type { GateFinding, WeighedChange } from '../model/gate.ts';
import { bySeverity, isProblem } from '../model/level.ts';
import { count, endSentence, groupBy, joinSome } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { toPlain } from '../text/phrase.ts';
import { sayGateFact } from '../words/gate.ts';
import { nameGateFact } from '../words/gate-names.ts';
import { sayNotJudged } from '../words/not-judged.ts';
import { fieldOf } from './field-of.ts';
import { capitalizePhrase } from './findings.ts';
import type { GateAnnotation, GateReportInput } from './gate-report.ts';
import { applicationsOf, type GateRow, nameOf, placeOf } from './rows.ts';

/** What GitHub shows of each level in a step; more are dropped without a word. */
const MOST = 10;
const LONGEST_TITLE = 200;
const LONGEST_MESSAGE = 500;

/** An error for each red finding, a warning for each yellow one and for what was not judged, at the lines that decide. */
export function writeGateAnnotations({ verdict }: GateReportInput, rows: readonly GateRow[]): GateAnnotation[] {
  const told = rows.flatMap((row) => row.changes.flatMap((weighed) => listProblems(row, weighed)));
  const notes = [...groupBy(told, ({ key }) => key).values()].flatMap(annotate);
  const unread = verdict.unread.map(annotateUnread);
  return [
    ...capped(notes.filter(({ level }) => level === 'error')),
    ...capped([...notes.filter(({ level }) => level === 'warning'), ...unread]),
  ];
}

interface Told {
  readonly key: string;
  readonly row: GateRow;
  readonly weighed: WeighedChange;
  readonly finding: GateFinding;
}

/** What is said of the same container at the same place for several applications has the same key. */
function listProblems(row: GateRow, weighed: WeighedChange): readonly Told[] {
  const { workload, container } = weighed.change;
  return weighed.findings.flatMap((finding): Told[] => {
    if (!isProblem(finding.level)) return [];
    const field = fieldOf(finding.fact, weighed.change);
    const place = placeOf(weighed.change, field);
    const key = JSON.stringify([
      place.path,
      place.line,
      workload.kind,
      workload.name,
      container,
      finding.fact.kind,
      field,
    ]);
    return [{ key, row, weighed, finding }];
  });
}

/** One for all that share a key: the words of the worst. */
function annotate(told: readonly Told[]): GateAnnotation[] {
  const [worst] = told.toSorted((a, b) => bySeverity(a.finding.level, b.finding.level));
  if (worst === undefined) return [];
  const { row, weighed, finding } = worst;
  const said = endSentence(toPlain(capitalizePhrase(sayGateFact(finding.fact, row.scene))));
  return [
    {
      level: finding.level === 'red' ? 'error' : 'warning',
      title: toSingleLine(`${row.label}: ${nameGateFact(finding.fact, finding.level)}`, LONGEST_TITLE),
      message: toSingleLine(`${said}${sayWhere(told, worst)}`, LONGEST_MESSAGE),
      at: placeOf(weighed.change, fieldOf(finding.fact, weighed.change)),
    },
  ];
}

/** " In overlays/dev and overlays/rel."; where not the same is said of all, the worst comes first. */
function sayWhere(told: readonly Told[], worst: Told): string {
  const isSame = ({ row, finding }: Told) => row === worst.row && finding === worst.finding;
  const isLike = (one: Told) => isSame(one) || JSON.stringify(one.finding) === JSON.stringify(worst.finding);
  const names = (some: readonly Told[]) => applicationsOf(some.map(({ weighed }) => weighed)).map(nameOf);
  const same = names(told.filter(isLike));
  const others = names(told.filter((one) => !isLike(one))).filter((one) => !same.includes(one));
  const { application } = worst.weighed.change;
  if (others.length === 0 && same.length === 1 && application.way === 'plain') return '';
  const also = others.length === 0 ? '' : `, and less so in ${listSome(others)}`;
  return ` In ${listSome(same)}${also}.`;
}

function listSome(names: readonly string[]): string {
  return names.length === 2 ? names.join(' and ') : joinSome(names, 3);
}

function annotateUnread(unread: Unread): GateAnnotation {
  const where = unread.path === '' ? 'The repository' : toSingleLine(unread.path, LONGEST_TITLE);
  return {
    level: 'warning',
    title: 'Memory not judged',
    message: toSingleLine(`${where}: ${sayNotJudged(unread)}.`, LONGEST_MESSAGE),
    ...(unread.path === '' ? {} : { at: { path: unread.path } }),
  };
}

/** Of one level, so many that GitHub shows all; the last one says how many more there are. */
function capped(notes: readonly GateAnnotation[]): readonly GateAnnotation[] {
  const [first] = notes;
  if (notes.length <= MOST || first === undefined) return notes;
  const shown = notes.slice(0, MOST - 1);
  const left = notes.length - shown.length;
  return [
    ...shown,
    {
      level: first.level,
      title: `${left} more like these`,
      message: `${count(left, 'more finding')}: the job summary tells more.`,
    },
  ];
}

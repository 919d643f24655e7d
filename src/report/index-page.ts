import { z } from 'zod';
import type { Scorecard } from '../model/follow-up.ts';
import type { Price } from '../model/price.ts';
import { drawXyChart } from '../text/chart.ts';
import { compareText, iconOf } from '../text/format.ts';
import { escapeMarkdown, linkPath } from '../text/markdown.ts';
import { keepScorecard, writeScorecard } from './scorecard.ts';

const RUNS_KEPT = 30;
/** Below that the axis would show fractions of pods. */
const FEWEST = 10;
const MARK = 'memory-inspector run';

const indexEntry = z.object({
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  /** The main page, relative to the index. */
  page: z.string().regex(/^(?!\.\.?\/)[^/\s<>\\][^/<>\\\r\n]{0,200}\.md$/),
  outcome: z.enum(['ok', 'findings', 'incomplete', 'error']),
  verdict: z.enum(['green', 'yellow', 'red', 'unknown']),
  total: z.number().int().nonnegative(),
  healthy: z.number().int().nonnegative(),
  attention: z.number().int().nonnegative(),
  atRisk: z.number().int().nonnegative(),
  unknown: z.number().int().nonnegative(),
});

/** One run in the index; the numbers count pods. */
export type IndexEntry = z.infer<typeof indexEntry>;

/** The runs that an index page holds, the newest first; what is broken is left out. Never throws. */
export function parseIndex(text: string): IndexEntry[] {
  // Only from the beginning of a line: a line full of beginnings is looked through once.
  const [begin, end] = [`<!-- ${MARK} {`, '} -->'];
  const lines = text.split(/\r?\n/).filter((line) => line.startsWith(begin) && line.endsWith(end));
  const found = lines.map((line) => line.slice(begin.length - 1, 1 - end.length));
  return newestFirst(
    found.flatMap((json) => {
      try {
        const parsed = indexEntry.safeParse(JSON.parse(json));
        return parsed.success ? [parsed.data] : [];
      } catch {
        return [];
      }
    }),
  );
}

/** The history with this run in it: it replaces one of the same date, and the newest 30 stay. */
export function addToHistory(history: readonly IndexEntry[], entry: IndexEntry): IndexEntry[] {
  return newestFirst([...history.filter(({ date }) => date !== entry.date), entry]).slice(0, RUNS_KEPT);
}

function newestFirst(entries: readonly IndexEntry[]): IndexEntry[] {
  const byDate = new Map(entries.map((entry) => [entry.date, entry]));
  return [...byDate.values()].sort((a, b) => compareText(b.date, a.date));
}

/**
 * The index page: the last runs as a chart and a table, and what became of the suggestions. `entries` are the newest first.
 * The numbers of a run stay when its report is removed, its link does not.
 */
export function writeIndex(
  entries: readonly IndexEntry[],
  clusterName?: string,
  isThere: (entry: IndexEntry) => boolean = () => true,
  scorecard?: Scorecard,
  price?: Price,
): string {
  const cluster = clusterName === undefined ? '' : ` · ${escapeMarkdown(clusterName)}`;
  const rows = entries.map(
    (entry) =>
      `| ${isThere(entry) ? linkPath(entry.date, entry.page) : entry.date} | ${iconOf(entry.verdict)} ${entry.outcome} | ${entry.atRisk} | ` +
      `${entry.attention} | ${entry.healthy} | ${entry.unknown} | ${entry.total} |`,
  );
  const sections = [
    `# Memory reports${cluster}`,
    'One report per day, newest first; a second run on the same day replaces the first. All numbers are pods.' +
      (entries.every(isThere) ? '' : ' A date without a link is of a report that was removed.'),
    historyChart(entries),
    [
      '| report | outcome | 🔴 at risk | 🟡 attention | 🟢 healthy | ⚪ unknown | total |',
      '|---|---|--:|--:|--:|--:|--:|',
      ...rows,
    ].join('\n'),
    writeScorecard(scorecard, price),
    [...entries.map((entry) => `<!-- ${MARK} ${JSON.stringify(entry)} -->`), keepScorecard(scorecard)]
      .join('\n')
      .trim(),
  ];
  return `${sections.filter((section) => section !== undefined && section !== '').join('\n\n')}\n`;
}

function historyChart(entries: readonly IndexEntry[]): string | undefined {
  if (entries.length < 2) return undefined;
  const oldestFirst = entries.toReversed();
  const top = Math.max(...entries.flatMap(({ atRisk, attention, unknown }) => [atRisk, attention, unknown]));
  const values = (pick: (entry: IndexEntry) => number) => oldestFirst.map(pick);
  return drawXyChart({
    title: 'Pods that are not healthy',
    xAxis: `"runs, 0 is the latest" ${1 - entries.length} --> 0`,
    yAxis: `"pods" 0 --> ${Math.max(FEWEST, Math.ceil(top * 1.1))}`,
    lines: [
      { name: 'at risk', values: values(({ atRisk }) => atRisk), colour: '#cf222e' },
      { name: 'attention', values: values(({ attention }) => attention), colour: '#d29922' },
      { name: 'unknown', values: values(({ unknown }) => unknown), colour: '#8c959f' },
    ],
  });
}

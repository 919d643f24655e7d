import { z } from 'zod';
import { formatBytes } from '../bytes.ts';
import type { Score, Scorecard } from '../model/follow-up.ts';
import type { Price } from '../model/price.ts';
import { isCount, isTime } from '../plausible.ts';
import { drawXyChart } from '../text/chart.ts';
import { compareText, formatHours } from '../text/format.ts';
import { sayMonthly } from '../words/cost.ts';

const MARK = 'memory-inspector scorecard';
const MONTHS = 24;
/** More names of months do not fit below the chart. */
const DRAWN = 12;
/** Of the line that keeps it; one of a run is shorter. */
const LONGEST = 20_000;
/** Below that the axis would show fractions of pull requests. */
const FEWEST = 5;

const events = z.int().refine((value) => isCount(value));
const memory = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const sizes = z.object({ limits: memory, requests: memory });
const score = {
  suggested: events,
  merged: events,
  declined: events,
  open: events,
  confirmed: events,
  reverted: events,
};
const scorecard = z.object({
  ...score,
  oomKills: z.object({ before: events, after: events }),
  freed: sizes,
  added: sizes,
  redToMerged: z
    .number()
    .refine((value) => isTime(value))
    .optional()
    .catch(undefined),
  months: z.array(z.object({ month: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/), ...score })).max(1000),
  cutOff: z.boolean(),
});

/** The scorecard that an index page holds; `undefined` where there is none that can be read. Never throws. */
export function parseScorecard(text: string): Scorecard | undefined {
  const [begin, end] = [`<!-- ${MARK} {`, '} -->'];
  const line = text.split(/\r?\n/).findLast((one) => one.startsWith(begin) && one.endsWith(end));
  if (line === undefined || line.length > LONGEST) return undefined;
  try {
    const parsed = scorecard.safeParse(JSON.parse(line.slice(begin.length - 1, 1 - end.length)));
    return parsed.success ? tidy(parsed.data) : undefined;
  } catch {
    return undefined;
  }
}

/** The line that keeps it in an index page, hidden; empty where nothing was ever suggested. */
export function keepScorecard(card: Scorecard | undefined): string {
  if (card === undefined || card.suggested === 0) return '';
  return `<!-- ${MARK} ${JSON.stringify(tidy(card))} -->`;
}

/** What became of all that was suggested, as a section of the index page; empty where nothing was. */
export function writeScorecard(card: Scorecard | undefined, price?: Price): string {
  if (card === undefined || card.suggested === 0) return '';
  const { suggested, merged, open, declined, confirmed, reverted } = card;
  const withdrawn = suggested - open - declined - merged;
  const notes = [
    'These numbers are pull requests.',
    ...(withdrawn > 0 ? [`${withdrawn} of them were withdrawn, because nothing was left to change.`] : []),
    ...(card.cutOff ? ['Older ones were not looked at.'] : []),
  ];
  const sections = [
    '## What became of the suggestions',
    notes.join(' '),
    [
      '| suggested | open | declined | merged | ✅ confirmed | ↩️ reverted |',
      '|---:|--:|--:|--:|--:|--:|',
      `| ${[suggested, open, declined, merged, confirmed, reverted].join(' | ')} |`,
    ].join('\n'),
    sayEffects(card, price)
      .map((line) => `- ${line}`)
      .join('\n'),
    drawMonths(tidy(card).months),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** What the merged changes did, as Markdown sentences. */
export function sayEffects({ merged, oomKills, freed, added, redToMerged }: Scorecard, price?: Price): string[] {
  if (merged === 0) return [];
  const { before, after } = oomKills;
  return [
    `OOM kills of the containers that were changed: **${before} before, ${after} after**, in as many days.`,
    `Memory handed back, over all pods: ${saySizes(freed, price)}. Added: ${saySizes(added, price)}.`,
    ...(redToMerged === undefined ? [] : [`Median time from red to merged: ${sayDuration(redToMerged)}.`]),
  ];
}

function saySizes({ limits, requests }: Scorecard['freed'], price: Price | undefined): string {
  const say = (name: string, size: number) => (size === 0 ? [] : [`${name} **${formatBytes(size)}**`]);
  const cost = price === undefined || requests === 0 ? '' : ` (${sayMonthly(requests, price)})`;
  return `${[...say('limits', limits), ...say('requests', requests)].join(', ') || 'none'}${cost}`;
}

function sayDuration(seconds: number): string {
  return seconds < 60 ? 'less than a minute' : formatHours(seconds / 3600);
}

function drawMonths(all: Scorecard['months']): string {
  const months = all.slice(-DRAWN);
  if (months.length < 2) return '';
  const top = Math.max(...months.map(({ suggested, merged }) => Math.max(suggested, merged)));
  const values = (pick: (one: Score) => number) => months.map(pick);
  return drawXyChart({
    title: 'Pull requests: suggested, merged, confirmed, reverted',
    xAxis: `[${months.map(({ month }) => `"${month}"`).join(', ')}]`,
    yAxis: `"pull requests" 0 --> ${Math.max(FEWEST, Math.ceil(top * 1.1))}`,
    lines: [
      { name: 'suggested', values: values(({ suggested }) => suggested), colour: '#0969da' },
      { name: 'merged', values: values(({ merged }) => merged), colour: '#8250df' },
      { name: 'confirmed', values: values(({ confirmed }) => confirmed), colour: '#1a7f37' },
      { name: 'reverted', values: values(({ reverted }) => reverted), colour: '#cf222e' },
    ],
  });
}

/** With the newest months, the oldest first. */
function tidy(card: Scorecard): Scorecard {
  const byMonth = new Map(card.months.map((one) => [one.month, one]));
  const months = [...byMonth.values()].sort((a, b) => compareText(a.month, b.month)).slice(-MONTHS);
  return { ...card, months };
}

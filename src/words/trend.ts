import { formatBytes } from '../bytes.ts';
import type { DataGap, Doubt, Growth, RunsGrow, TrendFacts } from '../model/finding.ts';
import { formatAhead, formatGrowth, formatHours, formatWindow } from '../text/format.ts';
import { join, type Phrase, say, strong } from '../text/phrase.ts';
import { type Scene, sayPod } from './scene.ts';
import type { Words } from './words.ts';

/** Further ahead an hour of the day would promise too much; seconds. */
const HOURS_TOLD = 72 * 3600;

export const TREND_WORDS: Words<'trend'> = {
  clause(facts, scene) {
    switch (facts.pattern) {
      case 'too little data':
        return [sayGap(facts.gap, facts.hoursSeen)];
      case 'leak': {
        const how = facts.tau === undefined ? undefined : 'steadily';
        return say`leaks: ${sayNumbers(facts, scene, how)}${sayEnd(facts, scene)}${sayPod(scene)}${advise(scene, LEAK)}`;
      }
      case 'soon':
        return say`heads for its limit: ${sayNumbers(facts, scene, 'steadily')}${sayEnd(facts, scene)}${sayPod(scene)}${advise(scene, LEAK)}`;
      case 'grows in every run':
        return say`grows in every run: ${sayRuns(facts)}${sayPod(scene)}${sayRunEnd(facts)}`;
      case 'slow leak':
        return say`leaks slowly: ${sayNumbers(facts, scene, 'day after day')}${sayEnd(facts, scene)}${sayPod(scene)}${advise(scene, LEAK)}`;
      case 'leak cut by OOMKills':
        return say`leaks until it is OOM-killed: ${strong(`${facts.kills} times`)} ${sayOver(facts, scene)}${sayPod(scene)}, growing each time${advise(scene, KILLS)}`;
      case 'page cache':
        return say`grew because of page cache: ${sayNumbers(facts, scene)}${sayEnd(facts, scene)}${sayPod(scene)}, but the kernel reclaims cache before it OOM-kills`;
      default: {
        return say`${sayVerb(facts)} ${sayNumbers(facts, scene)}${sayPod(scene)}${sayMeaning(facts)}${sayEnd(facts, scene)}`;
      }
    }
  },
  names: ({ level, facts }) => [{ level, text: nameOf(facts) }],
  cell(facts) {
    if (facts.pattern !== 'too little data') return formatGrowth(facts.growth);
    if (facts.gap.kind === 'silent') return 'no data now';
    return facts.gap.kind === 'no data' ? 'no data' : `${formatHours(facts.hoursSeen)} of data`;
  },
};

function sayVerb({ pattern, growth }: Growth & TrendFacts): string {
  if (pattern === 'flat') return 'stayed level:';
  return growth < 0 ? 'shrank:' : 'grew';
}

function sayRuns({ grew, runs, growth, bytesPerHour }: Growth & RunsGrow): Phrase {
  const which = grew === runs ? `each of ${runs} runs` : `${grew} of ${runs} runs`;
  return say`${strong(formatGrowth(growth))} in ${which}, ${strong(`${formatBytes(bytesPerHour)} an hour`)}`;
}

function sayRunEnd({ hoursOfRun, hoursToLimit }: RunsGrow): Phrase {
  const lasts = `A run lasts ${formatHours(hoursOfRun)}`;
  if (hoursToLimit === undefined) return say`. ${lasts}: only its restarts keep it small`;
  return say`. ${lasts}, one of ${strong(formatHours(hoursToLimit))} reaches the limit: only its restarts keep it below`;
}

const LEAK = 'More memory only postpones the OOM kill';
const KILLS = 'A higher limit only makes the OOM kills rarer';

/** A sentence of advice, where no suggestion gives it. */
function advise({ suggested }: Scene, advice: string): string {
  return suggested ? '' : `. ${advice}`;
}

/** "+27 % in 24 h, steadily, 16Mi an hour" */
function sayNumbers(facts: Growth & TrendFacts, scene: Scene, how?: string): Phrase {
  const rises = facts.bytesPerHour > 0 && facts.growth > 0;
  return join(
    [
      say`${strong(formatGrowth(facts.growth))} ${sayOver(facts, scene)}`,
      how === undefined ? [] : [how],
      rises ? strong(`${formatBytes(facts.bytesPerHour)} an hour`) : [],
    ],
    ', ',
  );
}

/** "in 24 h", or what was seen where the container has not run for as long. */
function sayOver(facts: Growth & TrendFacts, { windows }: Scene): string {
  if (facts.pattern === 'soon') return `in the last ${facts.hours} h`;
  if (facts.days !== undefined) return `in ${facts.days} days`;
  if (facts.pattern === 'warming up' && facts.hoursSeen > 0) {
    return `in ${formatWindow(Math.max(1, Math.round(facts.hoursSeen)) * 3600)}`;
  }
  return windows === undefined ? 'in the window' : `in ${formatWindow(windows.window)}`;
}

function sayEnd({ reachesLimitAt }: Growth, { at, calendar }: Scene): Phrase {
  if (reachesLimitAt === undefined) return [];
  const ahead = reachesLimitAt - at;
  if (ahead <= 0) return say`; it reaches its limit ${strong('now')}`;
  const when = ahead < HOURS_TOLD ? calendar.dayAndTime(reachesLimitAt) : calendar.date(reachesLimitAt);
  return say`; at this pace it reaches its limit ${strong(`${formatAhead(ahead)} (${when})`)}`;
}

function sayMeaning(facts: Exclude<TrendFacts, { pattern: 'too little data' }>): string {
  switch (facts.pattern) {
    case 'step':
      return ', in a step rather than steadily';
    case 'varies':
      return ', up and down without a trend';
    case 'warming up':
      return ', but has not run for the whole window: it may still be warming up';
    case 'rising':
      return sayDoubt(facts.doubt);
    default:
      return '';
  }
}

function sayDoubt(doubt: Doubt): string {
  switch (doubt.kind) {
    case 'below the red line':
    case 'over days':
      return '';
    case 'slow':
      return ', more slowly than a leak';
    case 'few averages':
      return `, but with only ${doubt.kept} of the ${doubt.needed} averages needed`;
    case 'up and down':
      return ', but with more ups and downs than a leak';
    case 'as high before':
      return ', but was just as high in the days before: a wave rather than a leak';
    case 'small':
      return `, steadily, but by less than ${formatBytes(doubt.below)}`;
  }
}

function sayGap(gap: DataGap, hoursSeen: number): string {
  switch (gap.kind) {
    case 'no data':
      return 'has no data, so its trend is unknown';
    case 'silent': {
      const ago = gap.seconds < 3600 ? 'less than an hour ago' : `${formatHours(gap.seconds / 3600)} ago`;
      return `was last measured ${ago}, so its trend is unknown`;
    }
    case 'too short': {
      const cut = gap.betweenRestarts ? ' between restarts' : '';
      const needed = `a trend needs ${gap.hoursNeeded} h and ${gap.valuesNeeded} values`;
      return `has only ${formatHours(hoursSeen)} of data${cut}: ${needed}`;
    }
  }
}

function nameOf(facts: TrendFacts): string {
  switch (facts.pattern) {
    case 'leak':
      return 'possible leak';
    case 'soon':
      return 'about to reach its limit';
    case 'slow leak':
      return 'possible slow leak';
    case 'leak cut by OOMKills':
      return 'leaks until it is OOM-killed';
    case 'page cache':
      return 'page cache grows';
    case 'warming up':
      return 'may still be warming up';
    case 'step':
      return 'went up in a step';
    case 'rising':
      return NAMES[facts.doubt.kind];
    default:
      return facts.pattern;
  }
}

const NAMES: Readonly<Record<Doubt['kind'], string>> = {
  'below the red line': 'rises',
  'over days': 'rises day by day',
  slow: 'rises slowly',
  'few averages': 'rises, but with too few averages',
  'up and down': 'rises, with ups and downs',
  'as high before': 'rises, but was as high before',
  small: 'rises slightly',
};

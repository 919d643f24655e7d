import { formatBytes } from '../bytes.ts';
import type { Level } from '../model/level.ts';
import type { Setting } from '../model/workload.ts';
import { addTo } from './add-to.ts';

const ICONS: Readonly<Record<Level, string>> = { green: '🟢', yellow: '🟡', red: '🔴', unknown: '⚪' };

export function iconOf(level: Level): string {
  return ICONS[level];
}

/** `70.8 %`: one decimal, none where it is zero. */
export function formatPercent(value: number): string {
  return `${value.toFixed(1).replace(/\.0$/, '')} %`;
}

/** `+27 %`, `−4 %`; one decimal below 10 %. */
export function formatGrowth(value: number): string {
  const size = Math.abs(value);
  const digits = size < 9.95 ? size.toFixed(1).replace(/\.0$/, '') : size.toFixed(0);
  return `${signOf(digits === '0' ? 0 : value)}${digits} %`;
}

/** `+1`, `−2`, `±0`. */
export function formatChange(value: number): string {
  return `${signOf(value)}${Math.abs(value)}`;
}

function signOf(value: number): string {
  if (value === 0) return '±';
  return value > 0 ? '+' : '−';
}

/** `2000Mi`, `none`, or `not known`. */
export function formatSetting(setting: Setting): string {
  if (setting.state === 'set') return formatBytes(setting.bytes);
  return setting.state === 'absent' ? 'none' : 'not known';
}

/** `3 pods`, `1 pod`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** The first `most` texts joined; the rest as a number. */
export function joinSome(texts: readonly string[], most: number, separator = ', '): string {
  const shown = texts.slice(0, most).join(separator);
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}

/** `24 h`, `14 days`, `90 min`; seconds in. */
export function formatWindow(seconds: number): string {
  if (seconds >= 2 * 86_400 && seconds % 86_400 === 0) return `${seconds / 86_400} days`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return `${Math.round(seconds / 60)} min`;
}

/**
 * Hours as a reader says them: minutes below two hours, hours below three days, days from there. Whole ones, so that
 * nothing short of what is needed reads as enough.
 */
export function formatHours(hours: number): string {
  if (hours < 2) return `${Math.floor(hours * 60 + 1e-6)} min`;
  if (hours < 72) return `${Math.floor(hours + 1e-6)} h`;
  return `${Math.floor(hours / 24 + 1e-6)} days`;
}

/** `in 41 hours`, `in 6 days`, `within the hour`, `now`; seconds in. */
export function formatAhead(seconds: number): string {
  if (seconds <= 0) return 'now';
  const hours = Math.round(seconds / 3600);
  if (hours < 1) return 'within the hour';
  return hours < 72 ? `in ${count(hours, 'hour')}` : `in ${count(Math.round(hours / 24), 'day')}`;
}

/** Upper case for the first letter of a sentence. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** With a full stop where there is no mark at the end. */
export function endSentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

/** Lower case for the first letter, where the second one has it. */
export function uncapitalize(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** The local calendar of a time zone; unix seconds in. */
export interface Calendar {
  /** `2025-12-26` */
  date(time: number): string;
  /** `12-26 02:00` */
  dayAndTime(time: number): string;
  /** `2025-12-26 02:00` */
  full(time: number): string;
}

/** Throws a RangeError for a time zone that the runtime does not know. */
export function calendarOf(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const parts = (time: number) => {
    const found = new Map(format.formatToParts(time * 1000).map((part) => [part.type, part.value]));
    const get = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? '';
    return {
      year: get('year').padStart(4, '0'),
      day: `${get('month')}-${get('day')}`,
      time: `${get('hour')}:${get('minute')}`,
    };
  };
  return {
    date: (time) => `${parts(time).year}-${parts(time).day}`,
    dayAndTime: (time) => `${parts(time).day} ${parts(time).time}`,
    full: (time) => `${parts(time).year}-${parts(time).day} ${parts(time).time}`,
  };
}

/** The date (`YYYY-MM-DD`) of a time (unix seconds) in a time zone. */
export function dateIn(timeZone: string, time: number): string {
  return calendarOf(timeZone).date(time);
}

/** Compares code units: the same order on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Length in UTF-8 bytes. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Items by key, in the order in which the keys first occur. */
export function groupBy<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    addTo(groups, keyOf(item), item);
  }
  return groups;
}

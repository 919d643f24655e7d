import { z } from 'zod';
import type { Bytes } from '../bytes.ts';
import { parseQuantity } from '../quantity.ts';
import { nearestName } from './names.ts';

/*
 * The types of values that options have. Each carries, as the metadata `accepts`, what it accepts in words; the same
 * words are the message of every issue that it raises.
 */

/** A text that `parse` understands; `undefined` from it refuses the text. */
export function parsedText<T>(accepts: string, parse: (text: string) => T | undefined) {
  return z
    .string({ error: accepts })
    .transform((value, context) => {
      const parsed = parse(value.trim());
      if (parsed !== undefined) return parsed;
      context.issues.push({ code: 'custom', message: accepts, input: value });
      return z.NEVER;
    })
    .meta({ accepts });
}

/** A text that matches `pattern`, as it is. */
export function pattern(accepts: string, regex: RegExp) {
  return parsedText(accepts, (value) => (regex.test(value) ? value : undefined));
}

/** Any text on one line. */
export function line(accepts: string) {
  return pattern(accepts, /^[^\p{Cc}\u2028\u2029]+$/u);
}

/** One of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  const quoted = words.map((word) => `\`${word}\``);
  const accepts = [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].join(' or ');
  return z.enum(words, { error: accepts }).meta({ accepts });
}

/** A whole or decimal number from `from` to `to`. */
export function number(accepts: string, from: number, to: number) {
  return z.number({ error: accepts }).min(from, { error: accepts }).max(to, { error: accepts }).meta({ accepts });
}

/** A whole number from `from` to `to`. */
export function integer(accepts: string, from: number, to: number) {
  return z.int({ error: accepts }).min(from, { error: accepts }).max(to, { error: accepts }).meta({ accepts });
}

/** A percentage, in percent. */
export function percent(to: number) {
  return number(`a number from 1 to ${to} (percent, without the sign)`, 1, to);
}

/** `true` or `false`. */
export function flag() {
  const accepts = '`true` or `false`';
  return z.boolean({ error: accepts }).meta({ accepts });
}

/**
 * A list: separated by commas or new lines in an action input, a sequence in the config file. `parse` understands one
 * item, `split` cuts a text into items. What stands there twice is taken once.
 */
export function parsedList<T>(accepts: string, parse: (item: string) => T | undefined, split = splitList) {
  return z
    .union([z.string(), z.array(z.string())], { error: accepts })
    .transform((value, context) => {
      const items = typeof value === 'string' ? split(value) : value.map((item) => item.trim());
      const parsed: T[] = [];
      for (const item of new Set(items)) {
        const one = parse(item);
        if (one === undefined) context.issues.push({ code: 'custom', message: accepts, input: item });
        else parsed.push(one);
      }
      return parsed as readonly T[];
    })
    .meta({ accepts: `a list of ${accepts}` });
}

/** A list of texts that match `regex`. */
export function listOf(accepts: string, regex: RegExp) {
  return parsedList(accepts, (item) => (regex.test(item) ? item : undefined));
}

/** Cuts at commas and line ends; empty items are left out. */
function splitList(value: string): readonly string[] {
  return value
    .split(/[,\r\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of `90m`, `24h`, `7d`, `1d12h`; `undefined` for anything else. */
function parseDuration(value: string): number | undefined {
  if (!/^(\d{1,6}[smhdw])+$/.test(value)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of value.matchAll(/(\d{1,6})([smhdw])/g)) {
    seconds += Number(count) * (SECONDS[unit ?? ''] ?? 0);
  }
  return seconds;
}

/** A length of time in seconds, from `from` to `to`, in whole steps of `unit`. */
export function duration(from: string, to: string, unit: 'h' | 'd') {
  const step = SECONDS[unit] ?? 1;
  const least = parseDuration(from) ?? 0;
  const most = parseDuration(to) ?? 0;
  const whole = unit === 'h' ? 'hours' : 'days';
  return parsedText(`a length of time in whole ${whole} from \`${from}\` to \`${to}\``, (value) => {
    const seconds = parseDuration(value);
    if (seconds === undefined || seconds < least || seconds > most) return undefined;
    return seconds % step === 0 ? seconds : undefined;
  });
}

/** A size as a Kubernetes quantity; bytes. */
export function size() {
  const accepts = 'a Kubernetes quantity such as `2Gi` or `500M`';
  return z
    .union([z.string(), z.number()], { error: accepts })
    .transform((value, context): Bytes => {
      const parsed = parseQuantity(String(value).trim());
      if (parsed !== undefined && parsed > 0) return parsed;
      context.issues.push({ code: 'custom', message: accepts, input: value });
      return z.NEVER;
    })
    .meta({ accepts });
}

/**
 * A path inside the repository: relative, with `/`, without `.` and `..`, not into `.git` or `.github`, nor into what a
 * file system takes for these. Given back normalised.
 */
export function parsePath(value: string): string | undefined {
  if (value.startsWith('/') || /[\p{Cc}\\:]/u.test(value)) return undefined;
  const given = value.split('/').filter((part) => part !== '');
  const first = given.findIndex((part) => part !== '.');
  const parts = first < 0 ? [] : given.slice(first);
  return parts.length === 0 || parts.some(isForbidden) ? undefined : parts.join('/');
}

/** Code points that macOS passes over in a name. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Windows passes over dots and blanks at a name's end, and knows `.git` as `GIT~1` too. */
function isForbidden(part: string): boolean {
  const name = part.replace(IGNORED, '');
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end -= 1;
  return end === 0 || /^(\.git(hub)?|git(hub)?~\d+)$/i.test(name.slice(0, end));
}

/** A mapping that has these keys and no other. */
export function object<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys?.[0] : undefined;
      const meant = unknown === undefined ? undefined : nearestName(unknown, known);
      const names = known.map((name) => `\`${name}\``).join(', ');
      return meant === undefined
        ? `a mapping with the keys ${names}`
        : `a mapping with the keys ${names} (did you mean \`${meant}\`?)`;
    },
  });
}

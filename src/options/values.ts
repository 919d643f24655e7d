import { z } from 'zod';
import type { Price } from '../model/price.ts';
import { parseDate } from '../text/date.ts';
import { withoutTrailing } from '../text/without-trailing.ts';
import { line, listOf, parsedList, parsedText, parsePath, pattern } from './types.ts';

/* The types of values that belong to one option or a few. */

export const namespaces = listOf('namespace names, with the globs `*` and `?`', /^[a-z0-9*?-]{1,63}$/);

export const workloadNames = listOf(
  'workloads as `namespace/name`, with the globs `*` and `?`',
  /^[a-z0-9*?-]{1,63}\/[a-z0-9.*?-]{1,253}$/,
);

/** The address without a trailing `/`. It may hold a user and a password. */
export const url = parsedText('an http(s) URL without query or fragment', (value) => {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || /[\s?#]/.test(value) || !isDecodable(value)) return undefined;
  return withoutTrailing(parsed.href, '/');
});

function isDecodable(value: string): boolean {
  try {
    decodeURIComponent(value);
    return true;
  } catch {
    return false;
  }
}

/** A bearer token. */
export const token = pattern('a token without spaces', /^[\x21-\x7e]+$/);

const HEADERS = 'headers as `Name: value`, one per line';

/** HTTP headers: lines of `Name: value`, or in the config file also a mapping. */
export const headers = z
  .union([z.string(), z.array(z.string()), z.record(z.string(), z.string())], { error: HEADERS })
  .transform((value, context): Readonly<Record<string, string>> => {
    const entries = new Map<string, string>();
    for (const header of headerLines(value)) {
      const parsed = parseHeader(header);
      if (parsed) entries.set(...parsed);
      else context.issues.push({ code: 'custom', message: HEADERS, input: header });
    }
    return Object.fromEntries(entries);
  })
  .meta({ accepts: HEADERS });

function parseHeader(header: string): readonly [name: string, content: string] | undefined {
  const colon = header.indexOf(':');
  const name = header.slice(0, Math.max(0, colon));
  const content = header.slice(colon + 1).trim();
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && /^[\t\x20-\x7e]+$/.test(content) ? [name, content] : undefined;
}

function headerLines(value: string | readonly string[] | Readonly<Record<string, string>>): readonly string[] {
  if (typeof value === 'string') return value.split(/\r?\n/).filter((entry) => entry.trim() !== '');
  if (isList(value)) return value;
  return Object.entries(value).map(([name, content]) => `${name}: ${content}`);
}

function isList(value: readonly string[] | Readonly<Record<string, string>>): value is readonly string[] {
  return Array.isArray(value);
}

const MATCHER = /^([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\.)*")$/;

/** PromQL label matchers, each as `name="value"`. */
export const matchers = parsedList(
  'PromQL label matchers such as `cluster="prod"`',
  (item) => {
    const [, name, operator, value] = MATCHER.exec(item) ?? [];
    return name === undefined || name === '__name__' ? undefined : `${name}${operator}${value}`;
  },
  splitMatchers,
);

/** Commas and line ends inside quotes do not separate; braces around the whole are dropped. */
function splitMatchers(value: string): readonly string[] {
  const whole = value.trim();
  const inner = whole.startsWith('{') && whole.endsWith('}') ? whole.slice(1, -1) : whole;
  const items: string[] = [];
  let [from, quoted] = [0, false];
  for (let at = 0; at < inner.length; at += 1) {
    const character = inner[at] ?? '';
    if (character === '"') quoted = !quoted;
    else if (quoted && character === '\\') at += 1;
    else if (!quoted && /[,\r\n]/.test(character)) {
      items.push(inner.slice(from, at));
      from = at + 1;
    }
  }
  items.push(inner.slice(from));
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

export interface QueryPod {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
}

export const queryPod = parsedText('`namespace/pod` or `namespace/pod/container`', (value): QueryPod | undefined => {
  const [, namespace, pod, container] =
    /^([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253})(?:\/([a-z0-9-]{1,63}))?$/.exec(value) ?? [];
  if (namespace === undefined || pod === undefined) return undefined;
  return container === undefined ? { namespace, pod } : { namespace, pod, container };
});

export const labelName = pattern('the name of a Prometheus label', /^[a-zA-Z_][a-zA-Z0-9_]*$/);

/** Becomes a folder and a part of branch names. */
export const clusterName = pattern(
  'at most 63 letters, digits, `-`, `_` and `.`; no `-` or `.` at either end, no `..`',
  /^(?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9_]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9_])?$/,
);

export const folder = parsedText(
  'a folder in the repository: relative, without `..`, not `.git` or `.github`',
  parsePath,
);

export const reportName = pattern(
  'a file name without extension that contains `{date}`',
  /^(?!\.)[A-Za-z0-9 _.-]*\{date\}[A-Za-z0-9 _.-]*$/,
);

export const timeZone = parsedText('an IANA time zone such as `Europe/Berlin`', (value) => {
  if (!/^[A-Za-z]/.test(value)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
});

/** Unix seconds. */
export const time = parsedText('an RFC 3339 time such as `2026-11-24T06:00:00Z`', (value) => {
  const shape = /^(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.exec(value);
  if (!shape || parseDate(shape[1] ?? '') === undefined) return undefined;
  const milliseconds = Date.parse(value.toUpperCase().replace(' ', 'T'));
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
});

/** `YYYY-MM-DD` of a day that exists. */
export const date = parsedText('a date such as `2026-12-31`', parseDate);

export const branch = parsedText('the name of a branch', (value) => {
  const parts = value.split('/');
  const bad = parts.some((part) => part === '' || part.startsWith('.') || part.endsWith('.lock') || part.endsWith('.'));
  return bad || /^-|\.\.|@\{|^@$|[\s~^:?*[\\\p{Cc}]/u.test(value) || value.length > 200 ? undefined : value;
});

/** Globs over the repository's paths; one that begins with `!` excludes. */
export const pathGlobs = listOf(
  'paths with the globs `*`, `**` and `?`; the last one that matches decides, and a leading `!` excludes',
  /^!?[^!\\{}[\]\p{Cc}][^\\{}[\]\p{Cc}]*$/u,
);

/** Not those by which people tell the action something: it would tell itself. */
export const labels = listOf(
  'labels of at most 50 characters that do not begin with `memory-inspector/`',
  /^(?!memory-inspector\/)[^\p{Cc}]{1,50}$/iu,
);

const LOGIN = /^@?([A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})(?:\[bot\])?)$/;
export const logins = parsedList('GitHub user names', (item) => LOGIN.exec(item)?.[1]);
export const teams = parsedList(
  'team slugs',
  (item) => /^@?(?:[A-Za-z0-9-]+\/)?([A-Za-z0-9][A-Za-z0-9_-]*)$/.exec(item)?.[1],
);

/** A file that is only read: `.github` is no bad place for it. */
export const readFile = line('a path in the workspace');

export const writtenFile = parsedText(
  'a path in the workspace: relative, without `..`, not in `.git` or `.github`',
  parsePath,
);

const PRICE = 'a price such as `3.20` or `3.20 EUR`';

/** A number, or a number and the three letters of a currency. */
export const price = z
  .union([z.string(), z.number()], { error: PRICE })
  .transform((value, context): Price => {
    const [, amount, currency] = /^(\d{1,9}(?:\.\d{1,6})?)(?: ?([A-Z]{3}))?$/.exec(String(value).trim()) ?? [];
    if (amount !== undefined) return { perGibMonth: Number(amount), ...(currency === undefined ? {} : { currency }) };
    context.issues.push({ code: 'custom', message: PRICE, input: value });
    return z.NEVER;
  })
  .meta({ accepts: PRICE });

import { join, sep } from 'node:path';
import { createLimiter } from '../../limit.ts';
import { isKustomization } from '../reach.ts';
import { decode } from '../readable.ts';
import type { Budget } from '../rendering/budget.ts';
import { splitRendered } from '../rendering/rendered.ts';
import type { Rendering } from '../rendering/rendering.ts';
import { type ClosedProgram, runClosed } from '../rendering/run-closed.ts';
import { copyBelow, type Scratch } from '../rendering/scratch.ts';
import {
  type Accepted,
  acceptKustomization,
  acceptTransformers,
  copyNameOf,
  type NamedPath,
  onlyLists,
} from './accept.ts';
import { leaveOutPatches } from './leave-out.ts';
import { namesIn } from './load-graph.ts';

export type Files = ReadonlyMap<string, Uint8Array | string>;

/** Renders a folder of the files given, and of nothing else. */
export interface Kustomize {
  render(files: Files, folder: string): Promise<Rendering>;
}

export interface KustomizeOptions {
  /** kubectl; absent where it is not installed. */
  readonly kubectl?: ClosedProgram;
  readonly scratch: Scratch;
  readonly budget: Budget;
}

const AT_ONCE = 3;

/**
 * `kubectl kustomize` on a scratch copy. kustomize fetches, reads and runs whatever a kustomization names in any spelling
 * that its decoder takes, so it never sees one that a repository wrote: each is written anew from the fields that are known.
 */
export function createKustomize({ kubectl, scratch, budget }: KustomizeOptions): Kustomize {
  const turns = createLimiter(AT_ONCE);
  return {
    async render(files, folder) {
      if (kubectl === undefined) return { state: 'missing' };
      const accepted = acceptFiles(files, folder);
      if ('why' in accepted) return { state: 'failed', why: accepted.why };
      const spent = budget.take();
      if (spent) return { state: 'over', why: spent.why };
      const copy = scratch.folder('kustomize');
      try {
        const wrong = copyBelow(copy, accepted.files);
        if (wrong !== undefined) return { state: 'failed', why: `${wrong} cannot be copied to be rendered` };
        const result = await turns(() => runClosed(kubectl, ['kustomize', join(copy, folder)], scratch));
        if (result.state === 'done') {
          const documents = splitRendered(result.output);
          return {
            state: 'rendered',
            documents,
            ...(accepted.without.length > 0 ? { without: accepted.without } : {}),
          };
        }
        if (result.state === 'over') return result;
        return { state: 'failed', why: explain(result.said, copy) };
      } finally {
        scratch.remove(copy);
      }
    },
  };
}

interface Copy {
  readonly files: Files;
  /** Files with patches that were left out, because what they patch was. */
  readonly without: readonly string[];
}

/** The files as they are copied: those that the root loads, each kustomization and transformer written anew. */
function acceptFiles(files: Files, folder: string): Copy | { readonly why: string } {
  const names = namesIn(files.keys(), [...files.keys()].filter(isKustomization));
  const written = new Map<string, Uint8Array | string>();
  const accepted = new Map<string, AcceptedOne>();
  const waiting = new Set([names.byFolder.get(folder) ?? folder]);
  // A set gives what is added while it is walked.
  for (const path of waiting) {
    const one = acceptKustomization(path, textOf(files, path), names);
    if (one.state === 'refused') return one;
    accepted.set(path, one);
    for (const file of [...one.files, ...one.data]) written.set(copyNameOf(file), files.get(file) ?? '');
    for (const include of one.includes) waiting.add(include);
  }
  const transformers = acceptAllTransformers(files, accepted);
  if ('why' in transformers) return transformers;
  for (const [path, text] of transformers.texts) written.set(copyNameOf(path), text);
  const kept = withoutLost(accepted, files);
  for (const [path, fields] of kept.fields) written.set(path, `${JSON.stringify(fields)}\n`);
  return { files: written, without: kept.without };
}

type AcceptedOne = Extract<Accepted, { readonly state: 'accepted' }>;

/** What each kustomization is written as; patches are looked at only where something is left out. */
function withoutLost(accepted: ReadonlyMap<string, AcceptedOne>, files: Files) {
  const all = [...accepted].map(([path, one]) => [path, { fields: one.written, files: one.files }] as const);
  const whole = [...accepted.values()].every(({ leftOut }) => leftOut.length === 0);
  if (whole) return { fields: new Map(all.map(([path, { fields }]) => [path, fields])), without: [] };
  return leaveOutPatches(new Map(all), (path) => textOf(files, path));
}

/** The texts of all files that configure transformers, whichever kustomization lists them. */
function acceptAllTransformers(
  files: Files,
  accepted: ReadonlyMap<string, AcceptedOne>,
): { readonly texts: ReadonlyMap<string, string> } | { readonly why: string } {
  const texts = new Map<string, string>();
  const folders = new Set<string>();
  const take = ({ kind, path }: NamedPath): string | undefined => {
    if (kind === 'folder') folders.add(path);
    else {
      const one = acceptTransformers(path, textOf(files, path));
      if ('why' in one) return one.why;
      texts.set(path, one.text);
    }
    return undefined;
  };
  for (const one of [...accepted.values()].flatMap(({ transformers }) => transformers)) {
    const why = take(one);
    if (why !== undefined) return { why };
  }
  for (const folder of folders) {
    const list = accepted.get(folder);
    if (!list || !onlyLists(list.value) || list.leftOut.length > 0)
      return { why: `${folder} does more than list transformers, and is not rendered` };
    for (const include of list.includes) folders.add(include);
    for (const path of list.files) {
      const why = take({ kind: 'file', path });
      if (why !== undefined) return { why };
    }
  }
  return { texts };
}

function textOf(files: Files, path: string): string {
  const content = files.get(path) ?? '';
  return typeof content === 'string' ? content : (decode(content) ?? '\uFFFD');
}

/** kustomize's own words, without the scratch folder's name. */
function explain(said: string, copy: string): string {
  const text = withoutLog(said).replaceAll(`${copy}${sep}`, '').replaceAll(copy, '.').replace(/\s+/g, ' ').trim();
  return text === '' ? 'kubectl kustomize gave no reason' : text.slice(0, 500);
}

/** How newer ones begin a line: what kind it is of, the time, and the place in their own code. */
const LOG_LINE = /^[EFIW]\d{4} [\d:.]+ +\d+ [^\s\]]+\] ?/;

/** What it says of the error alone, where that stands in a log with the time: quoted, or between `<` and `>`. */
function withoutLog(said: string): string {
  const lines = said.split(/\r?\n/).filter((line) => !/^# ?Warning:/.test(line));
  return lines.some((line) => LOG_LINE.test(line)) ? errorIn(lines.map((line) => line.replace(LOG_LINE, ''))) : said;
}

function errorIn(lines: readonly string[]): string {
  const text = lines.join('\n');
  const at = text.indexOf(' err=');
  if (at < 0) return text.replace(/^"([^"\n]*)"/, '$1');
  const value = text.slice(at + ' err='.length).trim();
  if (value.startsWith('<')) return value.slice(1).replace(/\n *>[^>]*$/, '');
  if (!value.startsWith('"')) return value;
  const quoted = /^"((?:[^"\\]|\\.)*)/s.exec(value)?.[1] ?? value;
  return quoted.replace(/\\(.)/g, (_whole, letter: string) => ('nt'.includes(letter) ? ' ' : letter));
}

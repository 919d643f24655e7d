import { join, sep } from 'node:path';
import { createLimiter } from '../../limit.ts';
import type { Json } from '../documents.ts';
import { isKustomization } from '../reach.ts';
import { decode } from '../readable.ts';
import type { Budget } from '../rendering/budget.ts';
import { splitRendered } from '../rendering/rendered.ts';
import type { Rendering } from '../rendering/rendering.ts';
import { type ClosedProgram, runClosed } from '../rendering/run-closed.ts';
import { copyBelow, type Scratch } from '../rendering/scratch.ts';
import {
  acceptKustomization,
  acceptTransformers,
  copyNameOf,
  type Loads,
  type NamedPath,
  onlyLists,
} from './accept.ts';
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
        if (result.state === 'done') return { state: 'rendered', documents: splitRendered(result.output) };
        if (result.state === 'over') return result;
        return { state: 'failed', why: explain(result.said, copy) };
      } finally {
        scratch.remove(copy);
      }
    },
  };
}

/** The files as they are copied: those that the root loads, each kustomization and transformer written anew. */
function acceptFiles(files: Files, folder: string): { readonly files: Files } | { readonly why: string } {
  const names = namesIn(files.keys(), [...files.keys()].filter(isKustomization));
  const written = new Map<string, Uint8Array | string>();
  const accepted = new Map<string, Loads & { readonly value: Json }>();
  const waiting = new Set([names.byFolder.get(folder) ?? folder]);
  // A set gives what is added while it is walked.
  for (const path of waiting) {
    const one = acceptKustomization(path, textOf(files, path), names);
    if (one.state === 'refused') return one;
    accepted.set(path, one);
    written.set(path, one.text);
    for (const file of [...one.files, ...one.data]) written.set(copyNameOf(file), files.get(file) ?? '');
    for (const include of one.includes) waiting.add(include);
  }
  const transformers = acceptAllTransformers(files, accepted);
  if ('why' in transformers) return transformers;
  for (const [path, text] of transformers.texts) written.set(copyNameOf(path), text);
  return { files: written };
}

/** The texts of all files that configure transformers, whichever kustomization lists them. */
function acceptAllTransformers(
  files: Files,
  accepted: ReadonlyMap<string, Loads & { readonly value: Json }>,
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
    if (!list || !onlyLists(list.value))
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

/** Newer ones say it as a line of a log, with the time: what it says of the error alone. */
function withoutLog(said: string): string {
  const at = /^[EFIW]\d{4} /.test(said) ? said.indexOf(' err="') : -1;
  if (at < 0) return said;
  const quoted = said.slice(at + ' err="'.length).trim();
  const text = quoted.endsWith('"') ? quoted.slice(0, -1) : quoted;
  return text.replace(/\\(["\\])/g, '$1').replaceAll('\\n', ' ');
}

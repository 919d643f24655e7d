import { join, sep } from 'node:path';
import { createLimiter } from '../../limit.ts';
import { isKustomization } from '../reach.ts';
import { decode } from '../readable.ts';
import type { Budget } from '../rendering/budget.ts';
import { splitRendered } from '../rendering/rendered.ts';
import type { Rendering } from '../rendering/rendering.ts';
import { type ClosedProgram, runClosed } from '../rendering/run-closed.ts';
import { copyBelow, type Scratch } from '../rendering/scratch.ts';
import { acceptKustomization, acceptTransformers } from './accept.ts';
import { namesIn } from './load-graph.ts';

export type Files = ReadonlyMap<string, Uint8Array | string>;

/** Renders a folder of the files given, and of nothing else. */
export interface Renderer {
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
export function createKustomize({ kubectl, scratch, budget }: KustomizeOptions): Renderer {
  const turns = createLimiter(AT_ONCE);
  return {
    async render(files, folder) {
      if (kubectl === undefined) return { state: 'missing' };
      const accepted = acceptFiles(files);
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

function acceptFiles(files: Files): { readonly files: Files } | { readonly why: string } {
  const kustomizations = [...files.keys()].filter(isKustomization);
  // Where file systems know no case, kustomize would take it for one.
  const alike = [...files.keys()].find(
    (path) => /(^|\/)kustomization(\.ya?ml)?$/i.test(path) && !isKustomization(path),
  );
  if (alike !== undefined) return { why: `${alike} is named almost like a kustomization` };
  const names = namesIn(files.keys(), kustomizations);
  const written = new Map(files);
  for (const path of kustomizations) {
    const accepted = acceptKustomization(path, textOf(files, path), names);
    if (accepted.state === 'refused') return accepted;
    written.set(path, accepted.text);
    for (const one of accepted.transformers) {
      const transformers = acceptTransformers(one, textOf(files, one));
      if ('why' in transformers) return transformers;
      written.set(one, transformers.text);
    }
  }
  return { files: written };
}

function textOf(files: Files, path: string): string {
  const content = files.get(path) ?? '';
  return typeof content === 'string' ? content : (decode(content) ?? '\uFFFD');
}

/** kustomize's own words, without the scratch folder's name. */
function explain(said: string, copy: string): string {
  const text = said.replaceAll(`${copy}${sep}`, '').replaceAll(copy, '.').replace(/\s+/g, ' ').trim();
  return text === '' ? 'kubectl kustomize gave no reason' : text.slice(0, 500);
}

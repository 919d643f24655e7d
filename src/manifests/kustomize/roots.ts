import { isDeepStrictEqual } from 'node:util';
import type { RepositoryFiles, TextEdit } from '../../model/delivery.ts';
import type { Suggestion } from '../../model/inspection.ts';
import { applySplices } from '../check-edit.ts';
import { isObject } from '../documents.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { decode } from '../readable.ts';
import { type Closure, closureOf, type Kustomization, readLoadGraph } from './load-graph.ts';
import type { Renderer } from './render.ts';
import { changesOnly, type Rendered, type RenderedContainer, readRendered, type Sections } from './rendered.ts';

/** A root as it renders at the base; `refusal` says why it does not. */
export interface Root {
  readonly kustomization: Kustomization;
  readonly closure: Closure;
  readonly contents: ReadonlyMap<string, Uint8Array>;
  readonly rendered?: Rendered;
  readonly refusal?: string;
  /** Outside the globs: only looked at for what an edit of shared files does to it. */
  readonly outside?: boolean;
}

/** An edit of some files, by the texts that they get. */
export type Texts = ReadonlyMap<string, string>;

/** `more here`: other values of the root change as well; `elsewhere`: another root that loads the files changes. */
export type Effect = 'only this' | 'nothing' | 'more here' | 'elsewhere';

const AT_ONCE = 2;

/** Renders every root of the repository once; of those outside the globs only what shares files with one inside. */
export async function renderRoots(index: ManifestIndex, files: RepositoryFiles, renderer: Renderer): Promise<Root[]> {
  const graph = readLoadGraph(index.paths, index.kustomizations);
  const known = new Map<string, Promise<Uint8Array>>();
  const read = (path: string) => {
    const content = known.get(path) ?? files.read(path);
    known.set(path, content);
    return content;
  };
  const closures = new Map(graph.roots.map((root) => [root, closureOf(graph, root)] as const));
  const inside = graph.roots.filter((root) => index.editable(root.path));
  const shared = new Set(inside.flatMap((root) => [...(closures.get(root)?.files ?? [])]));
  const wanted = [...closures].filter(
    ([root, { files: own }]) => inside.includes(root) || [...own].some((path) => shared.has(path)),
  );
  const roots: Root[] = [];
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    const batch = wanted.slice(start, start + AT_ONCE);
    roots.push(...(await Promise.all(batch.map(([one, closure]) => renderRoot(one, closure, read, renderer)))));
  }
  return roots.map((root) => (inside.includes(root.kustomization) ? root : { ...root, outside: true }));
}

async function renderRoot(
  kustomization: Kustomization,
  closure: Closure,
  read: (path: string) => Promise<Uint8Array>,
  renderer: Renderer,
): Promise<Root> {
  if (closure.refusal) return { kustomization, closure, contents: new Map(), refusal: closure.refusal };
  const contents = new Map<string, Uint8Array>();
  for (const path of closure.files) contents.set(path, await read(path));
  if (mayFetch(closure, contents)) {
    const refusal = 'it uses transformers, and a file that it loads holds a URL, which they could fetch';
    return { kustomization, closure, contents, refusal };
  }
  const rendering = await renderer.render(contents, kustomization.folder);
  if ('failed' in rendering) return { kustomization, closure, contents, refusal: rendering.failed };
  const rendered = readRendered(rendering.text);
  return rendered
    ? { kustomization, closure, contents, rendered }
    : { kustomization, closure, contents, refusal: 'what it renders cannot be parsed' };
}

/** A transformer's own file may name a URL to load, and a proxy that leads nowhere is not asked for local addresses. */
function mayFetch(closure: Closure, contents: ReadonlyMap<string, Uint8Array>): boolean {
  const transforms = closure.kustomizations.some(({ value }) => isObject(value) && value.transformers !== undefined);
  return transforms && [...contents.values()].some((content) => Buffer.from(content).includes('://'));
}

export function textOf(root: Root, path: string): string | undefined {
  const content = root.contents.get(path);
  return content === undefined ? undefined : decode(content);
}

/** The texts that edits of a root's files lead to; `undefined` where they overlap. */
export function editedTexts(root: Root, edits: readonly TextEdit[]): Texts | undefined {
  const texts = new Map<string, string>();
  for (const path of new Set(edits.map((edit) => edit.path))) {
    const own = edits.filter((edit) => edit.path === path);
    try {
      texts.set(path, applySplices(textOf(root, path) ?? '', own));
    } catch {
      return undefined;
    }
  }
  return texts;
}

export interface Aimed {
  readonly root: Root;
  readonly container: RenderedContainer;
  readonly suggestion: Suggestion;
  readonly sections: Sections;
}

export interface Effects {
  readonly effect: Effect;
  readonly after?: Rendered;
  /** How many other roots load an edited file and render as before. */
  readonly others: number;
}

/** What new texts do to every root that loads one of the files: proof, not judgement. */
export async function renderEffect(
  texts: Texts,
  aimed: Aimed,
  roots: readonly Root[],
  renderer: Renderer,
): Promise<Effects> {
  const { root, container, suggestion, sections } = aimed;
  const after = await renderWith(root, texts, renderer);
  if (!after || !root.rendered || isDeepStrictEqual(root.rendered.values, after.values)) {
    return { effect: 'nothing', others: 0 };
  }
  if (!changesOnly(root.rendered, after, container, suggestion, sections)) return { effect: 'more here', others: 0 };
  const loading = roots.filter(
    (other) => other !== root && [...texts.keys()].some((path) => other.closure.files.has(path)),
  );
  for (const other of loading) {
    const rendered = other.rendered ? await renderWith(other, texts, renderer) : undefined;
    const same = rendered && isDeepStrictEqual(other.rendered?.values, rendered.values);
    if (!same) return { effect: 'elsewhere', others: loading.length };
  }
  return { effect: 'only this', after, others: loading.length };
}

async function renderWith(root: Root, texts: Texts, renderer: Renderer): Promise<Rendered | undefined> {
  const rendering = await renderer.render(
    new Map<string, Uint8Array | string>([...root.contents, ...texts]),
    root.kustomization.folder,
  );
  return 'failed' in rendering ? undefined : readRendered(rendering.text);
}

import { isDeepStrictEqual } from 'node:util';
import type { RepositoryFiles } from '../../model/repository-files.ts';
import type { ApplyingObject } from '../deployed/deployed.ts';
import { findApplyingObjects } from '../deployed/find-objects.ts';
import { isObject } from '../documents.ts';
import { createEffort } from '../effort.ts';
import { createParser } from '../parser.ts';
import { type Closure, closureOf, type LoadGraph } from './load-graph.ts';
import type { Kustomize } from './render.ts';

/** What of a kustomization changes more of an object than its labels and its namespace. */
const ALTERING = [
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'components',
  'transformers',
  'vars',
  'namePrefix',
  'nameSuffix',
];

/** More roots that alter what says what is applied nobody has. */
const MOST_RENDERED = 100;

/**
 * The objects that say what is applied, as the kustomizations that alter them make them: one for each root that renders it.
 * What no rendering shows stays as it is written.
 */
export async function readAltered(
  objects: readonly ApplyingObject[],
  graph: LoadGraph,
  { files, kustomize }: { readonly files: RepositoryFiles; readonly kustomize: Kustomize },
): Promise<readonly ApplyingObject[]> {
  const paths = new Set(objects.map(({ path }) => path));
  const parser = createParser(createEffort());
  const altered = new Set<string>();
  const made: ApplyingObject[] = [];
  let left = MOST_RENDERED;
  for (const root of graph.roots) {
    const closure = closureOf(graph, root);
    const own = [...closure.files].filter((path) => paths.has(path));
    if (own.length === 0 || !alters(closure) || --left < 0) continue;
    const contents = new Map<string, Uint8Array>();
    for (const path of closure.files) contents.set(path, await files.read(path));
    const rendering = await kustomize.render(contents, root.folder);
    if (rendering.state !== 'rendered') continue;
    const written = objects.filter(({ path }) => closure.files.has(path));
    for (const path of own) altered.add(path);
    for (const text of rendering.documents) {
      for (const object of findApplyingObjects(root.path, text, parser))
        made.push(asWritten(object, written, root.path));
    }
  }
  return [...objects.filter(({ path }) => !altered.has(path)), ...made];
}

function alters({ kustomizations }: Closure): boolean {
  return kustomizations.some(({ value }) => isObject(value) && ALTERING.some((key) => value[key] !== undefined));
}

/** The object as it stands in its file, where the rendering says the same of what it applies. */
function asWritten(
  { place: _, ...rendered }: ApplyingObject,
  written: readonly ApplyingObject[],
  root: string,
): ApplyingObject {
  const like = written.filter(
    ({ kind, group, name }) => kind === rendered.kind && group === rendered.group && name === rendered.name,
  );
  const same = like.find(({ value }) => isDeepStrictEqual(specOf(value), specOf(rendered.value)));
  if (same) return { ...same, ...(rendered.namespace === undefined ? {} : { namespace: rendered.namespace }) };
  return { ...rendered, path: root, writtenBy: `the kustomization ${root}` };
}

function specOf(value: ApplyingObject['value']) {
  return isObject(value) ? value.spec : undefined;
}

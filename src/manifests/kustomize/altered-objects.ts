import { isDeepStrictEqual } from 'node:util';
import type { ApplyingObject } from '../deployed/deployed.ts';
import { findApplyingObjects } from '../deployed/find-objects.ts';
import { isObject } from '../documents.ts';
import type { Closure } from './load-graph.ts';
import type { Roots } from './roots.ts';

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
 * What no rendering shows stays as it is written. `roots` are those that nobody includes.
 */
export async function readAltered(
  objects: readonly ApplyingObject[],
  roots: Roots,
): Promise<readonly ApplyingObject[]> {
  const paths = new Set(objects.map(({ path }) => path));
  const altered = new Set<string>();
  const made: ApplyingObject[] = [];
  const altering = roots.every.filter(
    ({ closure }) => alters(closure) && [...closure.files].some((one) => paths.has(one)),
  );
  for (const root of altering.slice(0, MOST_RENDERED)) {
    const rendering = await roots.rendered(root);
    if (rendering.state !== 'rendered') continue;
    const { path: own } = root.kustomization;
    const written = objects.filter(({ path }) => root.closure.files.has(path));
    for (const { path } of written) altered.add(path);
    for (const text of rendering.documents) {
      for (const object of findApplyingObjects(own, text, roots.parser)) made.push(asWritten(object, written, own));
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

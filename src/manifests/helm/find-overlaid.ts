import { isDeepStrictEqual } from 'node:util';
import { isWithin, sayMaker } from '../deployed/deployed.ts';
import { givenNamespaces } from '../deployed/find-namespace.ts';
import { findObjects, isObject, itemsAt, type Json, mapAt, textAt, valueAt } from '../documents.ts';
import { IN_A_UNIT } from '../effort.ts';
import { sayUnknown } from '../find-definitions.ts';
import type { Root } from '../kustomize/find-roots.ts';
import { relevantOf } from '../kustomize/overrides.ts';
import { sayFailed } from '../kustomize/read.ts';
import type { Roots } from '../kustomize/roots.ts';
import { folderOf } from '../reach.ts';
import { remember } from '../remember.ts';
import { objectsOf, type RenderedObject } from '../rendering/rendered.ts';
import { altersKind, patchesOf, pathOfPatch } from './alters-kind.ts';
import { type FluxRepository, readHelmRelease } from './find-flux.ts';
import { type SourceObject, type Users, whyAltered } from './find-objects.ts';
import type { Layer, Release } from './release.ts';
import type { Texts } from './texts.ts';
import { loadLayer, mergeValues } from './values.ts';

interface Repository extends FluxRepository {
  readonly texts: Texts;
  /** Every kustomization that is applied by itself. */
  readonly roots: readonly Root[];
  /** Absent: nothing can be rendered. */
  readonly rendering?: Roots | undefined;
}

/** Files of patches that a root is looked at for. */
const MOST_PATCHES = 500;
const GROUP = 'helm.toolkit.fluxcd.io';
const KIND = 'HelmRelease';

/** A release of an object in a file that no kustomization loads, as what applies that file makes it. */
function readAsItStands(object: SourceObject, repository: Repository): Release {
  const { path } = object.file;
  const { all, says, ofFile } = repository.applied;
  const appliedBy = ofFile(path);
  const [namespace, ...more] = givenNamespaces(object.found.namespace, appliedBy);
  const placed = { ...object, found: { ...object.found, ...(namespace === undefined ? {} : { namespace }) } };
  const release = readHelmRelease(placed, repository);
  const elsewhere = all.find(
    ({ source, folder }) => source.state === 'elsewhere' && isWithin(folderOf(path).replace(/\/$/, ''), folder),
  );
  const patching = appliedBy.find(({ overrides }) => JSON.stringify(overrides?.value.patches ?? '').includes(KIND));
  const why =
    more.length > 0
      ? 'it is applied to several namespaces'
      : patching !== undefined
        ? `${sayMaker(patching)} patches it`
        : appliedBy.length === 0 && elsewhere?.source.state === 'elsewhere'
          ? `${sayMaker(elsewhere)} applies it from ${elsewhere.source.from}`
          : appliedBy.length === 0 && says
            ? 'no application of this repository applies it'
            : undefined;
  return { ...refuse(release, why), ...(appliedBy.length === 0 ? {} : { appliedBy }) };
}

/** Reads the releases that a `HelmRelease` stands for: one for each root that loads it, as that root renders it. */
export function createFluxReader(
  repository: Repository,
  users: Users,
): (object: SourceObject) => Promise<readonly Release[]> {
  const { roots, rendering, texts, index } = repository;
  const { kustomizations } = index.graph;
  const alters = remember((path: string) => altersKind(kustomizations.get(path), [KIND], texts));
  const renderedBy = remember(async (root: Root): Promise<readonly RenderedObject[] | string> => {
    if (!rendering) return 'kubectl is not installed';
    const result = await rendering.rendered(root);
    if (result.state !== 'rendered') return sayFailed(result);
    const documents = result.documents.filter((text) => text.includes(KIND) && text.includes(GROUP));
    const objects = documents.flatMap((text) => objectsOf(text, '', texts.parser) ?? []);
    return objects.filter(({ found }) => found.kind === KIND && found.group === GROUP);
  });
  const patchFiles = remember((root: Root) => findPatchFiles(root, texts));

  const readIn = async (object: SourceObject, root: Root, { altered, alone }: Around): Promise<Release[]> => {
    const unknown = root.unknown && sayUnknown(root.unknown);
    const given = await namespaceAsItStands(object, root, alters);
    if (given.state === 'known') {
      const placed = { ...object, found: { ...object.found, ...given.namespace } };
      const release = refuse(readHelmRelease(placed, repository), unknown);
      return [{ ...release, root, ...(alone ? {} : { definedIn: root.kustomization.path }) }];
    }
    const rendered = await renderedBy(root);
    if (typeof rendered === 'string') {
      const why = `${altered ?? `it is made by ${root.kustomization.path}`}, which could not be rendered: ${rendered}`;
      return [{ ...refuse(readHelmRelease(object, repository), unknown ?? why), root }];
    }
    texts.effort.spend(1 + rendered.length / IN_A_UNIT.looks);
    const own = madeOf(object, rendered);
    const reading = { object, root, repository, files: await patchFiles(root) };
    const found = await Promise.all(own.map((made) => readRendered(made, reading)));
    const why = unknown ?? (own.length > 1 ? `${root.kustomization.path} makes several of it` : undefined);
    return found.map((release) => refuse(release, why));
  };

  return async (object) => {
    const { path } = object.file;
    if (users.of(path).length === 0) return [readAsItStands(object, repository)];
    texts.effort.spend(roots.length / IN_A_UNIT.looks);
    const loading = roots.filter(({ closure }) => closure.files.has(path) && !closure.data.has(path));
    const [first] = loading;
    const altered = await whyAltered(object, users, texts.effort);
    if (!first && !namesChart(object)) return [];
    if (!first) {
      const why = altered ?? 'no application of this repository applies the kustomization that it belongs to';
      return [refuse(readHelmRelease(object, repository), why)];
    }
    const isPatch = (await Promise.all(loading.map(patchFiles))).every((files) => files.includes(path));
    if (isPatch) return [];
    const all = await Promise.all(
      loading.map((root) => readIn(object, root, { altered, alone: loading.length === 1 })),
    );
    return all.flat();
  };
}

interface Around {
  readonly altered: string | undefined;
  /** Whether no other root loads the object. */
  readonly alone: boolean;
}

/** A patch of a release most often names none. */
function namesChart({ value }: SourceObject): boolean {
  return ['chart', 'chartRef'].some((key) => isObject(valueAt(value, ['spec', key])));
}

function refuse(release: Release, why: string | undefined): Release {
  const obstacle = release.obstacle ?? why;
  return obstacle === undefined ? release : { ...release, obstacle };
}

type AsItStands =
  | { readonly state: 'known'; readonly namespace: { readonly namespace?: string } }
  | { readonly state: 'changed' };

/** Whether a root takes the object as it stands, but for the namespace that it gives to everything. */
async function namespaceAsItStands(
  { file, found }: SourceObject,
  { kustomization, closure, overrides, appliedBy }: Root,
  alters: (path: string) => Promise<boolean>,
): Promise<AsItStands> {
  const fromOwner = Object.keys(relevantOf(overrides?.value ?? {})).filter((key) => {
    return key !== 'targetNamespace' && key !== 'namespace' && (key !== 'postBuild' || file.text.includes('${'));
  });
  if (fromOwner.length > 0) return { state: 'changed' };
  for (const { path } of closure.kustomizations) if (await alters(path)) return { state: 'changed' };
  const top = textAt(kustomization.value, 'namespace');
  const below = closure.kustomizations.some(({ value }) => textAt(value, 'namespace') !== undefined);
  if (top === undefined && below) return { state: 'changed' };
  const [namespace] = givenNamespaces(top ?? found.namespace, appliedBy);
  return { state: 'known', namespace: namespace === undefined ? {} : { namespace } };
}

/** What of the rendered objects was made of one: by its name, else by the one that has it within its own. */
function madeOf({ found }: SourceObject, rendered: readonly RenderedObject[]): readonly RenderedObject[] {
  const same = rendered.filter((one) => one.found.name === found.name);
  const near = same.filter((one) => one.found.namespace === found.namespace);
  if (same.length > 0) return near.length === 1 ? near : same;
  return rendered.filter((one) => one.found.name.includes(found.name));
}

interface Reading {
  readonly object: SourceObject;
  readonly root: Root;
  readonly repository: Repository;
  readonly files: readonly string[];
}

/** The release as a root renders its object, with the base and the patches as layers where they make up its values. */
async function readRendered({ id, found, value }: RenderedObject, reading: Reading): Promise<Release> {
  const { object, root, repository, files } = reading;
  const { values = null, ...spec } = mapAt(value, 'spec');
  const before = valueAt(object.value, ['spec', 'valuesFrom']);
  // The names of generated ConfigMaps end in a hash there.
  const sameSources = itemsAt(spec, 'valuesFrom').length === itemsAt(mapAt(object.value, 'spec'), 'valuesFrom').length;
  const named = sameSources && before !== undefined ? { ...spec, valuesFrom: before } : spec;
  const made = { ...(isObject(value) ? value : {}), spec: named };
  const [namespace] = givenNamespaces(found.namespace, root.appliedBy);
  const { namespace: _, ...place } = object.found;
  const renamed = { ...place, name: found.name, ...(namespace === undefined ? {} : { namespace }) };
  const release = readHelmRelease({ file: object.file, found: renamed, value: made }, repository);
  const layers = await layersOf(object, files, repository.texts);
  const merged = await mergeLayers(layers, repository.texts);
  const { path } = root.kustomization;
  const placed = { ...release, root, object: id, definedIn: path, layers: [...release.layers, ...layers] };
  if (isDeepStrictEqual(merged, values ?? {})) return placed;
  return refuse(placed, `the values that ${path} makes of ${object.file.path} are not those of its patches in files`);
}

/** The values of the object and of what patches it, lowest first. */
async function layersOf(object: SourceObject, files: readonly string[], texts: Texts): Promise<Layer[]> {
  const { file, found, value } = object;
  const own = {
    path: file.path,
    document: found.document,
    at: [...found.at, 'spec', 'values'],
    form: 'inline' as const,
  };
  const layers: Layer[] = isObject(valueAt(value, ['spec', 'values'])) ? [own] : [];
  for (const path of files) {
    const parsed = (await texts.read(path))?.parsed;
    for (const patch of parsed ? findObjects(parsed) : []) {
      const at = [...patch.at, 'spec', 'values'];
      if (patch.kind !== KIND || patch.name !== found.name) continue;
      if (!isObject(valueAt(parsed?.values[patch.document], at))) continue;
      layers.push({ path, document: patch.document, at, form: 'inline' });
    }
  }
  return layers;
}

async function mergeLayers(layers: readonly Layer[], texts: Texts): Promise<Json | undefined> {
  let merged: Json = {};
  for (const layer of layers) {
    const loaded = await loadLayer(layer, texts);
    if ('reason' in loaded) return undefined;
    texts.effort.spend(loaded.file.text.length / IN_A_UNIT.looks);
    merged = mergeValues(merged, loaded.values);
  }
  return merged;
}

/** The files of a root's patches, in the order in which they are applied: what it includes comes first. */
async function findPatchFiles({ closure }: Root, texts: Texts): Promise<readonly string[]> {
  const files: string[] = [];
  for (const kustomization of closure.kustomizations.toReversed()) {
    for (const patch of patchesOf(kustomization)) {
      texts.effort.spend(1);
      const path = pathOfPatch(patch, kustomization, texts);
      if (path !== undefined && files.length < MOST_PATCHES) files.push(path);
    }
  }
  return files;
}

import type { AppliedSource, ApplyingObject, Deployed, Home } from '../deployed/deployed.ts';
import { judgeReference, SOURCE_GROUP } from '../deployed/read-flux.ts';
import {
  type FoundWorkload,
  findObjects,
  isObject,
  itemsAt,
  type Json,
  mapAt,
  type Path,
  textAt,
  valueAt,
} from '../documents.ts';
import { type Effort, IN_A_UNIT } from '../effort.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { folderOf, KUSTOMIZATION_NAMES, resolvePath } from '../reach.ts';
import { type ChartObjects, findChartSource } from './find-chart-source.ts';
import type { Chart } from './find-charts.ts';
import type { SourceObject } from './find-objects.ts';
import type { Layer, Release } from './release.ts';
import type { RepositoryText } from './texts.ts';

/** What a `HelmRelease` is read with. */
export interface FluxRepository {
  readonly charts: ReadonlyMap<string, Chart>;
  readonly index: ManifestIndex;
  readonly configMaps: ConfigMaps;
  readonly chartObjects: ChartObjects;
  readonly home: Home;
  /** What says what is applied. */
  readonly objects: readonly ApplyingObject[];
  readonly applied: AppliedFiles;
}

/** Who applies what: the applications, and which of this repository apply a file as it stands. */
export interface AppliedFiles {
  readonly all: readonly Deployed[];
  readonly says: boolean;
  ofFile(path: string): readonly Deployed[];
}

/** More than any release has. */
const MOST_SOURCES = 100;

interface FoundConfigMap {
  readonly file: RepositoryText;
  readonly found: FoundWorkload;
}

/** The ConfigMaps of a name. */
export type ConfigMaps = (name: string) => readonly FoundConfigMap[];

/** Looks for each name once, and parses only what holds it. */
export function findConfigMaps(files: readonly RepositoryText[], effort: Effort): ConfigMaps {
  const holding = files.filter((file) => file.text.includes('ConfigMap'));
  const known = new Map<string, readonly FoundConfigMap[]>();
  const find = (name: string) =>
    holding.flatMap((file): FoundConfigMap[] => {
      effort.spend(file.text.length / IN_A_UNIT.searched);
      const parsed = file.text.includes(name) ? file.parsed : undefined;
      const objects = parsed ? findObjects(parsed) : [];
      return objects.filter((one) => one.kind === 'ConfigMap' && one.name === name).map((found) => ({ file, found }));
    });
  return (name) => {
    const found = known.get(name) ?? find(name);
    known.set(name, found);
    return found;
  };
}

/** A Flux `HelmRelease` as a release: `valuesFrom` in order, then `spec.values`. */
export function readHelmRelease(object: SourceObject, repository: FluxRepository): Release {
  const spec = mapAt(object.value, 'spec');
  const own = object.found.namespace;
  const namespace = textAt(spec, 'targetNamespace') ?? own;
  const prefix = textAt(spec, 'targetNamespace');
  const name = textAt(spec, 'releaseName') ?? (prefix ? `${prefix}-${object.found.name}` : object.found.name);
  const { chart, spec: chartSpec } = findChartSource(object, repository);
  const replaced = itemsAt(chartSpec, 'valuesFiles').filter((path) => typeof path === 'string');

  const layers: Layer[] = [];
  const hidden: string[] = [];
  for (const path of chart.kind === 'local' ? replaced : []) {
    const resolved = resolvePath('', path);
    if (resolved !== undefined) layers.push({ path: resolved, document: 0, at: [], form: 'file' });
  }
  for (const reference of itemsAt(spec, 'valuesFrom').slice(0, MOST_SOURCES)) {
    const layer = isObject(reference) ? findValuesFrom(reference, object, repository) : undefined;
    if (layer) layers.push(layer);
    else if (isObject(reference)) hidden.push(`the ${reference.kind} ${reference.name}`);
  }
  if (isObject(valueAt(spec, ['values']))) {
    const at = [...object.found.at, 'spec', 'values'];
    layers.push({ path: object.file.path, document: object.found.document, at, form: 'inline' });
  }
  const rewritten = JSON.stringify(spec.postRenderers ?? null).includes('resources');
  const hiddenKey = itemsAt(spec, 'valuesFrom')
    .map((one) => textAt(one, 'targetPath'))
    .find((key) => /memory|resources/.test(key ?? ''));
  const source = judgeChartSource(chartSpec, object, repository);
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    chart,
    layers,
    withoutDefaults: chart.kind === 'local' && replaced.length > 0,
    set: [],
    hidden,
    definedIn: object.file.path,
    describedBy: object.found.name,
    ...(hiddenKey === undefined ? {} : { obstacle: `valuesFrom sets ${hiddenKey} by targetPath` }),
    ...(chart.kind === 'local' && source.state === 'elsewhere'
      ? { obstacle: `its chart comes from ${source.from}` }
      : {}),
    ...(rewritten ? { obstacle: 'its post-renderers change resources after the chart is rendered' } : {}),
    ...(itemsAt(spec, 'valuesFrom').length > MOST_SOURCES
      ? { obstacle: `it takes values from more than ${MOST_SOURCES} places` }
      : {}),
  };
}

function judgeChartSource(chartSpec: Json, object: SourceObject, { objects, home }: FluxRepository): AppliedSource {
  const sources = objects.filter(({ group }) => group === SOURCE_GROUP);
  const { found, file } = object;
  return judgeReference(mapAt(chartSpec, 'sourceRef'), { path: file.path, namespace: found.namespace }, sources, home);
}

function findValuesFrom(
  reference: { readonly [key: string]: Json },
  object: SourceObject,
  repository: FluxRepository,
): Layer | undefined {
  const name = textAt(reference, 'name');
  if (reference.kind !== 'ConfigMap' || name === undefined || reference.targetPath !== undefined) return undefined;
  const key = textAt(reference, 'valuesKey') ?? 'values.yaml';
  const found = repository.configMaps(name).flatMap((one) => configMapLayer(one, key, object.found.namespace));
  const generated = generatedLayers(repository.index, object.file.path, name, key);
  const [only, ...more] = [...found, ...generated];
  return more.length === 0 ? only : undefined;
}

function configMapLayer({ file, found }: FoundConfigMap, key: string, namespace: string | undefined): Layer[] {
  if (found.namespace !== undefined && namespace !== undefined && found.namespace !== namespace) return [];
  const at: Path = [...found.at, 'data', key];
  const isText = typeof valueAt(file.parsed?.values[found.document], at) === 'string';
  return isText ? [{ path: file.path, document: found.document, at, form: 'text' }] : [];
}

/** A ConfigMap that the kustomization beside the HelmRelease generates from a file. */
function generatedLayers(index: ManifestIndex, path: string, name: string, key: string): Layer[] {
  const folder = folderOf(path);
  const beside = KUSTOMIZATION_NAMES.flatMap((name) => index.graph.kustomizations.get(`${folder}${name}`) ?? []);
  return beside.flatMap(({ value }): Layer[] => {
    return itemsAt(value, 'configMapGenerator').flatMap((generator): Layer[] => {
      if (textAt(generator, 'name') !== name) return [];
      const sources = itemsAt(generator, 'files').flatMap((entry) => (typeof entry === 'string' ? [entry] : []));
      return sources.flatMap((entry): Layer[] => {
        const [to, from] = entry.includes('=') ? entry.split('=', 2) : [entry.split('/').at(-1), entry];
        const target = to === key && from ? resolvePath(folder, from) : undefined;
        return target === undefined ? [] : [{ path: target, document: 0, at: [], form: 'file' }];
      });
    });
  });
}

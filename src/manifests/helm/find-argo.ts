import { type AppliedSource, type ApplyingObject, type Deployed, type Home, UNKNOWN } from '../deployed/deployed.ts';
import { known, readApplicationFolders, readApplier, sayText, sourcesOf } from '../deployed/read-argo.ts';
import { judgeSource } from '../deployed/source.ts';
import {
  isObject,
  isParsed,
  itemsAt,
  type Json,
  mapAt,
  type Path,
  parseManifest,
  textAt,
  valueAt,
} from '../documents.ts';
import { resolvePath } from '../reach.ts';
import { type Chart, inside } from './find-charts.ts';
import type { Layer, Release } from './release.ts';
import type { Texts } from './texts.ts';

/**
 * An Argo CD `Application` as releases, one for each source that is a chart. `valueFiles` in order, above them
 * `valuesObject` or, without one, `values`, above those the parameters.
 */
export function readApplication(object: ApplyingObject, repository: ArgoRepository): readonly Release[] {
  const sources = sourcesOf(object.value);
  return sources.flatMap(({ source, at }) => {
    const folder = resolvePath('', textAt(source, 'path') ?? '?') ?? '?';
    const isChart = textAt(source, 'chart') !== undefined || repository.charts.has(folder);
    if (!isChart) return [];
    const around = {
      ...repository,
      references: referencesOf(
        sources.map((one) => one.source),
        repository.home,
      ),
    };
    return [readSource(object, source, [...at, 'helm'], around)];
  });
}

export interface ArgoRepository {
  readonly charts: ReadonlyMap<string, Chart>;
  readonly texts: Texts;
  readonly home: Home;
}

interface Around extends ArgoRepository {
  readonly references: References;
}

/** Where each name leads by which `$name/path` reaches another source's repository. */
type References = ReadonlyMap<string, AppliedSource>;

function referencesOf(sources: readonly Json[], home: Home): References {
  const named = sources.flatMap((source) => {
    const name = textAt(source, 'ref');
    return name === undefined ? [] : [[name, sourceOf(source, home)] as const];
  });
  return new Map(named);
}

function sourceOf(source: Json, home: Home): AppliedSource {
  return judgeSource(known(textAt(source, 'repoURL')), known(textAt(source, 'targetRevision')), home);
}

function readSource(object: ApplyingObject, source: Json, at: Path, around: Around): Release {
  const helm = mapAt(source, 'helm');
  const remote = textAt(source, 'chart');
  const folder = remote === undefined ? (resolvePath('', textAt(source, 'path') ?? '') ?? '') : '';
  const judged = remote === undefined ? sourceOf(source, around.home) : undefined;
  const layers: Layer[] = [];
  const obstacles: string[] = [];
  if (judged?.state === 'elsewhere') obstacles.push(`${object.path} applies its chart from ${judged.from}`);
  for (const entry of itemsAt(helm, 'valueFiles')) {
    const found = typeof entry === 'string' ? valueFile(entry, folder, around.references) : {};
    if ('elsewhere' in found) obstacles.push(`the values file ${String(entry)} comes from ${found.elsewhere}`);
    else if (found.path !== undefined && around.texts.listed.has(found.path)) layers.push(fileLayer(found.path));
    else if (String(entry).includes(UNKNOWN))
      obstacles.push(`only the cluster knows its values file ${sayText(String(entry))}`);
    else if (helm.ignoreMissingValueFiles !== true) obstacles.push(`the values file ${String(entry)} was not found`);
  }
  layers.push(...inlineLayers(object, helm, at));
  if (itemsAt(helm, 'fileParameters').length > 0) obstacles.push('it sets values from files by fileParameters');
  const destination = mapAt(mapAt(object.value, 'spec'), 'destination');
  const namespace = known(textAt(helm, 'namespace') ?? textAt(destination, 'namespace'));
  const kubeVersion = textAt(helm, 'kubeVersion');
  const name = textAt(helm, 'releaseName') ?? object.name;
  const set = itemsAt(helm, 'parameters').flatMap(parameter);
  if (`${name}${folder}`.includes('{{')) obstacles.push('it is a template itself');
  if (set.join().includes(UNKNOWN)) obstacles.push('only the cluster knows its parameters');
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    chart: remote === undefined ? { kind: 'local', folder } : { kind: 'remote', name: remote },
    layers,
    withoutDefaults: false,
    set,
    ...(kubeVersion && /^v?[\d.]+$/.test(kubeVersion) ? { kubeVersion } : {}),
    hidden: [],
    definedIn: object.path,
    describedBy: object.name,
    appliedBy: remote === undefined ? appliersOf(object, folder, around.home) : [readApplier(object)],
    ...(obstacles[0] === undefined ? {} : { obstacle: obstacles[0] }),
  };
}

function appliersOf(object: ApplyingObject, folder: string, home: Home): readonly Deployed[] {
  const folders = readApplicationFolders(object, home);
  return folders.flatMap((one) => ('why' in one || one.folder !== folder ? [] : [one]));
}

function fileLayer(path: string): Layer {
  return { path, document: 0, at: [], form: 'file' };
}

/** The values that stand in the object itself; what a template fills in is not edited. */
function inlineLayers(object: ApplyingObject, helm: Json, at: Path): Layer[] {
  const { path, place, value, template, writtenBy } = object;
  const key = isObject(valueAt(helm, ['valuesObject']))
    ? 'valuesObject'
    : textAt(helm, 'values')
      ? 'values'
      : undefined;
  if (key === undefined) return [];
  const inline = valueAt(value, [...at, key]) ?? null;
  const form = key === 'values' ? 'text' : 'inline';
  const asWritten = template === undefined ? inline : (valueAt(template, [...at, key]) ?? null);
  if (place !== undefined && JSON.stringify(asWritten) === JSON.stringify(inline))
    return [{ path, document: place.document, at: [...place.at, ...at, key], form }];
  const given = typeof inline === 'string' ? parseManifest(inline) : undefined;
  const fixed = given === undefined ? inline : isParsed(given) ? (given.values[0] ?? null) : null;
  return [{ path, document: 0, at, form: 'inline', fixed: { value: fixed, by: writtenBy ?? 'a template' } }];
}

function valueFile(
  entry: string,
  folder: string,
  references: References,
): { readonly path?: string } | { readonly elsewhere: string } {
  const reference = /^\$([^/]+)\/(.*)$/.exec(entry);
  if (!reference)
    return { path: entry.startsWith('/') ? resolvePath('', entry.slice(1)) : resolvePath(inside(folder), entry) };
  const source = references.get(reference[1] ?? '');
  if (source?.state === 'elsewhere') return { elsewhere: source.from };
  return source === undefined ? {} : { path: resolvePath('', reference[2] ?? '') };
}

function parameter(entry: Json): string[] {
  const name = textAt(entry, 'name');
  const value = valueAt(entry, ['value']);
  if (name === undefined || (typeof value !== 'string' && typeof value !== 'number')) return [];
  return [`${name}=${String(value).replace(/(?<!\\),/g, '\\,')}`];
}

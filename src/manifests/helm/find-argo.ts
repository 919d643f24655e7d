import { isObject, type Json, valueAt } from '../documents.ts';
import { resolvePath } from '../reach.ts';
import { type Chart, inside } from './find-charts.ts';
import { itemsAt, mapAt, type SourceObject, textAt } from './find-objects.ts';
import type { Layer, Release } from './release.ts';
import type { Texts } from './texts.ts';

/**
 * An Argo CD `Application` as a release; none where no source of it is a chart. `valueFiles` in order, above them
 * `valuesObject` or, without one, `values`, above those the parameters.
 */
export function readApplication(
  object: SourceObject,
  charts: ReadonlyMap<string, Chart>,
  texts: Texts,
): Release | undefined {
  const spec = mapAt(object.value, 'spec');
  const single = isObject(valueAt(spec, ['source']));
  const several = itemsAt(spec, 'sources');
  const sources = single ? [mapAt(spec, 'source')] : several;
  for (const [number, source] of sources.entries()) {
    const folder = resolvePath('', textAt(source, 'path') ?? '?') ?? '?';
    const remote = textAt(source, 'chart');
    if (remote === undefined && !charts.has(folder)) continue;
    const at = [...object.found.at, 'spec', ...(single ? ['source'] : ['sources', number]), 'helm'];
    return readSource(object, source, at, { charts, texts, references: referencesOf(several) });
  }
  return undefined;
}

interface Around {
  readonly charts: ReadonlyMap<string, Chart>;
  readonly texts: Texts;
  readonly references: ReadonlySet<string>;
}

/** The names by which `$name/path` reaches another source's repository. */
function referencesOf(sources: readonly Json[]): ReadonlySet<string> {
  return new Set(sources.flatMap((source) => textAt(source, 'ref') ?? []));
}

function readSource(object: SourceObject, source: Json, at: Layer['at'], around: Around): Release {
  const helm = mapAt(source, 'helm');
  const remote = textAt(source, 'chart');
  const folder = remote === undefined ? (resolvePath('', textAt(source, 'path') ?? '') ?? '') : '';
  const layers: Layer[] = [];
  const obstacles: string[] = [];
  for (const entry of itemsAt(helm, 'valueFiles')) {
    const path = typeof entry === 'string' ? valueFile(entry, folder, around.references) : undefined;
    if (path !== undefined && around.texts.listed.has(path)) layers.push({ path, document: 0, at: [], form: 'file' });
    else if (helm.ignoreMissingValueFiles !== true) obstacles.push(`the values file ${String(entry)} was not found`);
  }
  const { path } = object.file;
  const inline = isObject(helm.valuesObject) ? 'valuesObject' : textAt(helm, 'values') ? 'values' : undefined;
  if (inline !== undefined) {
    const form = inline === 'values' ? 'text' : 'inline';
    layers.push({ path, document: object.found.document, at: [...at, inline], form });
  }
  if (itemsAt(helm, 'fileParameters').length > 0) obstacles.push('it sets values from files by fileParameters');
  const destination = mapAt(mapAt(object.value, 'spec'), 'destination');
  const namespace = textAt(helm, 'namespace') ?? textAt(destination, 'namespace');
  const kubeVersion = textAt(helm, 'kubeVersion');
  const templated = `${object.found.name}${folder}`.includes('{{');
  if (templated) obstacles.push('it is a template itself');
  return {
    name: textAt(helm, 'releaseName') ?? object.found.name,
    ...(namespace === undefined ? {} : { namespace }),
    chart: remote === undefined ? { kind: 'local', folder } : { kind: 'remote', name: remote },
    layers,
    withoutDefaults: false,
    set: itemsAt(helm, 'parameters').flatMap(parameter),
    ...(kubeVersion && /^v?[\d.]+$/.test(kubeVersion) ? { kubeVersion } : {}),
    hidden: [],
    definedIn: path,
    describedBy: object.found.name,
    ...(obstacles[0] === undefined ? {} : { obstacle: obstacles[0] }),
  };
}

function valueFile(entry: string, folder: string, references: ReadonlySet<string>): string | undefined {
  const reference = /^\$([^/]+)\/(.*)$/.exec(entry);
  if (reference) return references.has(reference[1] ?? '') ? resolvePath('', reference[2] ?? '') : undefined;
  return entry.startsWith('/') ? resolvePath('', entry.slice(1)) : resolvePath(inside(folder), entry);
}

function parameter(entry: Json): string[] {
  const name = textAt(entry, 'name');
  const value = valueAt(entry, ['value']);
  if (name === undefined || (typeof value !== 'string' && typeof value !== 'number')) return [];
  return [`${name}=${String(value).replace(/(?<!\\),/g, '\\,')}`];
}

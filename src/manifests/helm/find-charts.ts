import { addTo } from '../../text/add-to.ts';
import { isObject, type Json, type Path } from '../documents.ts';
import { folderOf, resolvePath } from '../reach.ts';
import type { Texts } from './texts.ts';

/** A chart of the repository; `folder` is `` for the root, else without a `/` at its end. */
export interface Chart {
  readonly folder: string;
  readonly name: string;
  readonly library: boolean;
  readonly dependencies: readonly Dependency[];
  /** The folders of the charts in its `charts/`. */
  readonly vendored: readonly string[];
}

/** `folder` is set where a `file://` repository names a chart of this repository. */
export interface Dependency {
  readonly name: string;
  readonly key: string;
  readonly folder?: string;
}

/** A chart's folder below another's `charts/`, with the key under which the parent's values reach it. */
export interface Subchart {
  readonly chart: Chart;
  readonly mount: Path;
}

/** Every chart of the repository by its folder. One whose `Chart.yaml` cannot be read is left out. */
export async function findCharts(texts: Texts): Promise<ReadonlyMap<string, Chart>> {
  const charts = new Map<string, Chart>();
  const paths = [...texts.listed.keys()].filter((path) => path === 'Chart.yaml' || path.endsWith('/Chart.yaml'));
  const folders = new Map(paths.sort().map((path) => [path, folderOf(path).replace(/\/$/, '')]));
  const vendored = groupVendored([...folders.values()]);
  for (const [path, folder] of folders) {
    const value = (await texts.read(path))?.parsed?.values[0];
    if (!isObject(value) || typeof value.name !== 'string') continue;
    const listed = Array.isArray(value.dependencies) ? value.dependencies : [];
    charts.set(folder, {
      folder,
      name: value.name,
      library: value.type === 'library',
      dependencies: listed.slice(0, MOST_DEPENDENCIES).flatMap((entry: Json) => readDependency(folder, entry)),
      vendored: vendored.get(folder) ?? [],
    });
  }
  return charts;
}

/** Nobody names more. */
const MOST_DEPENDENCIES = 500;

/** The folders of charts by the folder of the chart that has them in its `charts/`. */
function groupVendored(folders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const folder of folders) {
    const parent = /^(?:(.*)\/)?charts\/[^/]+$/.exec(folder);
    if (parent) addTo(groups, parent[1] ?? '', folder);
  }
  return groups;
}

/** A name becomes a folder of the chart's copy. */
const CHART_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,250}$/;

function readDependency(folder: string, entry: Json): Dependency[] {
  if (!isObject(entry) || typeof entry.name !== 'string' || !CHART_NAME.test(entry.name)) return [];
  const key = typeof entry.alias === 'string' ? entry.alias : entry.name;
  const repository = typeof entry.repository === 'string' ? entry.repository : '';
  const named = repository.startsWith('file://')
    ? resolvePath(inside(folder), repository.slice('file://'.length))
    : undefined;
  return [{ name: entry.name, key, ...(named === undefined ? {} : { folder: named }) }];
}

/** `` or the folder with a `/` at its end: what paths below it begin with. */
export function inside(folder: string): string {
  return folder === '' ? '' : `${folder}/`;
}

/** Whether a chart is part of another one, and so no release's own. */
export function isSubchart(folder: string, charts: ReadonlyMap<string, Chart>): boolean {
  const steps = folder.split('/');
  return steps.some(
    (step, at) => step === 'charts' && at < steps.length - 1 && charts.has(steps.slice(0, at).join('/')),
  );
}

/**
 * The repository's files that make up a chart, by their path within it. A dependency that is a folder of this repository
 * and is not vendored is put where `helm dependency build` would put it.
 */
export function chartFiles(
  folder: string,
  charts: ReadonlyMap<string, Chart>,
  texts: Texts,
  seen: readonly string[] = [],
  visits = { left: MOST_VISITS },
): Map<string, string> {
  const prefix = inside(folder);
  const below = texts.below(prefix).map((path) => [path.slice(prefix.length), path] as const);
  // A chart at the root of a repository has much beside it that is none of it.
  const files = new Map(below.length <= MOST_FILES ? below : below.filter(([within]) => PART_OF_CHART.test(within)));
  for (const dependency of charts.get(folder)?.dependencies ?? []) {
    const source = dependency.folder;
    if (source === undefined || !charts.has(source) || seen.includes(source)) continue;
    if (seen.length >= DEEPEST || files.size > MOST_FILES || --visits.left < 0) break;
    if (isVendored(dependency.name, [...files.keys()])) continue;
    for (const [within, path] of chartFiles(source, charts, texts, [...seen, folder], visits)) {
      files.set(`charts/${dependency.name}/${within}`, path);
    }
  }
  return files;
}

const MOST_FILES = 2000;
/** Charts that name each other by `file://` would else be copied into each other without end. */
const DEEPEST = 3;
const MOST_VISITS = 500;
const PART_OF_CHART = /^(Chart\.yaml$|Chart\.lock$|values[^/]*\.ya?ml$|\.helmignore$|(templates|charts|crds)\/)/;

function isVendored(name: string, files: readonly string[]): boolean {
  return files.some((path) => {
    const archive = path.startsWith(`charts/${name}-`) && path.endsWith('.tgz');
    // `redis-cluster-1.0.0.tgz` is no redis.
    const version = archive && /^v?\d/.test(path.slice(`charts/${name}-`.length));
    return path.startsWith(`charts/${name}/`) || version;
  });
}

/** The dependencies of a chart that are not among its files. */
export function absentFrom(chart: Chart | undefined, files: ReadonlyMap<string, string>): readonly Dependency[] {
  const below = [...files.keys()].filter((path) => path.startsWith('charts/'));
  return (chart?.dependencies ?? []).filter(({ name }) => !isVendored(name, below));
}

/** The charts below a chart, itself first, each with its place in the values: an alias may give one several. */
export function subcharts(
  folder: string,
  charts: ReadonlyMap<string, Chart>,
  mount: Path = [],
  seen: readonly string[] = [],
  visits = { left: MOST_VISITS },
): Subchart[] {
  const chart = charts.get(folder);
  if (!chart || seen.includes(folder) || seen.length > DEEPEST || --visits.left < 0) return [];
  const { vendored: below } = chart;
  const linked = chart.dependencies.flatMap(({ folder: source }) =>
    source !== undefined && !below.includes(source) ? [source] : [],
  );
  const nested = [...new Set([...below, ...linked])].flatMap((child) => {
    const name = charts.get(child)?.name ?? '';
    const keys = chart.dependencies.filter((one) => one.name === name).map((one) => one.key);
    return (keys.length === 0 ? [name] : keys).flatMap((key) =>
      subcharts(child, charts, [...mount, key], [...seen, folder], visits),
    );
  });
  return [{ chart, mount }, ...nested];
}

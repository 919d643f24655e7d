import { MIB } from '../../bytes.ts';
import type { Json, Path } from '../documents.ts';
import { IN_A_UNIT } from '../effort.ts';
import type { WhyNot } from '../readable.ts';
import { absentFrom, type Chart, chartFiles, type Dependency, inside, subcharts } from './find-charts.ts';
import type { PlacedRelease, Release } from './release.ts';
import type { Texts } from './texts.ts';
import { type LoadedLayer, loadLayer, mergeValues, mounted } from './values.ts';

/** A release of a chart in the repository, with all that it is rendered from. */
export interface LoadedRelease {
  readonly release: PlacedRelease;
  readonly folder: string;
  /** What the release adds to the chart's own values, lowest first. */
  readonly layers: readonly LoadedLayer[];
  /** The chart's own `values.yaml`, where it has one that counts. */
  readonly defaults?: LoadedLayer;
  /** The own values of the charts below it, those that count most last. */
  readonly below: readonly BelowLayer[];
  /** All values as the chart sees them, as far as they could be read. */
  readonly merged: Json;
  /** The chart's files of the repository by their path within it. */
  readonly files: ReadonlyMap<string, string>;
  /** Dependencies that are not in the repository; it is rendered without them. */
  readonly absent: readonly Dependency[];
  /** Keys whose `resources` the chart's templates mention. */
  readonly mentions: readonly Path[];
}

/** A lower chart's own values and the keys under which they reach it. */
export interface BelowLayer {
  readonly mount: Path;
  readonly layer: LoadedLayer;
}

interface Repository {
  readonly texts: Texts;
  readonly charts: ReadonlyMap<string, Chart>;
}

/** More than anybody names, and of sizes that nobody merges. */
const MOST_LAYERS = 100;
const MOST_CHARACTERS = 2 * MIB;
const MOST_MENTIONS = 5000;

/** Reads a release's own values, without those of its chart, or says why they cannot be known. */
export async function loadLayers({ layers }: Release, texts: Texts): Promise<readonly LoadedLayer[] | WhyNot> {
  const over = (what: string): WhyNot => ({ reason: 'over budget', why: `not judged: its values have ${what}` });
  if (layers.length > MOST_LAYERS) return over(`more than ${MOST_LAYERS} sources`);
  const found: LoadedLayer[] = [];
  let characters = 0;
  for (const layer of layers) {
    const loaded = await loadLayer(layer, texts);
    if ('reason' in loaded) return loaded;
    characters += loaded.file.text.length;
    if (characters > MOST_CHARACTERS) return over('more than 2 MB');
    found.push(loaded);
  }
  return found;
}

/** Reads a release's chart and values, or says why it cannot be rendered. */
export async function loadRelease(release: PlacedRelease, repository: Repository): Promise<LoadedRelease | WhyNot> {
  const { texts, charts } = repository;
  if (release.chart.kind === 'remote')
    return { reason: 'rendered', why: `the chart ${release.chart.name} is not here` };
  const { folder } = release.chart;
  const layers = await loadLayers(release, texts);
  if ('reason' in layers) return layers;
  const files = chartFiles(folder, charts, texts);
  const links = [...files].filter(([, path]) => texts.listed.get(path)?.type !== 'file');
  const link = links.find(([within]) => /^(templates|charts|crds)\/|^(Chart|values)\.yaml$/.test(within));
  if (link) return { reason: 'unsafe file', why: `the chart holds ${link[1]}, which is a link or a submodule` };
  // A chart at the root of the repository has much beside it that is none of it.
  for (const [within] of links) files.delete(within);

  let merged = await packedValues(files, charts.get(folder)?.dependencies ?? [], texts);
  let defaults: LoadedLayer | undefined;
  const mentions: Path[] = [];
  const below: BelowLayer[] = [];
  const merge = (values: Json, size: number) => {
    // Whatever was merged before is copied where the two meet.
    texts.effort.spend(size / IN_A_UNIT.looks);
    merged = mergeValues(merged, values);
  };
  for (const { chart, mount } of subcharts(folder, charts).reverse()) {
    const path = `${inside(chart.folder)}values.yaml`;
    for (const mention of await findMentions(chart.folder, mount, texts)) {
      if (mentions.length < MOST_MENTIONS) mentions.push(mention);
    }
    if ((mount.length === 0 && release.withoutDefaults) || !texts.listed.has(path)) continue;
    const loaded = await loadLayer({ path, document: 0, at: [], form: 'file' }, texts);
    if ('reason' in loaded) return loaded;
    merge(mounted(loaded.values, mount), loaded.file.text.length);
    if (mount.length === 0) defaults = loaded;
    else below.push({ mount, layer: loaded });
  }
  for (const layer of layers) merge(layer.values, layer.file.text.length);
  const absent = absentFrom(charts.get(folder), files);
  return { release, folder, layers, merged, files, absent, mentions, below, ...(defaults ? { defaults } : {}) };
}

const MOST_ARCHIVES = 50;

/** The values of the packed charts in a chart's `charts/`, where the chart's own values reach them. */
async function packedValues(
  files: ReadonlyMap<string, string>,
  dependencies: readonly Dependency[],
  texts: Texts,
): Promise<Json> {
  let merged: Json = {};
  const archives = [...files].filter(([within]) => /^charts\/[^/]+\.tgz$/.test(within));
  for (const [, path] of archives.slice(0, MOST_ARCHIVES)) {
    for (const { names, values } of await texts.packed(path)) {
      const [name = '', ...below] = names;
      const keys = dependencies.filter((one) => one.name === name).map(({ key }) => key);
      for (const key of keys.length === 0 ? [name] : keys) {
        merged = mergeValues(merged, mounted(values, [key, ...below]));
      }
    }
  }
  return merged;
}

/** The paths of `.Values.….resources` in a chart's own templates. */
async function findMentions(folder: string, mount: Path, texts: Texts): Promise<Path[]> {
  const prefix = `${inside(folder)}templates/`;
  const found = new Set<string>();
  for (const path of texts.below(prefix)) {
    if (!/\.(ya?ml|tpl|txt)$/.test(path)) continue;
    const text = (await texts.read(path))?.text ?? '';
    for (const [, keys = ''] of text.matchAll(/\.Values((?:\.\w+)+)/g)) if (/resources$/i.test(keys)) found.add(keys);
  }
  return [...found].sort().map((keys) => [...mount, ...keys.slice(1).split('.')]);
}

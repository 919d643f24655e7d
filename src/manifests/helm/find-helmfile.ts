import { isObject, itemsAt, type Json, textAt } from '../documents.ts';
import { IN_A_UNIT } from '../effort.ts';
import { folderOf, resolvePath } from '../reach.ts';
import { chartsMeant } from './charts-meant.ts';
import type { Chart } from './find-charts.ts';
import type { Layer, Release } from './release.ts';
import type { RepositoryText, Texts } from './texts.ts';

interface Repository {
  readonly texts: Texts;
  readonly charts: ReadonlyMap<string, Chart>;
}

const HELMFILE =
  /(?:^|\/)(?:helmfile|[^/]+\.helmfile)\.ya?ml(?:\.gotmpl)?$|(?:^|\/)helmfile\.d\/[^/]+\.ya?ml(?:\.gotmpl)?$/;

/** More than any repository has: helmfiles, releases of one, values of one. */
const MOST_HELMFILES = 200;
const MOST_RELEASES = 500;
const MOST_VALUES = 100;

/**
 * The releases that helmfiles describe. One that is written with templates, or uses what is not read, is only named, for
 * every chart that it may mean.
 */
export async function readHelmfiles({ texts, charts }: Repository): Promise<Release[]> {
  const paths = [...texts.listed.keys()].filter((path) => HELMFILE.test(path)).sort();
  const found: Release[] = [];
  for (const path of paths.slice(0, MOST_HELMFILES)) {
    const file = await texts.read(path);
    if (!file) continue;
    texts.effort.spend(file.text.length / IN_A_UNIT.looks);
    const { parsed } = file;
    if (!parsed || file.text.includes('{{')) {
      found.push(...readLines(file, charts));
      continue;
    }
    for (const [document, value] of parsed.values.entries()) {
      for (const [number, entry] of itemsAt(value, 'releases').slice(0, MOST_RELEASES).entries()) {
        if (!isObject(entry) || entry.installed === false) continue;
        const namespace = textAt(entry, 'namespace') ?? textAt(value, 'namespace') ?? 'default';
        const place = { path, document, at: ['releases', number] };
        found.push({ ...readEntry(entry, place, { texts, charts }), namespace });
      }
    }
  }
  return found;
}

type Entry = { readonly [key: string]: Json };

/** What changes a release in ways that are not read. */
const NOT_READ = [
  'secrets',
  'strategicMergePatches',
  'jsonPatches',
  'transformers',
  'valuesTemplate',
  'setTemplate',
  'inherit',
  'dependencies',
  'postRenderer',
];

function readEntry(
  entry: Entry,
  place: Pick<Layer, 'path' | 'document' | 'at'>,
  { texts, charts }: Repository,
): Omit<Release, 'namespace'> {
  const { path } = place;
  const folder = folderOf(path);
  const obstacles = NOT_READ.filter((key) => entry[key] !== undefined).map((key) => `${path} describes it with ${key}`);
  const layers: Layer[] = [];
  for (const [number, value] of itemsAt(entry, 'values').slice(0, MOST_VALUES).entries()) {
    const layer = readValues(value, number, { place, texts });
    if (typeof layer === 'string') obstacles.push(layer);
    else if (layer) layers.push(layer);
  }
  const set = itemsAt(entry, 'set').slice(0, MOST_VALUES).map(readSetting);
  if (set.includes(undefined) || itemsAt(entry, 'setString').length > 0)
    obstacles.push(`${path} sets values that are not read`);
  const chart = textAt(entry, 'chart') ?? '';
  const [local] = chartsMeant(folder, chart, charts);
  return {
    name: textAt(entry, 'name') ?? '',
    chart: local === undefined ? { kind: 'remote', name: chart } : { kind: 'local', folder: local },
    layers,
    withoutDefaults: false,
    set: set.filter((pair) => pair !== undefined),
    hidden: [],
    definedIn: path,
    ...(obstacles[0] === undefined ? {} : { obstacle: obstacles[0] }),
  };
}

function readValues(
  value: Json,
  number: number,
  { place, texts }: { readonly place: Pick<Layer, 'path' | 'document' | 'at'>; readonly texts: Texts },
): Layer | string | undefined {
  if (isObject(value)) return { ...place, at: [...place.at, 'values', number], form: 'inline' };
  if (typeof value !== 'string') return undefined;
  const path = resolvePath(folderOf(place.path), value);
  if (path === undefined || !texts.listed.has(path)) return `the values file ${value} was not found`;
  if (!/\.(?:ya?ml|json)$/.test(path)) return `its values file ${path} is a template`;
  return { path, document: 0, at: [], form: 'file' };
}

function readSetting(entry: Json): string | undefined {
  const name = textAt(entry, 'name');
  const value = isObject(entry) ? entry.value : undefined;
  if (name === undefined || (typeof value !== 'string' && typeof value !== 'number')) return undefined;
  return `${name}=${String(value).replace(/(?<!\\),/g, '\\,')}`;
}

const LINE = /^\s{0,40}(-\s{1,10})?(name|namespace|chart):\s{1,20}["']?([^\n"'#]{1,300})/;

/** The releases in a text that cannot be read as YAML, line by line: only what they may be. */
function readLines({ path, text }: RepositoryText, charts: ReadonlyMap<string, Chart>): Release[] {
  const found: Release[] = [];
  let entry: Record<string, string> = {};
  const end = () => {
    const { chart } = entry;
    if (chart === undefined || found.length >= MOST_RELEASES) return;
    const obstacle = `${path} describes it with templates`;
    const name = entry.name === undefined || entry.name.includes('{{') ? 'a release' : entry.name;
    const { namespace } = entry;
    const more = { layers: [], withoutDefaults: false, set: [], hidden: [], definedIn: path, obstacle };
    const isWhole = namespace !== undefined && !namespace.includes('{{');
    for (const folder of chartsMeant(folderOf(path), chart, charts).slice(0, MOST_RELEASES)) {
      found.push({ name, ...(isWhole ? { namespace } : {}), chart: { kind: 'local', folder }, ...more });
    }
  };
  for (const line of text.split('\n')) {
    if (/^\s{0,40}-\s/.test(line)) {
      end();
      entry = {};
    }
    const [, , key, value] = LINE.exec(line) ?? [];
    if (key !== undefined && value !== undefined) entry[key] = value.trim();
  }
  end();
  return found;
}

import { MIB } from '../../bytes.ts';
import { IN_A_UNIT } from '../effort.ts';
import { folderOf, resolvePath } from '../reach.ts';
import { chartsMeant } from './charts-meant.ts';
import type { Chart } from './find-charts.ts';
import type { Layer, Release } from './release.ts';
import { scanTerraform, type WrittenRelease } from './scan-terraform.ts';
import type { Texts } from './texts.ts';

interface Repository {
  readonly texts: Texts;
  readonly charts: ReadonlyMap<string, Chart>;
}

/** Of all Terraform files that are searched, and of the releases that are found. */
const MOST_BYTES = 16 * MIB;
const MOST_RELEASES = 1000;

/**
 * The releases that Terraform's `helm_release` describes by plain values. One with expressions that would have to be
 * evaluated is only named, for every chart that it may mean.
 */
export async function readTerraform({ texts, charts }: Repository): Promise<Release[]> {
  const found: Release[] = [];
  if (charts.size === 0) return found;
  let bytes = 0;
  const paths = [...texts.listed.keys()].filter((path) => path.endsWith('.tf')).sort();
  for (const path of paths) {
    bytes += texts.listed.get(path)?.size ?? 0;
    if (bytes > MOST_BYTES) break;
    const text = (await texts.read(path))?.text ?? '';
    texts.effort.spend(text.length / IN_A_UNIT.searched);
    if (!text.includes('helm_release')) continue;
    texts.effort.spend(text.length / IN_A_UNIT.looks);
    for (const written of scanTerraform(text)) found.push(...readWritten(written, path, { texts, charts }));
    if (found.length > MOST_RELEASES) break;
  }
  return found.slice(0, MOST_RELEASES);
}

/** What changes a release in ways that are not read. */
const NOT_READ = [
  'set',
  'set_list',
  'set_sensitive',
  'set_wo',
  'postrender',
  'count',
  'for_each',
  'dynamic',
  'reuse_values',
  '?',
];

function readWritten({ attributes, blocks }: WrittenRelease, path: string, repository: Repository): Release[] {
  const { texts, charts } = repository;
  const [name, namespace] = [literalOf(attributes.get('name')), literalOf(attributes.get('namespace') ?? '"default"')];
  const chart = pathOf(attributes.get('chart'));
  const { layers, isPlain: isRead } = readValues(attributes.get('values'), folderOf(path), texts);
  const isPlain = isRead && [name, namespace, chart].every((one) => one !== undefined);
  const changed = NOT_READ.some((key) => blocks.includes(key) || attributes.has(key));
  const obstacle = isPlain && !changed ? undefined : `${path} describes it by expressions that are not evaluated`;
  const release = {
    name: name ?? 'a release',
    ...(namespace === undefined ? {} : { namespace }),
    layers,
    withoutDefaults: false,
    set: [],
    hidden: [],
    definedIn: path,
    ...(obstacle === undefined ? {} : { obstacle }),
  };
  const meant = attributes.has('repository')
    ? []
    : chartsMeant(folderOf(path), chart ?? withoutModule(attributes), charts);
  if (meant.length > 0) return meant.map((folder) => ({ ...release, chart: { kind: 'local', folder } }));
  return [{ ...release, chart: { kind: 'remote', name: chart ?? '?' } }];
}

const LITERAL = /^"((?:[^"$%{}\\]){0,500})"$/;
const MODULE = /^"(?:\$\{path\.module\}\/)?([^"$%{}\\]{0,500})"$/;

function literalOf(written: string | undefined): string | undefined {
  return written === undefined ? undefined : LITERAL.exec(written)?.[1];
}

function pathOf(written: string | undefined): string | undefined {
  return written === undefined ? undefined : MODULE.exec(written)?.[1];
}

/** The chart's expression as a path as far as it begins like one. */
function withoutModule(attributes: WrittenRelease['attributes']): string {
  const written = /^"(?:\$\{path\.module\}\/)?([^"]{1,500})/.exec(attributes.get('chart') ?? '');
  return written?.[1] ?? '';
}

/** The files of values; not `isPlain` where something besides them gives some. */
interface ReadValues {
  readonly layers: readonly Layer[];
  readonly isPlain: boolean;
}

/** The values files of a list of `file("…")`, and whether there is nothing else in it. */
function readValues(written: string | undefined, folder: string, texts: Texts): ReadValues {
  if (written === undefined) return { layers: [], isPlain: true };
  const inner = /^\[([^\]]{0,5000})\]$/.exec(written)?.[1];
  if (inner === undefined) return { layers: [], isPlain: false };
  const layers: Layer[] = [];
  let isPlain = true;
  for (const item of inner.split(',').map((one) => one.trim())) {
    if (item === '') continue;
    const named = pathOf(/^file\(\s{0,100}("[^"\n]{0,500}")\s{0,100}\)$/.exec(item)?.[1]);
    const path = named === undefined ? undefined : resolvePath(folder, named);
    if (path === undefined || !texts.listed.has(path)) isPlain = false;
    else layers.push({ path, document: 0, at: [], form: 'file' });
  }
  return { layers, isPlain };
}

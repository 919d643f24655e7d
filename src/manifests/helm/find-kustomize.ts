import { workloadKinds } from '../../model/kinds.ts';
import { givenNamespaces } from '../deployed/find-namespace.ts';
import { itemsAt, type Json, mapAt, textAt } from '../documents.ts';
import { IN_A_UNIT } from '../effort.ts';
import { sayUnknown } from '../find-definitions.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import type { Root } from '../kustomize/find-roots.ts';
import type { Kustomization } from '../kustomize/load-graph.ts';
import { relevantOf } from '../kustomize/overrides.ts';
import { resolvePath } from '../reach.ts';
import { remember } from '../remember.ts';
import { altersKind } from './alters-kind.ts';
import { type Chart, inside } from './find-charts.ts';
import type { Users } from './find-objects.ts';
import type { ChartSource, Layer, Release } from './release.ts';
import type { Texts } from './texts.ts';

interface Repository {
  readonly texts: Texts;
  readonly charts: ReadonlyMap<string, Chart>;
  readonly index: ManifestIndex;
  /** Every kustomization that is applied by itself. */
  readonly roots: readonly Root[];
}

/** More than any kustomization has: charts, values files of one, and kustomizations that include it. */
const MOST_CHARTS = 100;
const MOST_FILES = 100;
const MOST_INCLUDING = 200;

/**
 * The charts that `helmCharts` of kustomizations render, as releases: one for each root that includes the kustomization and
 * each namespace that it gives. Whatever changes the chart's workloads afterwards is an obstacle.
 */
export async function readHelmCharts(repository: Repository, users: Users): Promise<Release[]> {
  const { index, texts, roots } = repository;
  const { kustomizations } = index.graph;
  const alters = remember((path: string) => altersKind(kustomizations.get(path), workloadKinds, texts));
  const found: Release[] = [];
  for (const kustomization of kustomizations.values()) {
    const entries = [...chartsOf(kustomization), ...oldChartsOf(kustomization)];
    if (entries.length === 0) continue;
    texts.effort.spend(roots.length / IN_A_UNIT.looks);
    for (const root of roots.filter(({ closure }) => closure.files.has(kustomization.path))) {
      const above = await lookAbove(kustomization, root, { repository, users, alters });
      for (const entry of entries) found.push(...releasesOf({ kustomization, entry, root }, above, repository));
    }
  }
  return found;
}

function releasesOf(
  { kustomization, entry, root }: { readonly kustomization: Kustomization; readonly entry: Entry; readonly root: Root },
  above: Above,
  repository: Repository,
): Release[] {
  const release = readEntry(kustomization, entry, repository);
  const given = namespacesOf(entry, above);
  const obstacle = release.obstacle ?? above.altered ?? given.clash;
  const [applier, ...more] = root.appliedBy;
  return given.namespaces.map((namespace) => ({
    ...release,
    root,
    definedIn: root.kustomization.path,
    ...(namespace === undefined ? {} : { namespace }),
    ...(applier && more.length === 0 ? { describedBy: applier.name } : {}),
    ...(obstacle === undefined ? {} : { obstacle }),
  }));
}

interface Entry {
  readonly value: Json;
  readonly at: Layer['at'];
  /** The field of older versions, whose values are not read. */
  readonly old?: true;
}

function chartsOf({ value }: Kustomization): Entry[] {
  const entries = itemsAt(value, 'helmCharts').slice(0, MOST_CHARTS);
  return entries.map((entry, number) => ({ value: entry, at: ['helmCharts', number] }));
}

function oldChartsOf({ value }: Kustomization): Entry[] {
  const field = 'helmChartInflationGenerator';
  const entries = itemsAt(value, field).slice(0, MOST_CHARTS);
  return entries.map((entry, number) => ({ value: entry, at: [field, number], old: true }));
}

function readEntry({ path, folder, value }: Kustomization, entry: Entry, repository: Repository): Release {
  const chart = findChart(folder, value, entry, repository);
  const found = entry.old
    ? { layers: [], obstacle: 'helmChartInflationGenerator describes it, which is not read' }
    : readLayers({ path, folder }, entry, chart, repository);
  const release = textAt(entry.value, 'releaseName');
  const name = textAt(entry.value, 'name') ?? textAt(entry.value, 'chartName') ?? '';
  return {
    name: release ?? name,
    chart,
    layers: found.layers,
    withoutDefaults: false,
    set: [],
    hidden: [],
    definedIn: path,
    ...(found.obstacle === undefined ? {} : { obstacle: found.obstacle }),
  };
}

/** One with a version and a `repo` is kept in a folder of its own below the home of charts. */
function findChart(folder: string, kustomization: Json, { value }: Entry, { charts }: Repository): ChartSource {
  const name = textAt(value, 'name') ?? textAt(value, 'chartName') ?? '';
  const [repo, version] = [textAt(value, 'repo'), textAt(value, 'version')];
  const home = textAt(mapAt(kustomization, 'helmGlobals'), 'chartHome') ?? textAt(value, 'chartHome') ?? 'charts';
  const own = repo !== undefined && version !== undefined ? `${home}/${name}-${version}/${name}` : `${home}/${name}`;
  const resolved = resolvePath(folder, own);
  return resolved !== undefined && charts.has(resolved)
    ? { kind: 'local', folder: resolved }
    : { kind: 'remote', name };
}

interface Read {
  readonly layers: readonly Layer[];
  readonly obstacle?: string;
}

/**
 * The values file (the chart's own where none is named) and the inline values: `override` puts the inline ones above,
 * `merge` below, `replace` does without the file. What `additionalValuesFiles` name comes above both.
 */
function readLayers(
  { path, folder }: Pick<Kustomization, 'path' | 'folder'>,
  { value, at }: Entry,
  chart: ChartSource,
  { texts }: Repository,
): Read {
  const fileAt = (file: string): Layer | string => {
    const resolved = resolvePath(folder, file);
    if (resolved === undefined || !texts.listed.has(resolved)) return `the values file ${file} was not found`;
    return { path: resolved, document: 0, at: [], form: 'file' };
  };
  const named = textAt(value, 'valuesFile');
  const more = itemsAt(value, 'additionalValuesFiles').slice(0, MOST_FILES);
  const additional = more.map((file) => fileAt(typeof file === 'string' ? file : '?'));
  const own = chart.kind === 'local' ? `${inside(chart.folder)}values.yaml` : undefined;
  const byDefault = own !== undefined && texts.listed.has(own) ? [ownLayer(own)] : [];
  const file = named === undefined ? byDefault : [fileAt(named)];
  const order = mergeOrder(value, file, [{ path, document: 0, at: [...at, 'valuesInline'], form: 'inline' }]);
  if (typeof order === 'string') return { layers: [], obstacle: order };
  const all = [...order, ...additional];
  const missing = all.find((layer) => typeof layer === 'string');
  // The chart's own values lie below everything anyhow.
  const layers = all.filter((layer) => typeof layer !== 'string');
  const counted = layers[0]?.path === own ? layers.slice(1) : layers;
  return { layers: counted, ...(missing === undefined ? {} : { obstacle: missing }) };
}

function ownLayer(path: string): Layer {
  return { path, document: 0, at: [], form: 'file' };
}

function mergeOrder<Item>(value: Json, file: readonly Item[], inline: readonly Item[]): readonly Item[] | string {
  if (Object.keys(mapAt(value, 'valuesInline')).length === 0) return file;
  const how = textAt(value, 'valuesMerge') ?? 'override';
  if (how === 'override') return [...file, ...inline];
  if (how === 'merge') return [...inline, ...file];
  return how === 'replace' ? inline : `its valuesMerge is ${how}, which kustomize does not know`;
}

interface Looking {
  readonly repository: Repository;
  readonly users: Users;
  readonly alters: (path: string) => Promise<boolean>;
}

/** What a root makes of what a kustomization below it renders to. */
interface Above {
  /** The namespaces that it gives; `undefined` for none. */
  readonly namespaces: readonly (string | undefined)[];
  readonly altered?: string;
}

async function lookAbove(kustomization: Kustomization, root: Root, looking: Looking): Promise<Above> {
  const { repository, users, alters } = looking;
  const { graph } = repository.index;
  const within = new Set(root.closure.kustomizations.map(({ path }) => path));
  const namespaces = new Set<string | undefined>();
  const waiting = [{ path: kustomization.path, namespace: undefined as string | undefined }];
  const seen = new Set<string>();
  for (const { path, namespace: below } of waiting) {
    const one = graph.kustomizations.get(path);
    const namespace = textAt(one?.value, 'namespace') ?? below;
    const key = JSON.stringify([path, namespace]);
    if (!one || !within.has(path) || seen.has(key)) continue;
    seen.add(key);
    if (seen.size > MOST_INCLUDING) return { namespaces: [namespace], altered: 'too many kustomizations include it' };
    repository.texts.effort.spend(1);
    const components = one.includes.filter(
      (path) => textAt(graph.kustomizations.get(path)?.value, 'kind') === 'Component',
    );
    for (const changing of [path, ...components]) {
      if (await alters(changing))
        return { namespaces: [namespace], altered: `${changing} changes what the chart makes` };
    }
    if (path === root.kustomization.path) namespaces.add(namespace);
    waiting.push(...users.of(path).map((user) => ({ path: user.path, namespace })));
  }
  const altered = alteredByOwner(root);
  const given = [...namespaces].flatMap((namespace) => givenNamespaces(namespace, root.appliedBy));
  return { namespaces: given, ...(altered === undefined ? {} : { altered }) };
}

/** What applies a root may patch it as well. */
function alteredByOwner({ overrides, unknown, appliedBy: [first] }: Root): string | undefined {
  if (unknown) return sayUnknown(unknown);
  const changing = Object.keys(relevantOf(overrides?.value ?? {})).filter((key) => !NAMESPACES.includes(key));
  return changing.length === 0 ? undefined : `${first?.definedIn ?? 'what applies it'} changes what the chart makes`;
}

const NAMESPACES = ['targetNamespace', 'namespace'];

function namespacesOf(
  { value }: Entry,
  { namespaces }: Above,
): { readonly namespaces: readonly (string | undefined)[]; readonly clash?: string } {
  const own = textAt(value, 'namespace');
  const given = [...new Set(namespaces.map((namespace) => namespace ?? own))];
  const other = given.find((namespace) => own !== undefined && namespace !== own);
  if (other === undefined) return { namespaces: given };
  return { namespaces: given, clash: `it is rendered for ${own} and moved to ${other} afterwards` };
}

import type { Application, DecidedBy, Declared, DeclaredContainer, Unread } from '../../model/declared.ts';
import { addTo } from '../../text/add-to.ts';
import { declareContainers, mayDeclare, NOT_LOOKED_FOR, onlyUnread, readEach } from '../declare.ts';
import { type ClusterContext, otherCluster } from '../deployed/other-cluster.ts';
import { IN_A_UNIT, withinEffort } from '../effort.ts';
import { baseName, folderOf } from '../reach.ts';
import type { Miss } from '../readable.ts';
import { objectsOf, type RenderedObject } from '../rendering/rendered.ts';
import type { ApplicationInputs, DeclaredScope } from '../way.ts';
import { sayCharts } from './absent-charts.ts';
import { createKeyFinder } from './deciding-layer.ts';
import { inside } from './find-charts.ts';
import { type Environment, namedEnvironments } from './find-environments.ts';
import { OPTION } from './find-releases.ts';
import type { MemoryKey } from './memory-keys.ts';
import type { Hit } from './probe.ts';
import type { Rendered } from './prove.ts';
import { appliersOf, type PlacedRelease, place, type Release, sayRelease } from './release.ts';
import { HELM_MISSING, isDescribed, releaseOf, type Session, unknownEnvironments } from './session.ts';
import { templateOf } from './template-of.ts';

/** Stands in where nothing says a release's namespace; what it gives one to has none. */
const UNKNOWN_NAMESPACE = 'namespace-not-known';

/** What the releases declare, and the environments that no release stands for. */
export async function readReleases(
  session: Session | Miss,
  scope: DeclaredScope,
  clusters: ClusterContext,
): Promise<Declared> {
  if ('reason' in session) return onlyUnread({ path: '', reason: session.reason, why: session.why });
  const releases = await withinEffort(async () =>
    releasesIn(session).filter((release) => scope.only?.has(sayPlaced(release)) ?? true),
  );
  if ('reason' in releases) return onlyUnread({ path: '', reason: releases.reason, why: releases.why });
  const read = await readEach(
    releases,
    (release) => applicationOfRelease(release).path,
    (release) => readRelease(release, session, { scope, clusters }),
  );
  return { ...read, unread: [...read.unread, ...undeployedCharts(session), ...unreadCharts(session)] };
}

/** What is declared where nothing can be rendered: no chart can be read. */
export function withoutHelm(paths: readonly string[]): Declared {
  const charts = paths.filter((path) => baseName(path) === 'Chart.yaml').sort();
  return { containers: [], unread: charts.map((path) => ({ path, reason: 'rendered', why: HELM_MISSING })) };
}

/** Charts of which nothing says how they are deployed: with their defaults alone they are nobody's release. */
function undeployedCharts({ environments, releases }: Session): Unread[] {
  const alone = unknownEnvironments(environments, releases).filter(({ name }) => name === undefined);
  const why = 'no release of the chart is known: the option helm-releases can name one';
  return alone.map(({ chart }) => ({ path: `${inside(chart.folder)}Chart.yaml`, reason: 'not applied', why }));
}

/** Charts of which not even the name is known; no release of them is found by the layout of values files. */
function unreadCharts({ texts, charts }: Session): Unread[] {
  const paths = [...texts.listed.keys()].filter((path) => baseName(path) === 'Chart.yaml');
  const unread = paths.filter((path) => !charts.has(folderOf(path).replace(/\/$/, '')));
  return unread
    .sort()
    .map((path) => ({ path, reason: 'not editable', why: 'the chart that it describes cannot be read' }));
}

/** The releases that load each of the paths. Throws `OverEffort`. */
export async function loadingReleases(
  paths: readonly string[],
  session: Session,
): Promise<ReadonlyMap<string, readonly Application[]>> {
  const loading = new Map<string, Application[]>();
  for (const release of releasesIn(session)) {
    const loaded = await pathsLoaded(release, session);
    session.texts.effort.spend((loaded.size + paths.length) / IN_A_UNIT.looks);
    for (const path of paths) if (loaded.has(path)) addTo(loading, path, applicationOfRelease(release));
  }
  return loading;
}

/** What each release is made from, with what renders the object that describes it. Throws `OverEffort`. */
export async function inputsOfReleases(session: Session): Promise<ApplicationInputs[]> {
  const inputs: ApplicationInputs[] = [];
  for (const release of releasesIn(session)) {
    const { root, id: _, ...described } = release;
    const loaded = [...(await pathsLoaded(release, session)), ...(await dataRead(release, session))];
    const files = new Set([...loaded, release.definedIn, ...(root?.closure.files ?? [])]);
    session.texts.effort.spend(files.size / IN_A_UNIT.looks);
    inputs.push({
      application: applicationOfRelease(release),
      files,
      described: JSON.stringify([described, root?.appliedBy ?? null, root?.overrides ?? null]),
    });
  }
  return inputs;
}

/** Every release with its namespace, then the environments: for the namespaces that name them, else for none. */
function releasesIn(session: Session): PlacedRelease[] {
  const { releases, workloads, texts } = session;
  const environments = session.environments.filter((one) => one.name !== undefined && !isDescribed(one.chart, session));
  const inspected = [...new Set(workloads.map(({ ref }) => ref.namespace))];
  const byChart = new Map<string, Environment[]>();
  for (const environment of environments) addTo(byChart, environment.chart.folder, environment);
  const made = unknownEnvironments(environments, releases).flatMap((environment): PlacedRelease[] => {
    const own = byChart.get(environment.chart.folder) ?? [];
    texts.effort.spend(1 + (inspected.length * own.length) / IN_A_UNIT.looks);
    const named = inspected.filter((namespace) => namedEnvironments(own, [namespace]).includes(environment));
    const release = releaseOf(environment, environment.chart.name);
    return (named.length > 0 ? named : [UNKNOWN_NAMESPACE]).map((namespace) => place(release, namespace));
  });
  const inside = releases.filter(({ root }) => !root?.outside);
  return [...inside.map((release) => place(release, UNKNOWN_NAMESPACE)), ...made];
}

function applicationOfRelease(release: PlacedRelease): Application {
  return { way: 'helm', name: sayPlaced(release), path: describedIn(release) };
}

function sayPlaced(release: PlacedRelease): string {
  const { name, namespace, environment } = release;
  if (namespace !== UNKNOWN_NAMESPACE) return sayRelease(release);
  return environment === undefined ? name : `${name} (${environment})`;
}

/** A file of the repository: what the option describes has its chart's. */
function describedIn({ definedIn, chart }: Release): string {
  if (definedIn !== OPTION || chart.kind === 'remote') return definedIn;
  return chart.folder === '' ? 'Chart.yaml' : `${chart.folder}/Chart.yaml`;
}

async function readRelease(
  release: PlacedRelease,
  session: Session,
  { scope, clusters }: { readonly scope: DeclaredScope; readonly clusters: ClusterContext },
): Promise<Declared> {
  const application = {
    ...applicationOfRelease(release),
    ...otherCluster(appliersOf(release), clusters),
  };
  const { path } = application;
  const rendered = await session.rendered(release);
  if ('reason' in rendered) {
    return onlyUnread({ path, reason: rendered.reason, why: `${sayPlaced(release)}: ${rendered.why}` });
  }
  const decide = createDecide(rendered, session);
  const containers: DeclaredContainer[] = [];
  const { absent } = rendered.loaded;
  const lacking = `${sayPlaced(release)}: what ${sayCharts(absent)} would make is not known: charts/ lacks it`;
  const unread: Unread[] = absent.length === 0 ? [] : [{ path, reason: 'rendered', why: lacking }];
  for (const text of rendered.documents) {
    if (!mayDeclare(text)) continue;
    const objects = objectsOf(text, release.namespace, session.texts.parser);
    const why = `${sayPlaced(release)}: a document that it renders to cannot be read`;
    if (!objects) unread.push({ path, reason: 'not editable', why });
    for (const object of objects ?? []) {
      const { group, kind, name } = object.found;
      const namespace = object.namespace === UNKNOWN_NAMESPACE ? {} : { namespace: object.namespace };
      const workload = { group, kind, name, ...namespace };
      const declared = await declareContainers(
        { application, workload, value: object.value },
        scope.valuesOnly
          ? NOT_LOOKED_FOR
          : (_, section, container) => decide(object, { id: object.id, container, section }),
      );
      containers.push(...declared);
    }
  }
  return { containers, unread };
}

/** What decides a container's value: the key that moves it, where its topmost layer has it, else the template. */
function createDecide(rendered: Rendered, session: Session) {
  const { loaded } = rendered;
  const lineOf = createKeyFinder(loaded);
  const hasParameter = loaded.release.set.some((pair) => /memory|resources/i.test(pair));
  let moving: ReadonlyMap<string, readonly MemoryKey[]> | undefined;
  return async ({ text }: RenderedObject, hit: Required<Hit>): Promise<DecidedBy> => {
    const probe = await session.probed(rendered, false);
    if (probe.state !== 'probed') return { state: 'not known' };
    moving ??= keysByHit(probe.hits);
    const [key, ...more] = moving.get(sayHit(hit)) ?? [];
    if (key) return (more.length === 0 && lineOf(key)) || { state: 'not known' };
    // The chart's name comes first.
    const within = templateOf(text)?.replace(/^[^/]*\//, '');
    const template = within === undefined ? undefined : loaded.files.get(within);
    return hasParameter || template === undefined ? { state: 'not known' } : { state: 'template', path: template };
  };
}

function keysByHit(hits: ReadonlyMap<MemoryKey, readonly Hit[]>): ReadonlyMap<string, readonly MemoryKey[]> {
  const keys = new Map<string, MemoryKey[]>();
  for (const [key, places] of hits) {
    for (const place of new Set(places.map(sayHit))) addTo(keys, place, key);
  }
  return keys;
}

function sayHit({ id, container, section }: Hit): string {
  return JSON.stringify([id, container, section]);
}

const PART_OF_CHART = /^(?:templates|crds|charts)\/|^Chart\.(?:yaml|lock)$/;

/** The files whose content counts for a release; of what cannot be read, those that it names. */
async function pathsLoaded(release: PlacedRelease, session: Session): Promise<ReadonlySet<string>> {
  const paths = new Set(release.layers.map(({ path }) => path));
  const loaded = release.chart.kind === 'local' ? await session.loaded(release) : undefined;
  if (!loaded || 'reason' in loaded) return paths;
  // A values file that lies in the chart's folder is loaded by its name only.
  for (const [within, path] of loaded.files) if (PART_OF_CHART.test(within)) paths.add(path);
  if (loaded.defaults) paths.add(loaded.defaults.path);
  return paths;
}

/** What a template may read as data: every file of a chart whose templates do so, and of one that cannot be read. */
async function dataRead(release: PlacedRelease, { loaded: load, texts }: Session): Promise<readonly string[]> {
  if (release.chart.kind === 'remote') return [];
  const loaded = await load(release);
  if ('reason' in loaded) return texts.below(inside(release.chart.folder));
  const templates = [...loaded.files].filter(([within]) => /(^|\/)templates\//.test(within));
  for (const [, path] of templates) {
    if ((await texts.read(path))?.text.includes('.Files')) return [...loaded.files.values()];
  }
  return [];
}

import { MIB } from '../../bytes.ts';
import type { NamedRelease } from '../../model/mapping.ts';
import type { RepositoryFiles } from '../../model/repository-files.ts';
import type { Workload } from '../../model/workload.ts';
import { valueAt } from '../documents.ts';
import { createEffort } from '../effort.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import type { Roots } from '../kustomize/roots.ts';
import type { WhyNot } from '../readable.ts';
import { rememberSome } from '../remember.ts';
import { lengthOf } from '../rendering/rendering.ts';
import type { Scratch } from '../rendering/scratch.ts';
import { sayCharts, TO_COMMIT } from './absent-charts.ts';
import { type Chart, chartFiles, findCharts } from './find-charts.ts';
import { type Environment, findEnvironments } from './find-environments.ts';
import { type Described, findReleases, OPTION } from './find-releases.ts';
import { createLikelyMakes, type LikelyMakes } from './likely-makes.ts';
import { type LoadedRelease, loadRelease } from './load-release.ts';
import { type Probe, probeKeys, sizesIn } from './probe.ts';
import type { Other, Rendered } from './prove.ts';
import { type PlacedRelease, place, type Release, releaseKey, sayRelease } from './release.ts';
import { createRenderer, type ReleaseRenderer } from './render.ts';
import type { Helm } from './run-helm.ts';
import { openTexts, type Texts } from './texts.ts';

export const HELM_MISSING = 'helm was not found on the runner, so no rendering could prove which value moves it';

/** Characters of what releases are made from, and of what they render to, that are kept. */
const MOST_KEPT = 48 * MIB;

/** Releases that a run renders on a guess: all its workloads share them, and the budget with what is known. */
const MOST_GUESSES = 100;

export interface SessionContext extends Described {
  readonly workloads: readonly Workload[];
  readonly files: RepositoryFiles;
  readonly helmReleases: readonly NamedRelease[];
  readonly helm: Helm;
  readonly scratch: Scratch;
}

/** What the repository says of Helm, each release rendered and probed at most once for all suggestions. */
export interface Session {
  readonly index: ManifestIndex;
  readonly workloads: readonly Workload[];
  readonly clusterName?: string | undefined;
  readonly texts: Texts;
  readonly charts: ReadonlyMap<string, Chart>;
  readonly releases: readonly Release[];
  readonly environments: readonly Environment[];
  readonly renderer: ReleaseRenderer;
  readonly rendering?: Roots | undefined;
  likelyMakes: LikelyMakes;
  /** Whether the run still may render a release of which nothing says that it made a workload. */
  mayGuess(release: PlacedRelease): boolean;
  rendered(release: PlacedRelease): Promise<Rendered | WhyNot>;
  /** A release with its values and files, which nothing has rendered yet. */
  loaded(release: PlacedRelease): Promise<LoadedRelease | WhyNot>;
  /** Which key moves what; single values only where they equal a size that the release renders. */
  probed(rendered: Rendered, withUnset: boolean): Promise<Probe>;
  /** The releases and environments, but for `own`, that load one of the files. */
  others(own: PlacedRelease, paths: readonly string[]): Promise<readonly Other[]>;
}

/** Reads the repository's charts, releases and environments. */
export async function openSession(context: SessionContext): Promise<Session> {
  const effort = createEffort();
  const texts = await openTexts(context.files, effort, context.index.generated);
  const charts = await findCharts(texts);
  const { rendering } = context;
  const found = await findReleases({ ...context, texts, charts }, context.helmReleases);
  const releases = found.map((release, id) => ({ ...release, id }));
  const environments = await withoutObjects(findEnvironments(context.index.paths, charts, effort), texts);
  const renderer = createRenderer(context.helm, texts, context.scratch);
  const load = rememberSome((release: PlacedRelease) => loadRelease(release, { texts, charts }), {
    keyOf: releaseKey,
    weigh: (loaded) => ('reason' in loaded ? 0 : loaded.layers.reduce((sum, { file }) => sum + file.text.length, 1000)),
    most: MOST_KEPT,
  });
  const renderLoaded = async (release: PlacedRelease) => {
    const loaded = await load(release);
    return 'reason' in loaded ? loaded : renderOnce(loaded, renderer);
  };
  const rendered = rememberSome(renderLoaded, {
    keyOf: releaseKey,
    weigh: (one) => ('reason' in one ? 0 : lengthOf(one.documents)),
    most: MOST_KEPT,
  });
  const filesOf = (chart: string) => [...chartFiles(chart, charts, texts).values()];
  const guessed = new Set<string>();
  const probes = new Map<string, Promise<Probe>>();
  return {
    index: context.index,
    workloads: context.workloads,
    clusterName: context.clusterName,
    texts,
    charts,
    releases,
    environments,
    renderer,
    rendering,
    likelyMakes: createLikelyMakes(texts, charts),
    mayGuess(release) {
      const key = releaseKey(release);
      if (guessed.size < MOST_GUESSES) guessed.add(key);
      return guessed.has(key);
    },
    rendered,
    loaded: load,
    probed({ loaded, documents }, withUnset) {
      const key = `${releaseKey(loaded.release)} ${withUnset}`;
      const probe = probes.get(key) ?? probeKeys(loaded, renderer, sizesIn(documents), withUnset);
      probes.set(key, probe);
      return probe;
    },
    async others(own, paths) {
      const users = [
        ...releases.filter((one) => !isRelease(one, own)),
        ...environmentReleases(environments, releases, own),
      ];
      const loaded = await Promise.all(users.map((user) => otherOf(place(user, own.namespace), paths, load, filesOf)));
      const loading = loaded.filter((user) => user !== undefined);
      return Promise.all(loading.map((user) => ('release' in user ? renderedOther(user.release, rendered) : user)));
    },
  };
}

/** A file with a Kubernetes object lies where values files lie, but is none. */
async function withoutObjects(environments: readonly Environment[], texts: Texts): Promise<Environment[]> {
  const paths = [...new Set(environments.flatMap(({ files }) => files))];
  const values = await Promise.all(paths.map(async (path) => (await texts.read(path))?.parsed?.values[0]));
  const objects = new Set(paths.filter((_, index) => valueAt(values[index], ['apiVersion']) !== undefined));
  const kept = environments.map((one) => ({ ...one, files: one.files.filter((path) => !objects.has(path)) }));
  const real = kept.filter(({ name, files }) => name === undefined || files.length > 0);
  const bare = kept.filter(({ chart }) => !real.some((one) => one.chart === chart)).map(({ chart }) => chart);
  return [...real, ...[...new Set(bare)].map((chart) => ({ chart, files: [] }))];
}

async function renderOnce(loaded: LoadedRelease, renderer: ReleaseRenderer): Promise<Rendered | WhyNot> {
  const { obstacle } = loaded.release;
  if (obstacle !== undefined) return { reason: 'rendered', why: obstacle };
  const rendering = await renderer.render(loaded);
  if (rendering.state === 'missing') return { reason: 'rendered', why: HELM_MISSING };
  if (rendering.state === 'over') return { reason: 'over budget', why: rendering.why };
  if (rendering.state === 'failed') {
    const { absent } = loaded;
    const lacking = `${sayCharts(absent)}, which charts/ lacks (${TO_COMMIT})`;
    const without = absent.length === 0 ? '' : ` without ${lacking}`;
    return { reason: 'rendered', why: `helm could not render it${without}: ${rendering.why}` };
  }
  return { loaded, documents: rendering.documents };
}

async function renderedOther(
  release: PlacedRelease,
  rendered: (release: PlacedRelease) => Promise<Rendered | WhyNot>,
): Promise<Other> {
  const result = await rendered(release);
  return 'reason' in result ? { ...result, name: sayRelease(release) } : result;
}

/** The release where it loads one of the paths, a refusal where that cannot be known, else `undefined`. */
async function otherOf(
  release: PlacedRelease,
  paths: readonly string[],
  load: (release: PlacedRelease) => Promise<LoadedRelease | WhyNot>,
  filesOf: (chart: string) => readonly string[],
): Promise<{ readonly release: PlacedRelease } | (WhyNot & { readonly name: string }) | undefined> {
  const direct = release.layers.some((layer) => paths.includes(layer.path));
  const { chart } = release;
  if (chart.kind === 'remote') {
    const why = `its chart ${chart.name} is not in the repository`;
    return direct ? { reason: 'rendered', why, name: sayRelease(release) } : undefined;
  }
  const loaded = await load(release);
  // Of what cannot be read, everything in the chart may be loaded.
  const through =
    'reason' in loaded
      ? paths.some((path) => filesOf(chart.folder).includes(path))
      : paths.some((path) => [...loaded.files.values()].includes(path) && isLoaded(path, loaded));
  return direct || through ? { release } : undefined;
}

/** A values file that lies in the chart's folder is loaded by its name only. */
function isLoaded(path: string, { defaults, layers, files }: LoadedRelease): boolean {
  if (defaults?.path === path || layers.some((layer) => layer.path === path)) return true;
  return [...files].some(([within, from]) => from === path && /^charts\/.*values\.yaml$/.test(within));
}

function isRelease(one: Release, own: PlacedRelease): boolean {
  if (one.id !== undefined && own.id !== undefined) return one.id === own.id;
  const same = one.name === own.name && (one.namespace ?? own.namespace) === own.namespace;
  return same && one.definedIn === own.definedIn;
}

/** Environments that no known release stands for, as releases named like `own`. */
function environmentReleases(
  environments: readonly Environment[],
  releases: readonly Release[],
  own: PlacedRelease,
): Release[] {
  return unknownEnvironments(environments, [...releases, own]).map((environment) => releaseOf(environment, own.name));
}

/** The environments that none of the releases stands for. */
export function unknownEnvironments(environments: readonly Environment[], releases: readonly Release[]): Environment[] {
  return environments.filter(({ chart, files }) => {
    return !releases.some(({ chart: source, layers }) => {
      const same = source.kind === 'local' && source.folder === chart.folder;
      return same && files.every((path) => layers.some((layer) => layer.path === path));
    });
  });
}

/**
 * Whether objects of the repository describe releases of a chart: its environments are not made up besides, and only count
 * for what an edit may do to them.
 */
export function isDescribed({ folder }: Chart, { releases }: Pick<Session, 'releases'>): boolean {
  return releases.some(
    ({ chart, definedIn }) => definedIn !== OPTION && chart.kind === 'local' && chart.folder === folder,
  );
}

/** An environment as a release of a name. */
export function releaseOf({ chart, name, files }: Environment, release: string): Release {
  return {
    name: release,
    chart: { kind: 'local', folder: chart.folder },
    layers: files.map((path) => ({ path, document: 0, at: [], form: 'file' })),
    withoutDefaults: false,
    set: [],
    hidden: [],
    definedIn: chart.folder === '' ? 'Chart.yaml' : `${chart.folder}/Chart.yaml`,
    ...(name === undefined ? {} : { environment: name }),
  };
}

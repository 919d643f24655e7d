import type { Suggestion } from '../../model/suggestion.ts';
import type { OriginHints, TemplateContainer, Workload } from '../../model/workload.ts';
import { addTo } from '../../text/add-to.ts';
import { findConflict, findDrift } from '../compare-live.ts';
import { isMaker, makerOf } from '../deployed/deployed.ts';
import type { Path } from '../documents.ts';
import type { Miss, WhyNot } from '../readable.ts';
import { resourcesOf } from '../rendering/prove-change.ts';
import { findRenderedWorkload, type RenderedObject, resourcesPath } from '../rendering/rendered.ts';
import { absentMakers, sayCharts, TO_COMMIT } from './absent-charts.ts';
import { type Chart, type Dependency, inside } from './find-charts.ts';
import { type Environment, namedEnvironments } from './find-environments.ts';
import { OPTION } from './find-releases.ts';
import { hintedNames, isHinted, isLabelOf, isPlaced, withName } from './hints.ts';
import type { LoadedRelease } from './load-release.ts';
import type { Rendered } from './prove.ts';
import { appliersOf, type PlacedRelease, place, type Release, sayRelease } from './release.ts';
import { isDescribed, releaseOf, type Session } from './session.ts';
import { isEnvironmentIn, isReleaseIn } from './taken-in.ts';

/** A suggestion's container as the live template and the workload have it. */
export interface Subject {
  readonly suggestion: Suggestion;
  readonly workload: Workload;
  readonly live: TemplateContainer;
  /** A manifest of the repository defines the workload as it stands. */
  readonly plain: boolean;
}

/** A release that renders the workload, with the place of the container's `resources`. */
export interface RenderedWorkload extends Rendered {
  readonly object: RenderedObject;
  readonly resources: Path;
}

/** The release that renders the suggestion's workload; `undefined` where nothing says that Helm does. */
export async function findRelease(
  subject: Subject,
  session: Session,
): Promise<RenderedWorkload | Miss | AbsentMiss | undefined> {
  const described = await amongReleases(subject, session);
  if (described) return described;
  const common = await amongEnvironments(subject, session);
  if (common) return common;
  const { helmRelease, fluxHelmRelease } = subject.workload.hints;
  const named = helmRelease ?? fluxHelmRelease;
  if (named === undefined) return undefined;
  const { environments, releases, index } = session;
  const all =
    environments.every((one) => isEnvironmentIn(one, index)) && releases.every((one) => isReleaseIn(one, index));
  const where = all ? 'in the repository' : 'in what the option manifests takes in';
  const why = `the Helm release ${named} made it, and no chart with its values was found ${where}: name them in helm-releases`;
  return { reason: 'rendered', why, lookedAt: [] };
}

/** Of several that a live object's hints speak of, those of the application that it names as its own. */
function nearest(matches: readonly RenderedWorkload[], { workload }: Subject): readonly RenderedWorkload[] {
  const maker = makerOf(workload);
  if (maker === undefined) return matches;
  const own = matches.filter(({ loaded }) => appliersOf(loaded.release).some((one) => isMaker(one, maker)));
  return own.length > 0 ? own : matches;
}

async function amongReleases(subject: Subject, session: Session): Promise<RenderedWorkload | Miss | undefined> {
  const { namespace } = subject.suggestion.workload;
  const hinted = hintedNames(subject.workload.hints);
  const misses: Miss[] = [];
  for await (const some of inOrder(subject, session)) {
    const tried = await Promise.all(some.map((release) => tryRelease(subject, place(release, namespace), session)));
    const matches = tried.filter((one): one is RenderedWorkload => one !== undefined && !('reason' in one));
    const close = nearest(
      matches.filter(({ loaded }) => isHinted(loaded.release, hinted)),
      subject,
    );
    const [match, ...more] = close.length > 0 ? close : matches;
    if (match && more.length === 0) return match;
    if (match) return ambiguous([match, ...more]);
    const own = tried.flatMap((one, index) => {
      const release = some[index];
      return one && 'reason' in one && release && concerns(release, one, hinted) ? [one] : [];
    });
    misses.push(...own);
  }
  return misses[0];
}

/**
 * The releases in the order in which they are worth rendering: what made the workload by its own words, what is likely to
 * have made it here, what may have, then the same elsewhere. What comes later is looked into only when it is asked for.
 */
async function* inOrder(subject: Subject, session: Session): AsyncGenerator<readonly Release[]> {
  const { workload } = subject.suggestion;
  const hinted = hintedNames(subject.workload.hints);
  const isHere = (one: Release) => (one.namespace ?? workload.namespace) === workload.namespace;
  const candidates = session.releases.map((release) => withName(release, hinted));
  const local = candidates.filter(
    (release) =>
      release.chart.kind === 'local' &&
      !release.aside &&
      isPlaced(release, workload.namespace) &&
      isReleaseIn(release, session.index),
  );
  for (const some of [local.filter(isHere), local.filter((release) => !isHere(release))]) {
    const [likely, others]: [Release[], Release[]] = [[], []];
    yield some.filter((release) => isHinted(release, hinted));
    for (const release of some.filter((one) => !isHinted(one, hinted))) {
      const isLikely = release.definedIn === OPTION || (await session.likelyMakes(release, workload));
      (isLikely ? likely : others).push(release);
    }
    yield likely;
    yield others.filter((release) => mayGuess(subject, place(release, workload.namespace), session));
  }
}

/** Whether a release is rendered though nothing in its files is like the workload's name: a template can make up any. */
function mayGuess({ plain }: Subject, release: PlacedRelease, session: Session): boolean {
  return !plain && session.mayGuess(release);
}

/** What is to be told though nothing says that the release made the workload: rendering it could not show that it did not. */
function isTold({ reason }: Miss): boolean {
  return reason === 'drift' || reason === 'over budget';
}

/** A release that could not be rendered is worth a word where it is the one that made the workload, or was named for it. */
function concerns(release: Release, miss: Miss, hinted: readonly string[]): boolean {
  return isHinted(release, hinted) || isTold(miss) || (hinted.length === 0 && release.definedIn === OPTION);
}

/** A workload that comes from a chart that the release's chart depends on and that is not in the repository. */
export interface AbsentMiss extends Miss {
  readonly loaded: LoadedRelease;
  readonly makers: readonly Dependency[];
  /** What is wrong, without the release's name. */
  readonly because: string;
}

function missAbsent(subject: Subject, { loaded }: Rendered): AbsentMiss | undefined {
  const { release, absent } = loaded;
  const { workload } = subject;
  const isDescribed = release.describedBy !== undefined || release.definedIn === OPTION;
  const own = isDescribed && isHinted(release, hintedNames(workload.hints));
  const named = absentMakers(subject, absent);
  const makers = named.length === 0 && own && release.namespace === workload.ref.namespace ? absent : named;
  if (makers.length === 0) return undefined;
  const because = `its own templates do not make it; ${sayCharts(makers)}, which charts/ lacks, may (${TO_COMMIT})`;
  const why = `${sayRelease(release)}: ${because}`;
  return { reason: 'rendered', why, lookedAt: filesOfRelease(release), loaded, makers, because };
}

async function tryRelease(
  subject: Subject,
  release: PlacedRelease,
  session: Session,
): Promise<RenderedWorkload | Miss | AbsentMiss | undefined> {
  const { suggestion, live } = subject;
  const lookedAt = filesOfRelease(release);
  const miss = (refusal: WhyNot): Miss => ({ ...refusal, why: `${sayRelease(release)}: ${refusal.why}`, lookedAt });
  const rendered = await session.rendered(release);
  if ('reason' in rendered) return miss(rendered);
  const objects = findRenderedWorkload(rendered.documents, suggestion.workload, release.namespace);
  if (!objects) return miss({ reason: 'not editable', why: 'what it renders to cannot be read' });
  const [object, ...more] = objects;
  if (!object) return missAbsent(subject, rendered);
  if (more.length > 0) return miss({ reason: 'ambiguous', why: 'it renders the workload more than once' });
  const resources = resourcesPath(object, live);
  if (!resources) return miss({ reason: 'drift', why: `it renders no container ${live.name}, which the cluster runs` });
  return { ...rendered, object, resources };
}

/** Why a matched container must not be changed for what its rendered values are. */
export function checkRelease({ suggestion, live }: Subject, match: RenderedWorkload): Miss | undefined {
  const resources = resourcesOf(match);
  const release = match.loaded.release;
  const lookedAt = filesOfRelease(release);
  const drift = findDrift(resources, live, suggestion)?.replaceAll(
    'in the manifest',
    `as ${sayRelease(release)} renders it`,
  );
  if (drift) return { reason: 'drift', why: drift, lookedAt };
  const conflict = findConflict(resources, suggestion);
  return conflict ? { reason: 'not editable', why: conflict, lookedAt } : undefined;
}

/** Whether a live object bears the marks of Helm, and not only those of what applied it. */
function isSigned({ helmRelease, fluxHelmRelease, helmChart, managedBy }: OriginHints): boolean {
  return (helmRelease ?? fluxHelmRelease ?? helmChart) !== undefined || managedBy === 'Helm';
}

async function amongEnvironments(subject: Subject, session: Session): Promise<RenderedWorkload | Miss | undefined> {
  const tried: (RenderedWorkload | Miss)[] = [];
  for (const candidates of byChart(subject, session)) tried.push(...(await tryChart(subject, candidates, session)));
  const matches = tried.filter((one): one is RenderedWorkload => !('reason' in one));
  const agreeing = matches.filter((match) => checkRelease(subject, match) === undefined);
  const [match, ...more] = agreeing.length > 0 ? agreeing : matches;
  if (match && more.length > 0) return ambiguous([match, ...more]);
  const rival = match ? rivalOf(subject, match, session) : undefined;
  if (match && rival !== undefined) {
    const { namespace } = subject.suggestion.workload;
    const why = `the same chart and values seem to make it in ${namespace} and in ${rival}: name both releases in helm-releases`;
    return { reason: 'ambiguous', why, lookedAt: filesOfRelease(match.loaded.release) };
  }
  return match ?? tried.find((one): one is Miss => 'reason' in one);
}

/**
 * The environments of a chart that the workload's namespace or release names, as releases. Where they name none, nobody
 * says that one of them is the workload's: that is told where the chart would make it.
 */
async function tryChart(
  subject: Subject,
  { chart, environments }: Candidates,
  session: Session,
): Promise<(RenderedWorkload | Miss)[]> {
  const { hints } = subject.workload;
  const { workload } = subject.suggestion;
  const hinted = hintedNames(hints);
  const labelled = hints.helmChart !== undefined && isLabelOf(hints.helmChart, chart.name);
  const described = isDescribed(chart, session);
  const named = described ? [] : namedEnvironments(environments.filter(hasName), [workload.namespace, ...hinted]);
  const nobodys = sayNobodys(subject, chart, { described, environments: environments.filter(hasName) });
  if (named.length === 0 && labelled) return [nobodys];
  const tried: (RenderedWorkload | Miss)[] = [];
  for (const environment of named.length > 0 || described ? named : environments) {
    for (const name of hinted.length > 0 ? hinted : [chart.name]) {
      const release = place(releaseOf(environment, name), workload.namespace);
      const likely = isSigned(hints) || (await session.likelyMakes(release, workload));
      if (!likely && !mayGuess(subject, release, session)) continue;
      const found = await tryRelease(subject, release, session);
      if (found && !('reason' in found)) {
        if (named.length === 0) return [nobodys];
        tried.push(found);
      } else if (found && (isSigned(hints) || isTold(found))) tried.push(found);
    }
  }
  return tried;
}

function hasName(environment: Environment): environment is Environment & { readonly name: string } {
  return environment.name !== undefined;
}

/** A chart makes the workload, and nothing says which of its values are deployed there. */
function sayNobodys(
  { suggestion: { workload } }: Subject,
  { folder }: Chart,
  {
    described,
    environments,
  }: { readonly described: boolean; readonly environments: readonly (Environment & { readonly name: string })[] },
): Miss {
  const chart = folder === '' ? 'the chart at the root' : folder;
  const names = environments.map(({ name }) => name).sort();
  const shown = names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ', …' : '');
  const why = described
    ? `${chart} has releases in the repository, and none of them is in ${workload.namespace}: name this one in helm-releases`
    : names.length === 0
      ? `${chart} has no release in the repository that says how it is deployed: name it in helm-releases`
      : `${chart} has values for ${shown}, and nothing says which of them ${workload.namespace} is: name the release in helm-releases`;
  const values = `${inside(folder)}values.yaml`;
  return { reason: 'rendered', why, lookedAt: [values, ...environments.flatMap(({ files }) => files)] };
}

/** Environments that a sentence lists. */
const MOST_NAMED = 5;

/** Another namespace with the same workload that nothing tells apart: an edit would change both. */
function rivalOf(
  { workload }: Subject,
  match: RenderedWorkload,
  { workloads, environments }: Session,
): string | undefined {
  const { chart, environment } = match.loaded.release;
  const own = environments.filter((one) => chart.kind === 'local' && one.chart.folder === chart.folder);
  return workloads.find(({ ref, hints }) => {
    const twin = ref.kind === workload.ref.kind && ref.name === workload.ref.name;
    if (!twin || ref.namespace === workload.ref.namespace) return false;
    return namedEnvironments(own, [ref.namespace, ...hintedNames(hints)]).some(({ name }) => name === environment);
  })?.ref.namespace;
}

interface Candidates {
  readonly chart: Chart;
  readonly environments: readonly Environment[];
}

/** The environments of each chart that may be the workload's: the one that its label names, else all. */
function byChart({ workload }: Subject, { environments, charts, index }: Session): Candidates[] {
  const label = workload.hints.helmChart;
  const grouped = new Map<string, Environment[]>();
  const own = environments.filter((one) => isEnvironmentIn(one, index));
  for (const environment of own) addTo(grouped, environment.chart.folder, environment);
  const named = [...grouped].filter(([folder]) => {
    const chart = charts.get(folder);
    const names = [chart?.name ?? '', ...(chart?.dependencies ?? []).flatMap(({ name, key }) => [name, key])];
    return label !== undefined && names.some((name) => label.startsWith(`${name}-`));
  });
  return (named.length > 0 ? named : [...grouped]).flatMap(([folder, own]) => {
    const chart = charts.get(folder);
    return chart ? [{ chart, environments: own }] : [];
  });
}

function ambiguous(matches: readonly RenderedWorkload[]): Miss {
  const releases = matches.map(({ loaded }) => loaded.release);
  const names = releases.map(sayRelease);
  const isClear = new Set(names).size === names.length;
  const said = isClear ? names : releases.map((release) => `${sayRelease(release)} (${release.definedIn})`);
  const why = `it is rendered by ${said.join(' and by ')}: name the right one in helm-releases`;
  return { reason: 'ambiguous', why, lookedAt: [...new Set(releases.flatMap(filesOfRelease))] };
}

/** The files that a reader should look at for a release. */
export function filesOfRelease({ layers, chart, definedIn }: Release): string[] {
  const own = chart.kind === 'local' ? [chart.folder === '' ? 'values.yaml' : `${chart.folder}/values.yaml`] : [];
  const described = definedIn === OPTION ? [] : [definedIn];
  return [...new Set([...layers.map(({ path }) => path).reverse(), ...own, ...described])];
}

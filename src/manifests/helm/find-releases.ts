import type { NamedRelease } from '../../model/mapping.ts';
import { addTo } from '../../text/add-to.ts';
import type { ApplyingObject, Home } from '../deployed/deployed.ts';
import { inCluster } from '../deployed/find-makers.ts';
import { ARGO_GROUP } from '../deployed/read-argo.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import type { Root } from '../kustomize/find-roots.ts';
import type { Roots } from '../kustomize/roots.ts';
import { readApplication } from './find-argo.ts';
import { findChartObjects } from './find-chart-source.ts';
import type { Chart } from './find-charts.ts';
import { type AppliedFiles, findConfigMaps, readHelmRelease } from './find-flux.ts';
import { readHelmfiles } from './find-helmfile.ts';
import { readHelmCharts } from './find-kustomize.ts';
import { objectsOfKind, readUsers } from './find-objects.ts';
import { createFluxReader } from './find-overlaid.ts';
import { readTerraform } from './find-terraform.ts';
import { appliersOf, type Release } from './release.ts';
import type { RepositoryText, Texts } from './texts.ts';

export const OPTION = 'the option helm-releases';

/** What a repository says of who applies what. */
export interface Described {
  readonly index: ManifestIndex;
  readonly home: Home;
  /** What says what is applied. */
  readonly objects: readonly ApplyingObject[];
  readonly applied: AppliedFiles;
  /** Every kustomization that is applied by itself, and what renders them. */
  readonly roots: readonly Root[];
  readonly rendering?: Roots | undefined;
  readonly clusterName?: string | undefined;
}

interface Repository extends Described {
  readonly texts: Texts;
  readonly charts: ReadonlyMap<string, Chart>;
}

/**
 * The releases that the option names, then those that a Flux `HelmRelease`, an Argo CD `Application`, a kustomization's
 * `helmCharts`, a helmfile or Terraform in the repository describes and the option does not. Two that are the same release both get an obstacle.
 */
export async function findReleases(
  repository: Repository,
  option: readonly NamedRelease[],
): Promise<readonly Release[]> {
  const named = option.map((entry) => fromOption(entry, repository));
  const files = await readSources(repository);
  const configMaps = findConfigMaps(files, repository.texts.effort);
  const chartObjects = findChartObjects(files);
  const users = readUsers(repository.index, repository.texts);
  const found: Release[] = [];
  const flux = objectsOfKind(files, 'helm.toolkit.fluxcd.io', 'HelmRelease');
  const argo = repository.objects.filter(({ group, kind }) => group === ARGO_GROUP && kind === 'Application');
  const more = [
    ...(await readHelmCharts(repository, users)),
    ...(await readHelmfiles(repository)),
    ...(await readTerraform(repository)),
  ];
  const tooMany =
    flux.length + argo.length + more.length > MOST_RELEASES
      ? `the repository describes more than ${MOST_RELEASES} releases, so none was judged`
      : undefined;
  const readFlux = createFluxReader({ ...repository, configMaps, chartObjects }, users);
  for (const object of flux) {
    if (tooMany === undefined) found.push(...(await readFlux(object)));
    else found.push({ ...readHelmRelease(object, { ...repository, configMaps, chartObjects }), obstacle: tooMany });
  }
  const applications = argo.flatMap((object) => readApplication(object, repository));
  for (const release of joinAlike(applications)) {
    found.push(tooMany === undefined ? release : { ...release, obstacle: tooMany });
  }
  found.push(...more.map((release) => (tooMany === undefined ? release : { ...release, obstacle: tooMany })));
  const others = found.filter((release) => !named.some((one) => isSame(one, release)));
  if (tooMany !== undefined) return [...named.map((release) => ({ ...release, obstacle: tooMany })), ...others];
  const placed = setAside(others, repository.clusterName);
  return [...named, ...placed.map((release) => withoutTwins(release, placed))];
}

/** Each may have to be rendered, and is held against every other. */
const MOST_RELEASES = 2000;

function isSame(one: Release, other: Release): boolean {
  return one.name === other.name && one.namespace === other.namespace;
}

/** Releases that only clusters tell apart, as one. */
function joinAlike(releases: readonly Release[]): readonly Release[] {
  const groups = new Map<string, Release[]>();
  for (const release of releases) {
    const { appliedBy: _, describedBy: __, definedIn: ___, ...own } = release;
    addTo(groups, JSON.stringify(own), release);
  }
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    return first ? [{ ...first, appliedBy: alike.flatMap(appliersOf) }] : [];
  });
}

/** What is outside the globs, and of what has twins what is another cluster's, is no candidate. */
function setAside(releases: readonly Release[], clusterName: string | undefined): readonly Release[] {
  return releases.map((release) => {
    const own = appliersOf(release);
    const appliers = releases.filter((one) => isSame(one, release)).flatMap(appliersOf);
    const near = inCluster(appliers, clusterName);
    const elsewhere = near.length < appliers.length && own.length > 0 && !own.some((one) => near.includes(one));
    return release.root?.outside || elsewhere ? { ...release, aside: true } : release;
  });
}

function withoutTwins(release: Release, all: readonly Release[]): Release {
  // What different Applications describe, the live object's mark tells apart.
  const isTwin = (other: Release) =>
    isSame(other, release) && !isOfOne(other, release) && (!release.appliedBy || sharesName(other, release));
  const twin = all.find((other) => other !== release && !other.aside && isTwin(other));
  if (!twin || release.aside || release.obstacle !== undefined) return release;
  const settles =
    (release.root ?? release.appliedBy) && (twin.root ?? twin.appliedBy)
      ? ': cluster-name or the option manifests tells which one is meant'
      : '';
  return { ...release, obstacle: `${release.definedIn} and ${twin.definedIn} both describe it${settles}` };
}

/** Whether two are charts of one Application. */
function isOfOne(one: Release, other: Release): boolean {
  const same = one.definedIn === other.definedIn && one.describedBy === other.describedBy;
  return same && JSON.stringify(one.chart) !== JSON.stringify(other.chart);
}

function sharesName(one: Release, other: Release): boolean {
  const names = appliersOf(other).map(({ name }) => name);
  return one.appliedBy === undefined || one.appliedBy.some(({ name }) => names.includes(name));
}

/** A chart or values file that the option names and the repository lacks is an obstacle, which says so. */
export function fromOption(
  { release, namespace, chart, values }: NamedRelease,
  { texts, charts }: Pick<Repository, 'texts' | 'charts'>,
): Release {
  const folder = chart.replace(/^\.\/?/, '').replace(/\/$/, '');
  const paths = values.map((path) => path.replace(/^\.\//, ''));
  const missing = [...(charts.has(folder) ? [] : [`${folder}/Chart.yaml`]), ...paths].find(
    (path, index) => (index === 0 && !charts.has(folder)) || !texts.listed.has(path),
  );
  return {
    name: release,
    namespace,
    chart: { kind: 'local', folder },
    layers: paths.map((path) => ({ path, document: 0, at: [], form: 'file' })),
    withoutDefaults: false,
    set: [],
    hidden: [],
    definedIn: OPTION,
    ...(missing === undefined ? {} : { obstacle: `${missing}, which helm-releases names, is not in the repository` }),
  };
}

/** Every YAML file in which a release or a ConfigMap may stand, but for charts' templates. */
async function readSources({ texts, index }: Repository): Promise<RepositoryText[]> {
  const skipped = /(^|\/)(\.git|\.github|node_modules|vendor|templates)\//;
  const files = await Promise.all(index.sources.filter((path) => !skipped.test(path)).map((path) => texts.read(path)));
  return files.filter((file) => file !== undefined);
}

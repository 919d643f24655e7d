import type { OriginHints, WorkloadRef } from '../../model/workload.ts';
import { IN_A_UNIT } from '../effort.ts';
import { inside } from './find-charts.ts';
import { type Environment, namedEnvironments } from './find-environments.ts';
import { hintedNames, isHinted, isLabelOf } from './hints.ts';
import type { Other } from './prove.ts';
import type { PlacedRelease, Release } from './release.ts';
import type { Session } from './session.ts';

/** A release that live objects speak of. */
interface LiveRelease {
  readonly namespace: string;
  readonly names: readonly string[];
}

/**
 * The live releases that load a chart's own values, where one of the paths holds those, and that nothing in the repository
 * describes: their values are not known. A live object without the chart's label counts where it is a twin of the workload.
 */
export function findUndescribed(
  own: PlacedRelease,
  ref: WorkloadRef,
  paths: readonly string[],
  session: Session,
): readonly Other[] {
  const { releases, environments, charts, workloads, texts } = session;
  const edited = [...charts.values()].filter(({ folder }) => paths.includes(`${inside(folder)}values.yaml`));
  texts.effort.spend((charts.size * paths.length) / IN_A_UNIT.looks);
  const others = edited.flatMap(({ name: chart, folder }) => {
    const known = [own, ...releases.filter(({ chart: of }) => of.kind === 'local' && of.folder === folder)];
    const named = environments.filter((one) => one.chart.folder === folder && one.name !== undefined);
    const live = workloads.flatMap((workload): LiveRelease[] => {
      const { hints } = workload;
      const isTwin = workload.ref.kind === ref.kind && workload.ref.name === ref.name && isUnlabelled(hints);
      if (!isTwin && !isLabelOf(hints.helmChart ?? '', chart)) return [];
      return [{ namespace: hints.helmReleaseNamespace ?? workload.ref.namespace, names: hintedNames(hints) }];
    });
    texts.effort.spend((live.length * (known.length + named.length)) / IN_A_UNIT.looks);
    return live.filter((one) => !isDescribed(one, known, live) && !isNamed(one, named));
  });
  const said = others.map(({ names: [name], namespace }) => `${name ?? 'a release'} in ${namespace}`);
  return [...new Set(said)].sort().map((name) => ({ reason: 'rendered', why: UNDESCRIBED, name }));
}

const UNDESCRIBED = 'the cluster runs it, and the repository does not say with which values: name it in helm-releases';

function isUnlabelled({ helmChart, helmRelease, fluxHelmRelease }: OriginHints): boolean {
  return helmChart === undefined && (helmRelease ?? fluxHelmRelease) !== undefined;
}

/** One whose namespace the repository does not tell stands for the only live one of its name. */
function isDescribed(
  { names, namespace }: LiveRelease,
  known: readonly Release[],
  live: readonly LiveRelease[],
): boolean {
  return known.some((release) => {
    const same = names.length === 0 ? release.namespace === namespace : isHinted(release, names);
    if (!same || release.namespace !== undefined) return same && release.namespace === namespace;
    const namespaces = live.filter((one) => isHinted(release, one.names)).map((one) => one.namespace);
    return new Set(namespaces).size === 1;
  });
}

function isNamed({ names, namespace }: LiveRelease, environments: readonly Environment[]): boolean {
  return namedEnvironments(environments, [namespace, ...names]).length > 0;
}

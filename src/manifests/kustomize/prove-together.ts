import type { Located } from '../../model/location.ts';
import { type Workload, workloadKey } from '../../model/workload.ts';
import { addTo } from '../../text/add-to.ts';
import type { Deployed } from '../deployed/deployed.ts';
import { withinEffort } from '../effort.ts';
import type { Miss } from '../readable.ts';
import { type Aimed, effectOfAll, type TriedChange, targetIn } from './effect.ts';
import type { Root } from './find-roots.ts';
import { aim } from './locate.ts';
import { type KustomizeContext, sectionsOf } from './plan-changes.ts';

type Proved = readonly [location: Located, aimed: Aimed];

/**
 * Of locations that were each proved alone, those that do not hold beside the ones before them. Rendered together are only
 * those of a root that add at the same place of a file: what replaces other bytes cannot be in their way.
 */
export async function findClashing(
  locations: readonly Located[],
  kustomize: KustomizeContext & { makersOf(workload: Workload): readonly Deployed[] | undefined },
): Promise<ReadonlySet<Located>> {
  const own = locations.filter(({ proof }) => proof.kind === 'kustomize');
  const crowded = findCrowded(own);
  const byRoot = new Map<Root, Proved[]>();
  const clashing = new Set<Located>();
  for (const location of crowded) {
    const aimed = await withinEffort(() => aimAgain(location, kustomize));
    if ('reason' in aimed) clashing.add(location);
    else addTo(byRoot, aimed.root, [location, aimed] as const);
  }
  for (const group of byRoot.values()) {
    if (await hold(group, kustomize)) continue;
    const kept: Proved[] = [];
    for (const one of group) {
      if (kept.length === 0 || (await hold([...kept, one], kustomize))) kept.push(one);
      else clashing.add(one[0]);
    }
  }
  return clashing;
}

/** Those that edit at a place at which another one edits, too. */
function findCrowded(locations: readonly Located[]): Located[] {
  const at = new Map<string, Set<Located>>();
  for (const location of locations) {
    for (const { path, start } of location.edits) {
      const place = `${start} ${path}`;
      at.set(place, (at.get(place) ?? new Set()).add(location));
    }
  }
  const crowded = new Set([...at.values()].flatMap((those) => (those.size > 1 ? [...those] : [])));
  return locations.filter((one) => crowded.has(one));
}

async function aimAgain({ suggestion }: Located, kustomize: Parameters<typeof findClashing>[1]): Promise<Aimed | Miss> {
  const key = workloadKey(suggestion.workload);
  const workload = kustomize.workloads.find(({ ref }) => workloadKey(ref) === key);
  const live = workload?.containers.find(({ name }) => name === suggestion.container);
  const aimed =
    workload && live && (await aim(suggestion, live, { ...kustomize, makers: kustomize.makersOf(workload) }));
  return aimed ?? { reason: 'no manifest', why: 'no root renders it any more', lookedAt: [] };
}

async function hold(group: readonly Proved[], { roots }: KustomizeContext): Promise<boolean> {
  const [first] = group;
  if (first === undefined || group.length === 1) return true;
  const change: TriedChange = {
    edits: group.flatMap(([{ edits }]) => edits),
    newFiles: group.flatMap(([{ newFiles }]) => newFiles),
  };
  const targets = group.map(([{ suggestion }, aimed]) => targetIn(aimed, sectionsOf(suggestion)));
  const effects = await withinEffort(() => effectOfAll(change, first[1], targets, roots));
  return 'effect' in effects && effects.effect === 'only this';
}

import type { ReachedPlace } from '../../model/location.ts';
import type { ProposedValue, Suggestion } from '../../model/suggestion.ts';
import { type Deployed, sayMaker } from './deployed.ts';
import { inCluster } from './find-makers.ts';

/** Every place where some applications apply something, those of the inspected cluster first. */
export function reachedPlaces(
  applied: readonly { readonly appliedBy: readonly Deployed[] }[],
  clusterName: string | undefined,
): readonly ReachedPlace[] {
  const appliers = applied.flatMap(({ appliedBy }) => appliedBy);
  const own = inCluster(appliers, clusterName);
  const ordered = [...own, ...appliers.filter((one) => !own.includes(one))];
  return ordered.flatMap((one) => {
    const place = placeOf(one);
    // One that only the cluster can count stands for several.
    return one.onEachCluster ? [place, { ...place, cluster: 'any other that gets it' }] : [place];
  });
}

function placeOf({ by, name, definedIn, cluster, namespace }: Deployed): ReachedPlace {
  return {
    by: sayMaker({ by, name }).replace(/^the /, ''),
    path: definedIn,
    ...(cluster === undefined ? {} : { cluster }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** Whether no value of a suggestion becomes less than what is there, or is set where none was. */
export function isRaise({ limit, request }: Suggestion): boolean {
  const raises = (value: ProposedValue | undefined) =>
    value === undefined || (value.from.state === 'set' && value.to >= value.from.bytes);
  return raises(limit) && raises(request);
}

/** Why a value that is lowered for one cluster is not lowered in all. */
export function sayLowered(reaches: readonly ReachedPlace[]): string {
  const paths = [...new Set(reaches.map(({ path }) => path))].join(', ');
  return `it is applied in several places (${paths}), and a lower value is known to fit the inspected one only: give that an overlay of its own`;
}

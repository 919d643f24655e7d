import type { Inspection } from '../model/inspection.ts';
import type { Location, NotLocatedReason } from '../model/location.ts';
import { workloadKey } from '../model/workload.ts';

/** With these a pull request has nothing left to do: the value was changed, the file is gone, or a person forbids it. */
const SETTLED: readonly NotLocatedReason[] = ['drift', 'no manifest', 'hands off'];

/**
 * Keys of containers whose open pull request must not be closed for want of a change: too little was seen of them to
 * judge (after every restart), or the change is known and could not be located or proved this time.
 */
export function undecidedKeys(
  { inspection }: { readonly inspection: Pick<Inspection, 'workloads'> },
  locations: readonly Location[],
): ReadonlySet<string> {
  const unjudged = inspection.workloads.flatMap(({ workload, containers }) =>
    containers
      .filter(({ suggestion, withheld, level }) => !suggestion && (withheld !== undefined || level === 'unknown'))
      .map(({ name }) => `${workloadKey(workload.ref)}/${name}`),
  );
  const unlocated = locations.flatMap((location) =>
    location.state === 'located' || SETTLED.includes(location.reason)
      ? []
      : [`${workloadKey(location.suggestion.workload)}/${location.suggestion.container}`],
  );
  return new Set([...unjudged, ...unlocated]);
}

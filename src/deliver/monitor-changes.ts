import { createHash } from 'node:crypto';
import type { ScrapeFix } from '../model/jvm-metrics.ts';
import { type LocatedMonitor, namespaceOfFix } from '../model/monitor-location.ts';
import { workloadContainerKey } from '../model/workload.ts';
import { compareText } from '../text/format.ts';
import { branchFolder, metricsSlug } from './branch-names.ts';
import type { DeliveryContext } from './deliverable.ts';
import { fingerprintOf, type MarkedFix } from './marker.ts';
import { changedPaths } from './proposal.ts';

/** What mends the metrics of some JVMs, as the pieces of the delivery take a change. */
export interface ProposedMonitor {
  readonly location: LocatedMonitor;
}

/** The changes of one pull request: those of a namespace. */
export interface MonitorProposal {
  readonly branch: string;
  readonly namespace: string;
  readonly changes: readonly ProposedMonitor[];
}

/** One pull request a namespace, in the order of their names. */
export function groupMonitors(
  locations: readonly LocatedMonitor[],
  options: DeliveryContext['options'],
): MonitorProposal[] {
  const folder = branchFolder(options);
  const namespaces = [...new Set(locations.map(({ fix }) => namespaceOfFix(fix)))].sort(compareText);
  return namespaces.map((namespace) => ({
    branch: folder + metricsSlug(namespace),
    namespace,
    changes: locations.flatMap((location) => (namespaceOfFix(location.fix) === namespace ? [{ location }] : [])),
  }));
}

/** The containers whose metrics a change mends, as keys. */
export function keysOfMonitor({ location: { mends } }: ProposedMonitor): string[] {
  return mends.map(({ workload, container }) => workloadContainerKey(workload, container));
}

/** What changes mend and how, sorted. */
export function markFixes(changes: readonly ProposedMonitor[]): MarkedFix[] {
  const marked = changes.flatMap((change) => {
    const fix = nameFix(change.location.fix);
    return keysOfMonitor(change).map((key): MarkedFix => [key, fix]);
  });
  return marked.sort((a, b) => compareText(a.join(' '), b.join(' ')));
}

export function fingerprintOfMonitors(changes: readonly ProposedMonitor[]): string {
  return fingerprintOf(markFixes(changes), changedPaths(changes));
}

/** A short name that tells a fix from any other, in whatever order its labels come. */
function nameFix(fix: ScrapeFix): string {
  const text = JSON.stringify(fix, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)))
      : value,
  );
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

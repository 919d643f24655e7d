import type { Thresholds } from '../model/finding.ts';
import type { Ignored } from '../model/inspection.ts';
import { matchesGlob } from '../text/glob.ts';
import type { ContainerMatch, IgnoreEntry, Override } from './config-only.ts';

/** What a match looks at; `kind` and `name` are the workload's. */
export interface Matchable {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly container: string;
}

/** Whether all parts that `match` has fit. Globs; kinds in any case, as kubectl takes them. */
export function matches(match: ContainerMatch, subject: Matchable): boolean {
  return (
    matchesGlob(match.namespace, subject.namespace) &&
    matchesGlob(match.kind?.toLowerCase(), subject.kind.toLowerCase()) &&
    matchesGlob(match.name, subject.name) &&
    matchesGlob(match.container, subject.container)
  );
}

/** The thresholds that hold for a container: the run's, with every override that matches put over them in order. */
export function thresholdsFor(
  options: { readonly thresholds: Thresholds; readonly overrides: readonly Override[] },
  subject: Matchable,
): Thresholds {
  let thresholds = options.thresholds;
  for (const override of options.overrides) {
    if (matches(override.match, subject)) thresholds = { ...thresholds, ...override.thresholds };
  }
  return thresholds;
}

/** The first entry that matches and has not expired on `date` (`YYYY-MM-DD`); `until` is the last day it holds. */
export function findIgnore(ignore: readonly IgnoreEntry[], subject: Matchable, date: string): Ignored | undefined {
  const entry = ignore.find(({ match, until }) => matches(match, subject) && (until === undefined || date <= until));
  if (!entry) return undefined;
  return entry.until === undefined ? { reason: entry.reason } : { reason: entry.reason, until: entry.until };
}

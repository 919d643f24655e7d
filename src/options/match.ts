import type { Thresholds } from '../model/finding.ts';
import type { Ignored } from '../model/inspection.ts';
import type { Matchable } from '../model/match.ts';
import { matches } from '../text/matches.ts';
import type { IgnoreEntry, Override } from './config-only.ts';

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

import type { Thresholds } from '../model/finding.ts';
import type { Ignored } from '../model/inspection.ts';
import type { IgnoreEntry, Match, Override } from './config-only.ts';

/** What a match looks at; `kind` and `name` are the workload's. */
export interface Matchable {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly container: string;
}

/** Whether all parts that `match` has fit. Globs; kinds in any case, as kubectl takes them. */
export function matches(match: Match, subject: Matchable): boolean {
  return (
    matchesGlob(match.namespace, subject.namespace) &&
    matchesGlob(match.kind?.toLowerCase(), subject.kind.toLowerCase()) &&
    matchesGlob(match.name, subject.name) &&
    matchesGlob(match.container, subject.container)
  );
}

/** Whether `text` as a whole fits `glob` (`*` any text, `?` one character); an absent glob fits all. Linear in practice. */
export function matchesGlob(glob: string | undefined, text: string): boolean {
  if (glob === undefined) return true;
  let [inGlob, inText, star, resume] = [0, 0, -1, 0];
  while (inText < text.length) {
    if (glob[inGlob] === '*') {
      star = inGlob;
      resume = inText;
      inGlob += 1;
    } else if (glob[inGlob] === '?' || glob[inGlob] === text[inText]) {
      inGlob += 1;
      inText += 1;
    } else if (star >= 0) {
      resume += 1;
      inText = resume;
      inGlob = star + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(glob.slice(inGlob));
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

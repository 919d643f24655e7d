import type { ContainerMatch, Matchable } from '../model/match.ts';
import { matchesGlob } from './glob.ts';

/** Whether all parts that `match` has fit. Globs; kinds in any case, as kubectl takes them. */
export function matches(match: ContainerMatch, subject: Matchable): boolean {
  return (
    matchesGlob(match.namespace, subject.namespace) &&
    matchesGlob(match.kind?.toLowerCase(), subject.kind.toLowerCase()) &&
    matchesGlob(match.name, subject.name) &&
    matchesGlob(match.container, subject.container)
  );
}

import { matchesGlob } from '../text/glob.ts';

/** What a container must be; what is left out may be anything. Globs. */
export interface ContainerMatch {
  readonly namespace?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly container?: string | undefined;
}

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

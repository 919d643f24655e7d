import type { Inspected } from '../model/workload.ts';
import { matchesGlob } from '../text/glob.ts';
import { keysIn, type Marker } from './marker.ts';

/** What a run looked at: only of that may it say that nothing is left to change. */
export interface Scope extends Inspected {
  /** The option `cluster-name`. */
  readonly cluster?: string;
}

/** The part of a scope that a pull request remembers; its namespaces stand in the keys of its changes. */
export type MarkedScope = Pick<Scope, 'cluster' | 'selector'>;

/** Whether everything in a namespace was looked at. */
export function looksInto(scope: Scope, namespace: string): boolean {
  const isOneOf = (globs: readonly string[]) => globs.some((glob) => matchesGlob(glob, namespace));
  return scope.selector === undefined && isOneOf(scope.namespaces) && !isOneOf(scope.except);
}

/**
 * Keys of the changes in a pull request that this run did not look at. What it found anew (`found`) it has looked at, unless
 * the pull request is another cluster's. A marker without a scope was written before there were scopes.
 */
export function findUnseen(
  scope: Scope,
  marker: Pick<Marker, 'changes' | 'fixes' | 'scope'>,
  found: ReadonlySet<string> = new Set(),
): readonly string[] {
  const keys = keysIn(marker);
  if (marker.scope !== undefined && marker.scope.cluster !== scope.cluster) return keys;
  // With the same selector as then, all that it left out was left out then too.
  const { selector, ...unselected } = scope;
  const looked = marker.scope?.selector === selector ? unselected : scope;
  return keys.filter((key) => !found.has(key) && !looksInto(looked, key.split('/')[0] ?? ''));
}

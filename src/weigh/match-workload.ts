import type { ContainerChange } from '../model/gate.ts';
import { bytesOf, type Setting, type Sizes } from '../model/workload.ts';

/** A live workload that a declared one may be. */
export interface LiveCandidate {
  readonly namespace: string;
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  /** What its template says of a container, where it has one of that name. */
  sizesOf(container: string): Sizes | undefined;
}

export type MatchedCandidate<C> =
  | { readonly state: 'matched'; readonly found: C }
  | { readonly state: 'new' | 'unmatched' };

/**
 * The live workload that a manifest declares. One that names no namespace, or only what is replaced before it is applied, is
 * the only one of its kind and name; of several the one whose namespace is a folder of its application, else the one that has
 * the values of the base. A name that is replaced may be any.
 */
export function matchWorkload<C extends LiveCandidate>(
  change: ContainerChange,
  candidates: readonly C[],
): MatchedCandidate<C> {
  const { group, kind, name, namespace } = change.workload;
  const same = candidates.filter(
    (one) => one.kind === kind && one.name === name && (one.group === undefined || one.group === group),
  );
  const own = namespace !== undefined && isName(namespace) ? same.filter((one) => one.namespace === namespace) : same;
  return (
    only(own) ??
    only(own.filter(({ namespace: live }) => foldersOf(change).has(live))) ??
    only(own.filter((one) => hasValuesOfBase(one, change))) ?? {
      state: own.length === 0 && isName(name) ? 'new' : 'unmatched',
    }
  );
}

/** Whether a name or a namespace is one, and not what is replaced before it is applied, as `${NAME}`. */
export function isName(text: string): boolean {
  return /^[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?$/.test(text);
}

function only<C>(candidates: readonly C[]): MatchedCandidate<C> | undefined {
  const [found] = candidates;
  return found !== undefined && candidates.length === 1 ? { state: 'matched', found } : undefined;
}

function foldersOf({ application: { path, name } }: ContainerChange): ReadonlySet<string> {
  return new Set([...path.split('/').slice(0, -1), ...name.split(/[/\s]/)]);
}

function hasValuesOfBase(candidate: LiveCandidate, { container, limit, request }: ContainerChange): boolean {
  const sizes = candidate.sizesOf(container);
  return sizes !== undefined && isAs(limit.before, sizes.limit) && isAs(request.before, sizes.request);
}

function isAs(declared: Setting, live: Setting): boolean {
  return bytesOf(declared) === bytesOf(live);
}

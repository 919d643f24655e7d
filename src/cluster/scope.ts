import { UserError } from '../errors.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { matchesGlob } from '../text/glob.ts';
import type { ApiPod } from './api-types.ts';
import { readList } from './read-list.ts';

/** From this many matches of a pattern on, one list of the whole cluster is cheaper than one a namespace. */
const MANY = 12;
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** What is inspected, as the options name it. Patterns know `*` and `?`. No namespaces: the whole cluster. */
export interface ClusterScope {
  readonly namespaces: readonly string[];
  readonly excludeNamespaces: readonly string[];
  /** A label selector for the workloads' own labels. */
  readonly selector?: string;
  /** `namespace/name` with globs: workloads that are JVMs although nothing shows it. */
  readonly jvmWorkloads?: readonly string[];
  /** Whether nothing may be there yet, and a namespace may be missing: else that is the user's mistake. */
  readonly mayBeEmpty?: boolean;
}

/** Whole-cluster lists of which only some namespaces are kept, or lists of single namespaces. */
export type ReadScope =
  | { readonly kind: 'cluster'; readonly keeps: (namespace: string) => boolean; readonly names?: readonly string[] }
  | { readonly kind: 'namespaces'; readonly names: readonly string[] };

/** Which lists to ask for. Namespaces are only listed where an option holds a pattern for them. */
export async function resolveScope(kubectl: Kubectl, scope: ClusterScope): Promise<ReadScope> {
  const excluded = matcherOf(scope.excludeNamespaces);
  if (scope.namespaces.length === 0) return { kind: 'cluster', keeps: (namespace) => !excluded(namespace) };

  const patterns = scope.namespaces.filter(isPattern);
  const exact = scope.namespaces.filter((name) => !isPattern(name));
  const invalid = exact.find((name) => !NAME.test(name));
  if (invalid !== undefined) {
    throw new UserError(
      `namespaces: "${invalid}" is not the name of a namespace: use lower case letters, digits and "-", or a pattern with * and ?`,
    );
  }
  const matched = patterns.length === 0 ? [] : (await listNamespaces(kubectl, patterns)).filter(matcherOf(patterns));
  const names = [...new Set([...exact, ...matched])].filter((name) => !excluded(name)).sort();
  if (names.length === 0) {
    throw new UserError(
      `namespaces (${scope.namespaces.join(', ')}) leaves no namespace to inspect: check it and exclude-namespaces (${scope.excludeNamespaces.join(', ') || 'empty'})`,
    );
  }
  const kept = new Set(names);
  return exact.length === 0 && names.length > MANY
    ? { kind: 'cluster', keeps: (namespace) => kept.has(namespace), names }
    : { kind: 'namespaces', names };
}

/** The path of a list: of one namespace, or (without) of all. `api` is `api/v1` or `apis/GROUP/VERSION`. */
export function listPath(api: string, resource: string, namespace?: string): string {
  return namespace === undefined ? `/${api}/${resource}` : `/${api}/namespaces/${namespace}/${resource}`;
}

async function listNamespaces(kubectl: Kubectl, patterns: readonly string[]): Promise<readonly string[]> {
  const list = await readList<ApiPod, string>(kubectl, { path: '/api/v1/namespaces' }, (item) => item.metadata?.name);
  if (list.ok) return list.items;
  const because = `namespaces has a pattern (${patterns.join(', ')}), so the cluster's namespaces must be listed`;
  throw new UserError(
    `${because}. ${list.failure.message}${list.failure.kind === 'forbidden' ? '. Or name each namespace' : ''}`,
  );
}

function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}

function matcherOf(globs: readonly string[]): (name: string) => boolean {
  return (name) => globs.some((glob) => matchesGlob(glob, name));
}

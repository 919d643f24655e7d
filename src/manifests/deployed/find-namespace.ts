import type { Deployed } from './deployed.ts';

/**
 * Whether an object of a file or a rendering is of a namespace. `here`: by its own words or those of what applies it;
 * `by folder`: nothing gives one, and a folder on its path is named so; `not said`: nothing tells.
 */
export type InNamespace = 'here' | 'by folder' | 'elsewhere' | 'not said';

export function judgeNamespace(
  own: string | undefined,
  { appliedBy, path }: { readonly appliedBy: readonly Deployed[]; readonly path: string },
  namespace: string,
): InNamespace {
  const given = givenNamespaces(own, appliedBy);
  if (given.includes(namespace)) return 'here';
  if (given.some((one) => one !== undefined)) return 'elsewhere';
  return isNamedBy(path, namespace) ? 'by folder' : 'not said';
}

/** Whether a folder of a path is named like a namespace; one called `default` is no sign of any. */
export function isNamedBy(path: string, namespace: string): boolean {
  return namespace !== 'default' && path.split('/').slice(0, -1).includes(namespace);
}

/** The namespaces that an object gets: Flux gives its own to everything, Argo CD to what has none. */
export function givenNamespaces(
  own: string | undefined,
  appliedBy: readonly Deployed[],
): readonly (string | undefined)[] {
  if (appliedBy.length === 0) return [own];
  const given = appliedBy.map(({ by, namespace }) => (by === 'flux' ? (namespace ?? own) : (own ?? namespace)));
  return [...new Set(given)];
}

import type { Reader } from './read-everywhere.ts';
import { readObject } from './read-list.ts';

/**
 * The API groups that the server has, with their versions; `undefined` where it does not say. Every identity may read
 * this by default, and a list of a resource that is not there is a process for nothing.
 */
export async function readApiGroups({
  kubectl,
  limit,
  pause,
}: Reader): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const answer = await limit(() => readObject(kubectl, '/apis', pause)).catch(() => undefined);
  const [list] = answer?.ok ? answer.items : [];
  if (typeof list !== 'object' || list === null || !('groups' in list) || !Array.isArray(list.groups)) return undefined;
  return new Map(list.groups.flatMap(groupOf));
}

function groupOf(group: unknown): [string, string[]][] {
  if (typeof group !== 'object' || group === null || !('name' in group)) return [];
  const versions: unknown = 'versions' in group ? group.versions : [];
  const names = Array.isArray(versions) ? versions.flatMap((one: { version?: unknown }) => one?.version ?? []) : [];
  return [[String(group.name), names.map(String)]];
}

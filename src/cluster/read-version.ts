import type { Reader } from './read-everywhere.ts';
import { readObject } from './read-list.ts';

/** The API server's version as `1.34.4`; `undefined` where it does not say, which stops nothing. */
export async function readVersion({ kubectl, limit, pause }: Reader): Promise<string | undefined> {
  const answer = await limit(() => readObject(kubectl, '/version', pause)).catch(() => undefined);
  const [version] = answer?.ok ? answer.items : [];
  const said = typeof version === 'object' && version !== null && 'gitVersion' in version ? version.gitVersion : '';
  // What a provider appends (`-gke.1`) would make it a prerelease, which charts refuse.
  return /^v?(\d{1,4}\.\d{1,4}\.\d{1,4})/.exec(String(said))?.[1];
}

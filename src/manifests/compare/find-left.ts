import type { DeclaredContainer, Unread } from '../../model/declared.ts';
import type { RepositoryFile, RepositoryFiles } from '../../model/repository-files.ts';
import { mayDeclare } from '../declare.ts';
import { NOTHING_SAID } from '../deployed/claims.ts';
import { isParsed } from '../documents.ts';
import { OVER_EFFORT } from '../effort.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { readPlainFile } from '../plain/read.ts';
import { decode, refuseUnread } from '../readable.ts';

/** Where what is gone may be left. */
export interface LeftSearch {
  /** Every path that differs. */
  readonly changed: ReadonlySet<string>;
  /** All files of the head, also those that are no place for manifests. */
  readonly files: RepositoryFiles;
  /** What the applications of the head load. */
  readonly loaded: ReadonlySet<string>;
  readonly index: Pick<ManifestIndex, 'parse'>;
}

export interface Left {
  /** By what is gone. */
  readonly containers: ReadonlyMap<DeclaredContainer, DeclaredContainer>;
  readonly unread: readonly Unread[];
}

/** More than anybody moves together with a workload. */
const MOST_FILES = 2000;

/**
 * Where containers are left that are gone from all that is read: whoever applies whole folders still applies a file that was moved
 * among those of other tools, or that only an application loads which nobody applies. And what is in their place and cannot
 * be read.
 */
export async function findLeft(gone: readonly DeclaredContainer[], search: LeftSearch): Promise<Left> {
  if (gone.length === 0) return { containers: new Map(), unread: [] };
  const listed = await search.files.list();
  const links = listed.filter(({ type }) => type !== 'file');
  const unread = links.filter(({ path }) => gone.some((one) => isBelow(one.application.path, path))).map(refuse);
  const candidates = listed.filter(
    ({ path, type }) =>
      type === 'file' && /\.(ya?ml|json)$/i.test(path) && search.changed.has(path) && !search.loaded.has(path),
  );
  if (candidates.length > MOST_FILES) unread.push({ path: '', reason: OVER_EFFORT.reason, why: OVER_EFFORT.why });
  const containers = new Map<DeclaredContainer, DeclaredContainer>();
  for (const file of candidates.slice(0, MOST_FILES)) {
    const found = await readCandidate(file, gone, search);
    unread.push(...found.unread);
    for (const [one, left] of found.containers) containers.set(one, left);
  }
  return { containers, unread };
}

function isBelow(path: string, link: string): boolean {
  return path === link || path.startsWith(`${link}/`);
}

function refuse(file: RepositoryFile): Unread {
  return { path: file.path, ...(refuseUnread(file) ?? { reason: 'unsafe file', why: 'it cannot be read' }) };
}

async function readCandidate(
  file: RepositoryFile,
  gone: readonly DeclaredContainer[],
  { files, index }: LeftSearch,
): Promise<Left> {
  const containers = new Map<DeclaredContainer, DeclaredContainer>();
  if (refuseUnread(file) !== undefined) return { containers, unread: /l$/i.test(file.path) ? [refuse(file)] : [] };
  const text = decode(await files.read(file.path)) ?? '';
  if (!mayDeclare(text)) return { containers, unread: [] };
  const manifest = { path: file.path, text };
  const isNamed = gone.some(({ workload }) => text.includes(workload.name));
  if (!isParsed(index.parse(manifest)) && !isNamed) return { containers, unread: [] };
  const { containers: declared, unread } = await readPlainFile(manifest, index, {
    claims: NOTHING_SAID,
    clusters: { all: [] },
  });
  for (const one of declared) {
    const former = gone.find((other) => isSameContainer(one, other));
    if (former !== undefined) containers.set(former, one);
  }
  return { containers, unread };
}

/** What gave the other its namespace may no longer do so. */
function isSameContainer({ workload, name }: DeclaredContainer, other: DeclaredContainer): boolean {
  const { group, kind, name: workloadName, namespace } = other.workload;
  return (
    name === other.name &&
    workload.name === workloadName &&
    workload.kind === kind &&
    workload.group === group &&
    (workload.namespace ?? namespace) === (namespace ?? workload.namespace)
  );
}

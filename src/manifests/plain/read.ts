import type { Application, DecidedBy, Declared, DeclaredContainer, Unread } from '../../model/declared.ts';
import { namespaceGiven } from '../applied.ts';
import { declareContainers, onlyUnread, readEach } from '../declare.ts';
import { type FoundWorkload, findObjects, isParsed, type ParsedFile, type Path, valueAt } from '../documents.ts';
import { lineOf } from '../edit-memory.ts';
import type { ManifestFile, ManifestIndex } from '../index-manifests.ts';
import { isKustomization } from '../reach.ts';
import { valueOffset } from '../value-line.ts';

export function isApplied({ renderedBy }: ManifestFile): boolean {
  return renderedBy === undefined;
}

export function applicationOfFile(path: string): Application {
  return { way: 'plain', name: path, path };
}

/** What the files declare that nothing renders. */
export async function readFiles(index: ManifestIndex): Promise<Declared> {
  const applied = index.manifests.filter(isApplied);
  const { containers, unread } = await readEach(
    applied,
    ({ path }) => path,
    (file) => readFile(file, index),
  );
  return { containers, unread: [...unread, ...unreadIn(index)] };
}

async function readFile(file: ManifestFile, index: ManifestIndex): Promise<Declared> {
  const parsed = index.parse(file);
  if (!isParsed(parsed)) return onlyUnread({ path: file.path, reason: parsed.reason, why: parsed.why });
  const containers: DeclaredContainer[] = [];
  for (const found of findObjects(parsed)) containers.push(...(await declareFound(found, file, parsed, index)));
  return { containers, unread: [] };
}

async function declareFound(
  { document, at, group, kind, name, namespace: own }: FoundWorkload,
  { path, text }: ManifestFile,
  parsed: ParsedFile,
  index: ManifestIndex,
): Promise<DeclaredContainer[]> {
  const namespace = namespaceGiven(index.applied, path, own);
  const workload = { group, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  const value = valueAt(parsed.values[document], at) ?? null;
  return declareContainers({ application: applicationOfFile(path), workload, value }, async (resources, section) => {
    const where: Path = [...at, ...resources, section, 'memory'];
    const node = parsed.documents[document];
    const offset = node && valueOffset(node, where);
    return offset === undefined ? { state: 'not known' } : lineIn(path, text, offset);
  });
}

function lineIn(path: string, text: string, offset: number): DecidedBy {
  return { state: 'line', path, line: lineOf(text, offset) };
}

/** What the index says was not read, and what only a kustomization renders that the globs leave out. */
function unreadIn({ manifests, unread, over, editable }: ManifestIndex): Unread[] {
  const refused = [...unread].map(([path, { reason, why }]): Unread => ({ path, reason, why }));
  const left = manifests.flatMap(({ path, renderedBy }): Unread[] => {
    if (renderedBy === undefined || !isKustomization(renderedBy) || editable(renderedBy)) return [];
    return [{ path, reason: 'rendered', why: `${renderedBy} renders it, and the option manifests leaves that out` }];
  });
  const all = over === undefined ? [] : [{ path: '', reason: over.reason, why: over.why }];
  return [...refused, ...left, ...all];
}

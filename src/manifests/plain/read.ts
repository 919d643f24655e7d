import type { Application, DecidedBy, Declared, DeclaredContainer, Unread } from '../../model/declared.ts';
import { declareContainers, onlyUnread, readEach } from '../declare.ts';
import type { Claims } from '../deployed/claims.ts';
import { givenNamespaces } from '../deployed/find-namespace.ts';
import { type ClusterContext, otherCluster } from '../deployed/other-cluster.ts';
import { findObjects, isParsed, type Path, valueAt } from '../documents.ts';
import type { ManifestFile, ManifestIndex } from '../index-manifests.ts';
import { isKustomization } from '../reach.ts';
import { createLineFinder, createValueFinder } from '../value-places.ts';
import type { ApplicationInputs, DeclaredScope } from '../way.ts';

export function isApplied({ renderedBy }: ManifestFile): boolean {
  return renderedBy === undefined;
}

export function applicationOfFile(path: string): Application {
  return { way: 'plain', name: path, path };
}

/** A file is made from itself, and goes where what applies it says. */
export function inputsOfFiles({ manifests }: ManifestIndex, claims: Claims): ApplicationInputs[] {
  return manifests.filter(isApplied).map(({ path }) => ({
    application: applicationOfFile(path),
    files: new Set([path]),
    described: JSON.stringify(claims.ofFile(path)),
  }));
}

interface FileContext {
  readonly claims: Claims;
  readonly clusters: ClusterContext;
}

/** What the files declare that nothing renders. */
export async function readFiles(
  index: ManifestIndex,
  { claims, clusters }: FileContext,
  { only }: DeclaredScope,
): Promise<Declared> {
  const applied = index.manifests.filter((file) => isApplied(file) && (only?.has(file.path) ?? true));
  const { containers, unread } = await readEach(
    applied,
    ({ path }) => path,
    (file) => readPlainFile(file, index, { claims, clusters }),
  );
  return { containers, unread: [...unread, ...unreadIn(index)] };
}

/** What one file declares, whether or not the index has it. */
export async function readPlainFile(
  file: ManifestFile,
  index: Pick<ManifestIndex, 'parse'>,
  { claims, clusters }: FileContext,
): Promise<Declared> {
  const parsed = index.parse(file);
  if (!isParsed(parsed)) return onlyUnread({ path: file.path, reason: parsed.reason, why: parsed.why });
  const finders = parsed.documents.map(createValueFinder);
  const lineAt = createLineFinder(file.text);
  const decide = (document: number, path: Path): DecidedBy => {
    const offset = finders[document]?.(path);
    return offset === undefined ? { state: 'not known' } : { state: 'line', path: file.path, line: lineAt(offset) };
  };
  const appliedBy = claims.ofFile(file.path);
  const containers: DeclaredContainer[] = [];
  for (const { document, at, group, kind, name, namespace: own } of findObjects(parsed)) {
    for (const namespace of givenNamespaces(own, appliedBy)) {
      const object = {
        application: { ...applicationOfFile(file.path), ...otherCluster(appliedBy, clusters) },
        workload: { group, kind, name, ...(namespace === undefined ? {} : { namespace }) },
        value: valueAt(parsed.values[document], at) ?? null,
      };
      const declared = await declareContainers(object, async (resources, section) =>
        decide(document, [...at, ...resources, section, 'memory']),
      );
      containers.push(...declared);
    }
  }
  return { containers, unread: [] };
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

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Helm } from '../../../src/manifests/helm/run-helm.ts';
import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import type { Renderers } from '../../../src/manifests/open-renderers.ts';
import type { TreeContext } from '../../../src/manifests/way.ts';
import { openTree } from '../../../src/manifests/ways.ts';
import type { Location } from '../../../src/model/location.ts';
import type { NamedRelease } from '../../../src/model/mapping.ts';
import type { RepositoryFiles } from '../../../src/model/repository-files.ts';
import type { Suggestion } from '../../../src/model/suggestion.ts';
import { type OriginHints, type WorkloadRef, workloadKey } from '../../../src/model/workload.ts';
import { unifiedDiff } from '../../../src/text/unified-diff.ts';
import { editFile, filesOf, type Live, suggestion, workload } from '../fixtures.ts';

export const CORPUS = join(import.meta.dirname, '..', 'corpus', 'helm');

/** What stands in a case's `case.json`. Without `reason` the case ends in an edit. */
export interface Case {
  readonly workload: { readonly namespace: string; readonly kind: string; readonly name: string };
  readonly hints?: OriginHints;
  readonly containers: readonly Live[];
  readonly container: string;
  readonly to: { readonly limit?: string; readonly request?: string };
  readonly helmReleases?: readonly NamedRelease[];
  readonly unproved?: boolean;
  /** The globs of the option `manifests`. */
  readonly manifests?: readonly string[];
  readonly clusterName?: string;
  readonly reason?: string;
  readonly why?: string;
}

export function readCase(name: string): Case {
  return JSON.parse(readFileSync(join(CORPUS, name, 'case.json'), 'utf8')) as Case;
}

/** The files of a case's repository, with some replaced. */
export function readRepository(name: string, change: Readonly<Record<string, string>> = {}): RepositoryFiles {
  const root = join(CORPUS, name, 'repository');
  const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = paths.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(root, path), new Uint8Array(readFileSync(path))] as const;
  });
  return filesOf({ ...Object.fromEntries(texts), ...change });
}

/** A helm that counts what it was asked to render. */
export function countingHelm(helm: Helm): Helm & { count: number } {
  const counting = {
    count: 0,
    template(...asked: Parameters<Helm['template']>) {
      counting.count++;
      return helm.template(...asked);
    },
  };
  return counting;
}

/** Locates a case's suggestion in its repository. */
export async function locateCase(
  one: Case,
  files: RepositoryFiles,
  { helm, scratch, kustomize }: Pick<Renderers, 'helm' | 'scratch' | 'kustomize'>,
  globs: readonly string[] = [],
): Promise<Location | undefined> {
  const ref: WorkloadRef = { group: 'apps', ...one.workload };
  const asked = suggestion(ref, one.container, one.to);
  const located = await locateInHelm([asked], {
    index: await indexManifests(files, one.manifests ?? globs),
    files,
    workloads: [workload(ref, one.containers, { hints: one.hints ?? {} })],
    helmReleases: one.helmReleases ?? [],
    helmUnproved: one.unproved ?? false,
    helm: { helm, scratch },
    kustomize,
    clusterName: one.clusterName,
  });
  return located.get(asked);
}

/** What the way Helm finds for the suggestions whose workloads it makes. */
export async function locateInHelm(
  suggestions: readonly Suggestion[],
  context: TreeContext,
): Promise<ReadonlyMap<Suggestion, Location>> {
  const way = openTree(context).ways.find(({ name }) => name === 'helm');
  const located = suggestions.map(async (one): Promise<[Suggestion, Location][]> => {
    const own = context.workloads.find(({ ref }) => workloadKey(ref) === workloadKey(one.workload));
    const live = own?.containers.find(({ name }) => name === one.container);
    const found = live && (await way?.locate(one, live));
    return found && 'state' in found ? [[one, found]] : [];
  });
  return new Map((await Promise.all(located)).flat());
}

/** What a location's edits do to the repository, as a unified diff. */
export async function diffOf(location: Location | undefined, files: RepositoryFiles): Promise<string> {
  if (location?.state !== 'located') return '';
  const paths = [...new Set(location.edits.map(({ path }) => path))].sort();
  const diffs = paths.map(async (path) => {
    const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await files.read(path));
    return unifiedDiff({ path, before, after: editFile(path, before, location.edits) });
  });
  return (await Promise.all(diffs)).join('');
}

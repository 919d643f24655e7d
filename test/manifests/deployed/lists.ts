import type { ApplyingObject, Deployed, DeployedList, Unreadable } from '../../../src/manifests/deployed/deployed.ts';
import { findApplyingObjects } from '../../../src/manifests/deployed/find-objects.ts';
import { type DeployedContext, readDeployed } from '../../../src/manifests/deployed/read-deployed.ts';
import { isParsed, parseManifest } from '../../../src/manifests/documents.ts';
import { createEffort } from '../../../src/manifests/effort.ts';
import { readLoadGraph } from '../../../src/manifests/kustomize/load-graph.ts';
import { createParser } from '../../../src/manifests/parser.ts';
import { isKustomization } from '../../../src/manifests/reach.ts';

export const HOME = { repository: 'acme/platform', branch: 'main' };

/** An Argo CD application of the folder `deploy`, with some of it changed. */
export function applied(change: Partial<Deployed> = {}): Deployed {
  return {
    by: 'argo',
    name: 'web',
    definedIn: 'argocd/web.yaml',
    source: { state: 'here' },
    folder: 'deploy',
    takes: { kind: 'argo', recurse: false },
    onEachCluster: false,
    ...change,
  };
}

export function unread(folder: string, change: Partial<Unreadable> = {}): Unreadable {
  return {
    definedIn: 'argocd/set.yaml',
    what: 'the ApplicationSet set',
    why: 'its plugin is not read',
    folder,
    ...change,
  };
}

export function listOf(all: readonly Deployed[], unreadable: readonly Unreadable[] = []): DeployedList {
  return { all, unreadable, objects: [] };
}

/** The load graph of files by their texts. */
export function graphOf(texts: Readonly<Record<string, string>>) {
  const paths = Object.keys(texts).sort();
  const kustomizations = new Map(Object.entries(texts).filter(([path]) => isKustomization(path)));
  return { graph: readLoadGraph(paths, kustomizations), paths };
}

/** The objects of files that say what is applied. */
export function objectsIn(texts: Readonly<Record<string, string>>): ApplyingObject[] {
  const parser = createParser(createEffort());
  return Object.entries(texts).flatMap(([path, text]) => findApplyingObjects(path, text, parser));
}

/** The list of applications of some files. */
export function readList(
  texts: Readonly<Record<string, string>>,
  change: Partial<DeployedContext> = {},
): Promise<DeployedList> {
  return readDeployed({
    objects: objectsIn(texts),
    paths: Object.keys(texts).sort(),
    home: HOME,
    effort: createEffort(),
    read: async (path) => {
      const parsed = parseManifest(texts[path] ?? '');
      return isParsed(parsed) ? parsed.values : undefined;
    },
    written: async () => ({ objects: [], unreadable: [] }),
    ...change,
  });
}

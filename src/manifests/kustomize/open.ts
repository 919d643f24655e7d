import type { TreeContext, Way } from '../way.ts';
import { locateInRoots } from './locate.ts';
import { applicationOfRoot, readRoots, sayFailed } from './read.ts';
import { openRoots } from './roots.ts';

/** What `kubectl kustomize` renders: every kustomization that no other one includes. */
export function openKustomize({ index, files, workloads, kustomize }: TreeContext): Way {
  const roots = kustomize && openRoots(index, files, kustomize);
  return {
    name: 'kustomize',
    renders: true,
    read: () => readRoots(index, roots),
    async loading(paths) {
      const loading = paths.map((path) => [path, roots?.loading([path]).map(applicationOfRoot) ?? []] as const);
      return new Map(loading.filter(([, applications]) => applications.length > 0));
    },
    locate: async (suggestion, live) => roots && locateInRoots(suggestion, live, { roots, index, workloads }),
    definitions: () => [],
    async failedNear(workload, lookedAt) {
      if (!roots) return [];
      const held = (await roots.holding(workload)).map(({ root }) => root);
      const failed: { path: string; why: string }[] = [];
      for (const root of new Set([...held, ...roots.loading(lookedAt)])) {
        const rendering = await roots.rendered(root);
        if (rendering.state !== 'rendered') failed.push({ path: root.kustomization.path, why: sayFailed(rendering) });
      }
      return failed;
    },
  };
}

import type { Workload } from '../../model/workload.ts';
import { findMakers } from '../deployed/find-makers.ts';
import { remember } from '../remember.ts';
import type { FailedApplication, TreeContext, Way, WayContext } from '../way.ts';
import type { Root } from './find-roots.ts';
import { locateInRoots } from './locate.ts';
import { findClashing } from './prove-together.ts';
import { applicationOfRoot, inputsOfRoots, readRoots, sayElsewhere, sayFailed } from './read.ts';
import type { Kustomize } from './render.ts';
import { openRoots, type Roots } from './roots.ts';

/** Opens the roots; they are read once, when first asked for. */
export function openRootsOnce(
  { index, files, kustomize }: TreeContext,
  applications: WayContext['applications'],
): WayContext['roots'] {
  const openOnce = remember(async (renderer: Kustomize) =>
    openRoots(index, (await applications()).claims, files, renderer),
  );
  return async () => kustomize && openOnce(kustomize);
}

/** What `kubectl kustomize` renders: every kustomization that is applied by itself. */
export function openKustomize({ index, workloads, roots: open, applications, clusterName }: WayContext): Way {
  return {
    name: 'kustomize',
    renders: true,
    async read(scope = {}) {
      const { list } = await applications();
      return readRoots(index, { roots: await open(), clusters: { all: list.all, clusterName } }, scope);
    },
    inputs: async () => inputsOfRoots(index, await open()),
    async loading(paths) {
      const roots = await open();
      const loading = paths.map((path) => [path, roots?.loading([path]).map(applicationOfRoot) ?? []] as const);
      return new Map(loading.filter(([, applications]) => applications.length > 0));
    },
    async locate(suggestion, live, makers) {
      const roots = await open();
      return roots && locateInRoots(suggestion, live, { roots, index, workloads, makers, clusterName });
    },
    async clashing(locations) {
      const roots = await open();
      if (!roots) return new Set();
      const { list } = await applications();
      const makersOf = (workload: Workload) => {
        const makers = findMakers(workload, list, clusterName);
        return makers.state === 'here' ? makers.by : undefined;
      };
      return findClashing(locations, { roots, index, workloads, clusterName, makersOf });
    },
    definitions: async () => [],
    async failedNear(workload, lookedAt) {
      const roots = await open();
      if (!roots) return [];
      const held = (await roots.holding(workload)).filter(({ mayDefine }) => mayDefine);
      const near = new Set([...held.map(({ root }) => root), ...roots.loading(lookedAt)]);
      return (await Promise.all([...near].map((root) => failureOf(root, roots)))).filter((one) => one !== undefined);
    },
  };
}

/** Why a root shows nothing of a workload, or may not show it. */
async function failureOf(root: Root, roots: Roots): Promise<FailedApplication | undefined> {
  const { kustomization, closure } = root;
  const rendering = await roots.rendered(root);
  if (rendering.state !== 'rendered')
    return { path: kustomization.path, why: `could not be rendered: ${sayFailed(rendering)}` };
  return closure.leftOut.length > 0
    ? { path: kustomization.path, why: `was ${sayElsewhere(closure.leftOut)}` }
    : undefined;
}

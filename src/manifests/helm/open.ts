import { withinEffort } from '../effort.ts';
import { findRoots } from '../kustomize/find-roots.ts';
import type { Miss } from '../readable.ts';
import { remember } from '../remember.ts';
import type { TreeContext, Way, WayContext } from '../way.ts';
import { locateInReleases } from './locate.ts';
import { inputsOfReleases, loadingReleases, readReleases, withoutHelm } from './read.ts';
import { openSession, type Session } from './session.ts';

/** What `helm template` renders: every release that the option, Flux, Argo CD or the layout of values files describes. */
export function openHelm({
  files,
  index,
  workloads,
  helm,
  helmReleases = [],
  helmUnproved = false,
  home = {},
  applications,
  roots,
  clusterName,
}: WayContext): Way {
  const openOnce = remember(async ({ helm, scratch }: NonNullable<TreeContext['helm']>) =>
    withinEffort<Session | Miss>(async () => {
      const rendering = await roots();
      const { claims, list } = await applications();
      const all = rendering?.every ?? findRoots(index, claims).every;
      const applied = { all: list.all, says: claims.says, ofFile: claims.ofFile };
      const described = { home, objects: list.objects, applied, roots: all, rendering, clusterName };
      return openSession({ files, index, workloads, helmReleases, helm, scratch, ...described });
    }),
  );
  return {
    name: 'helm',
    renders: true,
    async read(scope = {}) {
      if (!helm) return withoutHelm(index.paths);
      const { list } = await applications();
      return readReleases(await openOnce(helm), scope, { all: list.all, clusterName });
    },
    async inputs() {
      const session = helm && (await openOnce(helm));
      return !session || 'reason' in session ? [] : inputsOfReleases(session);
    },
    async loading(paths) {
      const session = helm && (await openOnce(helm));
      return !session || 'reason' in session ? new Map() : loadingReleases(paths, session);
    },
    async locate(suggestion, live, makers) {
      if (helm === undefined) return undefined;
      const appliers = { claims: (await applications()).claims, makers };
      const around = { index, workloads, appliers, unproved: helmUnproved };
      return locateInReleases(suggestion, live, around, () => openOnce(helm));
    },
    definitions: async () => [],
    failedNear: async () => [],
  };
}

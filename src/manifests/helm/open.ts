import { withinEffort } from '../effort.ts';
import type { Miss } from '../readable.ts';
import { remember } from '../remember.ts';
import type { TreeContext, Way } from '../way.ts';
import { locateInReleases } from './locate.ts';
import { loadingReleases, readReleases } from './read.ts';
import { openSession, type Session } from './session.ts';

/** What `helm template` renders: every release that the option, Flux, Argo CD or the layout of values files describes. */
export function openHelm({ files, index, workloads, helm, helmReleases = [], helmUnproved = false }: TreeContext): Way {
  const openOnce = remember(async ({ helm, scratch }: NonNullable<TreeContext['helm']>) =>
    withinEffort<Session | Miss>(() => openSession({ files, index, workloads, helmReleases, helm, scratch })),
  );
  return {
    name: 'helm',
    renders: true,
    read: async () => readReleases(helm && (await openOnce(helm))),
    loading: async (paths) => loadingReleases(paths, helm && (await openOnce(helm))),
    locate: async (suggestion, live) =>
      helm && locateInReleases(suggestion, live, { index, workloads, unproved: helmUnproved }, () => openOnce(helm)),
    definitions: () => [],
    failedNear: async () => [],
  };
}

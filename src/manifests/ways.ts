import type { Application, DeclaredContainer, DeclaredIn } from '../model/declared.ts';
import { addTo } from '../text/add-to.ts';
import { openApplications } from './deployed/open-applications.ts';
import { withinEffort } from './effort.ts';
import { openHelm } from './helm/open.ts';
import { openKustomize, openRootsOnce } from './kustomize/open.ts';
import { openPlain } from './plain/open.ts';
import type { TreeContext, Way, WayContext } from './way.ts';

/** The ways of deploying; of what several may make, the first that makes it counts. */
const WAYS: readonly ((context: WayContext) => Way)[] = [openKustomize, openHelm, openPlain];

/** A repository with every way of deploying opened over it. */
export interface ManifestTree extends WayContext {
  readonly ways: readonly Way[];
}

/** Opens all ways over a tree; nothing is read before it is asked for. */
export function openTree(context: TreeContext): ManifestTree {
  const applications = openApplications(context);
  const opened = { ...context, applications, roots: openRootsOnce(context, applications) };
  return { ...opened, ways: WAYS.map((open) => open(opened)) };
}

/**
 * Every container that the repository declares, in all applications of all ways, and what could not be read. A file that a
 * kustomization or a chart renders counts there alone.
 */
export async function readContainers({ ways }: ManifestTree): Promise<DeclaredIn> {
  const containers: DeclaredContainer[] = [];
  const unread: DeclaredIn['unread'][number][] = [];
  // One after the other, so that a budget runs out at the same place every time.
  for (const way of ways) {
    const declared = await way.read();
    containers.push(...declared.containers);
    unread.push(...declared.unread);
  }
  const paths = decidingPaths(containers);
  const loadedBy = new Map<string, Application[]>();
  for (const way of ways) {
    const loading = await withinEffort(() => way.loading(paths));
    if ('reason' in loading) {
      unread.push({ path: '', reason: loading.reason, why: loading.why });
      continue;
    }
    for (const [path, applications] of loading) {
      for (const application of applications) addTo(loadedBy, path, application);
    }
  }
  return { containers, unread, loadedBy };
}

function decidingPaths(containers: readonly DeclaredContainer[]): string[] {
  const paths = containers.flatMap(({ limit, request }) =>
    [limit, request].flatMap(({ decidedBy }) => ('path' in decidedBy ? [decidedBy.path] : [])),
  );
  return [...new Set(paths)].sort();
}

import type { Deployed } from './deployed.ts';

/** What tells an application's cluster: those of the repository, and the name of the one that is looked at. */
export interface ClusterContext {
  readonly all: readonly Deployed[];
  readonly clusterName?: string | undefined;
}

/**
 * The other cluster that something is for, where names tell: all that apply it name another one, or lie in its folder, and
 * something else of the repository is for the cluster that is looked at by the same way of naming.
 */
export function otherCluster(
  appliers: readonly Deployed[],
  { all, clusterName }: ClusterContext,
): { cluster?: string } {
  if (clusterName === undefined || appliers.length === 0) return {};
  const own = all.filter((one) => isFor(one, clusterName));
  const others = appliers.map((one) => (isFor(one, clusterName) ? undefined : otherOf(one, own, clusterName)));
  const [first] = others;
  return first === undefined || others.includes(undefined) ? {} : { cluster: first };
}

function isFor({ cluster, definedIn, folder }: Deployed, name: string): boolean {
  return cluster === name || stepsOf(definedIn).includes(name) || stepsOf(`${folder}/`).includes(name);
}

function otherOf(one: Deployed, own: readonly Deployed[], name: string): string | undefined {
  if (isName(one.cluster) && own.some(({ cluster }) => cluster === name)) return one.cluster;
  for (const other of own) {
    const found =
      siblingOf(one.definedIn, other.definedIn, name) ?? siblingOf(`${one.folder}/`, `${other.folder}/`, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The cluster in which Argo CD itself runs, and the address of an API server, may be of any name. */
function isName(cluster: string | undefined): cluster is string {
  return cluster !== undefined && cluster !== 'in-cluster' && !cluster.includes('://');
}

/** The folder of a path in the place in which another path has that of a name: `dev` for `clusters/dev/apps.yaml`. */
function siblingOf(path: string, own: string, name: string): string | undefined {
  const [steps, ownSteps] = [stepsOf(path), stepsOf(own)];
  const at = ownSteps.indexOf(name);
  const isBeside = at >= 0 && ownSteps.slice(0, at).every((step, index) => step === steps[index]);
  return isBeside && steps[at] !== name ? steps[at] : undefined;
}

function stepsOf(path: string): readonly string[] {
  return path.split('/').slice(0, -1);
}

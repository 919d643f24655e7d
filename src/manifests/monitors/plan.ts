import type { Proof, ReachedPlace } from '../../model/location.ts';
import type { WorkloadRef } from '../../model/workload.ts';
import type { Claims } from '../deployed/claims.ts';
import { type Deployed, sayMaker } from '../deployed/deployed.ts';
import { givenNamespaces } from '../deployed/find-namespace.ts';
import { reachedPlaces } from '../deployed/reached-places.ts';
import { type Definition, sayUnknown } from '../find-definitions.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import type { Effects } from '../kustomize/effect.ts';
import { findHits, type RenderedHit, sayRenderedMore } from '../kustomize/find-hits.ts';
import type { Root } from '../kustomize/find-roots.ts';
import { sayLeftOut } from '../kustomize/leave-out.ts';
import type { Roots } from '../kustomize/roots.ts';
import type { Miss, WhyNot } from '../readable.ts';
import { differencesAsDiff } from '../rendering/prove-change.ts';
import type { FileChange, RootChange } from './prove.ts';

/** What monitors are located in. */
export interface MonitorContext {
  readonly index: ManifestIndex;
  readonly claims: Claims;
  /** Absent where nothing is rendered. */
  readonly roots?: Roots;
  /** The applications that made the workload, where the live object says so. */
  readonly makers?: readonly Deployed[];
  readonly clusterName?: string;
  /** Whether something stands at a path already, or another change of the run adds it. */
  isTaken(path: string): boolean;
}

/** A change that was proved alone, and what it takes to prove it beside others. */
export interface PlannedMonitor {
  readonly path: string;
  readonly line: number;
  readonly proof: Proof;
  readonly reaches?: readonly ReachedPlace[];
  readonly change:
    | ({ readonly kind: 'root' } & RootChange)
    | ({ readonly kind: 'file' } & FileChange)
    /** A file of its own in a folder that is applied. */
    | { readonly kind: 'new file'; readonly edits: readonly []; readonly newFiles: RootChange['newFiles'] };
}

/** Why a monitor is not located. */
export interface MonitorMiss extends Miss {
  /** The files have it already. */
  readonly isThere?: boolean;
}

/** The one root that renders an object, the object and what else may render it; `undefined` where none does. */
export interface AimedRoot extends RenderedHit {
  /** Other roots of the same kustomization. */
  readonly twins: readonly Root[];
}

export async function aimAtRoot(
  ref: WorkloadRef,
  roots: Roots,
  { index, makers, clusterName }: MonitorContext,
): Promise<AimedRoot | Miss | undefined> {
  const { hits, over } = await findHits({ workload: ref }, { roots, index, makers, clusterName, workloads: [] });
  const [hit] = hits;
  const paths = [...new Set(hits.map(({ root }) => root.kustomization.path))];
  const unsure = hit === undefined ? over[0] : over.find(({ named }) => named);
  if (unsure) {
    const { path } = unsure.root.kustomization;
    return { reason: 'over budget', why: `${path}: ${unsure.why}`, lookedAt: [path] };
  }
  if (roots.over !== undefined) return { reason: 'over budget', why: roots.over, lookedAt: paths };
  if (!hit) return undefined;
  const unknown = hits.find(({ root }) => root.unknown)?.root.unknown;
  if (unknown) {
    return { reason: 'not applied', why: `${hit.root.kustomization.path}: ${sayUnknown(unknown)}`, lookedAt: paths };
  }
  const all = hits.map(({ root }) => root);
  if (paths.length > 1 || new Set(all).size < hits.length) {
    return { reason: 'ambiguous', why: sayRenderedMore({ workload: ref }, all), lookedAt: paths };
  }
  return { ...hit, twins: all.filter((root) => root !== hit.root) };
}

/** The change of a root as it was proved, or why it is ambiguous all the same. */
export function plannedInRoot(
  change: RootChange,
  { root, twins }: AimedRoot,
  { differences, others, alike }: Extract<Effects, { readonly effect: 'only this' }>,
  { ref, path, line, clusterName }: { ref: WorkloadRef; path: string; line: number; clusterName: string | undefined },
): PlannedMonitor | Miss {
  if (twins.some((one) => !alike.includes(one))) {
    const why = sayRenderedMore({ workload: ref }, [root, ...twins]);
    return { reason: 'ambiguous', why, lookedAt: [root.kustomization.path] };
  }
  const reaches = reachedPlaces([root, ...alike], clusterName);
  const folder = root.kustomization.folder.replace(/\/$/, '');
  const beside =
    others === 0
      ? ''
      : ` ${others} other ${others === 1 ? 'root loads' : 'roots load'} an edited file and render as before.`;
  const { leftOut } = root.closure;
  const without = leftOut.length === 0 ? '' : ` What comes from elsewhere was left out: ${sayLeftOut(leftOut)}.`;
  const how = `${folder || 'The root folder'} was rendered with kubectl kustomize before and after: this monitor changed, nothing else.${beside}${without}`;
  const renderDiff = differencesAsDiff(differences, () => `rendered/${folder || '.'}`);
  return {
    path,
    line,
    proof: { kind: 'kustomize', how, renderDiff },
    ...(reaches.length > 1 ? { reaches } : {}),
    change: { kind: 'root', ...change },
  };
}

/** Everywhere that a file is applied, or why a monitor in it would not become what it shall be. */
export function reachInFiles(
  { found, appliedBy }: Pick<Definition, 'found' | 'appliedBy'>,
  namespace: string,
  clusterName: string | undefined,
): WhyNot | { readonly reaches?: readonly ReachedPlace[] } {
  const other = appliedBy.find((one) => (givenNamespaces(found.namespace, [one])[0] ?? namespace) !== namespace);
  if (other !== undefined) {
    return {
      reason: 'rendered',
      why: `${sayMaker(other)} applies it to another namespace, where it would change, too`,
    };
  }
  const changing = appliedBy.find(({ overrides }) => CHANGING.some((key) => overrides?.value[key] !== undefined));
  if (changing !== undefined) {
    return { reason: 'rendered', why: `${sayMaker(changing)} changes more of it than its namespace: change it there` };
  }
  const reaches = reachedPlaces([{ appliedBy }], clusterName);
  return reaches.length > 1 ? { reaches } : {};
}

/** What of an application's settings may change a monitor. */
const CHANGING = ['components', 'namePrefix', 'nameSuffix', 'patches'];

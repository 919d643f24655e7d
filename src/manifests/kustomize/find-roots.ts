import { addTo } from '../../text/add-to.ts';
import type { Claims } from '../deployed/claims.ts';
import { type Deployed, type Overrides, sayMaker, type Unreadable } from '../deployed/deployed.ts';
import type { ManifestIndex } from '../index-manifests.ts';
import { type Closure, closureOf, type Kustomization } from './load-graph.ts';
import { relevantOf, withOverrides } from './overrides.ts';

/** A kustomization that is applied by itself, in one way, with all that it loads. */
export interface Root {
  readonly kustomization: Kustomization;
  readonly closure: Closure;
  /** The applications that apply it in this way; none where no object of the repository says what is applied. */
  readonly appliedBy: readonly Deployed[];
  /** What they change of what it renders to. */
  readonly overrides?: Overrides;
  /** Tells it from other roots of the kustomization, where there are some: the first application of it. */
  readonly variant?: string;
  /** Why it is not known who else applies it. */
  readonly unknown?: Unreadable;
  /** Outside the globs: only looked at for what an edit of shared files does to it. */
  readonly outside: boolean;
}

/** The roots of a repository. */
export interface FoundRoots {
  /** Why not every root was looked at. */
  readonly over?: string;
  readonly all: readonly Root[];
  /** With those outside the globs that share no file with one inside. */
  readonly every: readonly Root[];
}

/** Of all roots together; a thousand roots that load the same thousand files have as many. */
const MOST_FILES = 1_000_000;

/** What is applied by itself, without a renderer. */
export function findRoots(index: ManifestIndex, claims: Claims): FoundRoots {
  const roots: Root[] = [];
  let left = MOST_FILES;
  for (const applied of appliedIn(index, claims)) {
    const { kustomization, overrides } = applied;
    const closure = withOverrides(closureOf(index.graph, kustomization), kustomization, overrides, index.graph);
    left -= closure.files.size;
    if (left < 0) break;
    roots.push({ ...applied, closure, outside: !index.includes(kustomization.path) });
  }
  const shared = new Set<string>();
  for (const { outside, closure } of roots) if (!outside) for (const path of closure.files) shared.add(path);
  const all = roots.filter(({ outside, closure }) => !outside || [...closure.files].some((path) => shared.has(path)));
  return left < 0
    ? { all, every: roots, over: 'the kustomizations load more files than a run looks at' }
    : { all, every: roots };
}

type Applied = Omit<Root, 'closure' | 'outside'>;

/** What is applied by itself: as objects of the repository say or, where none says anything, what nobody includes. */
function appliedIn({ graph }: ManifestIndex, claims: Claims): readonly Applied[] {
  if (!claims.says) return graph.roots.map((kustomization) => ({ kustomization, appliedBy: [] }));
  const applied = [...graph.kustomizations.values()].flatMap((kustomization): Applied[] => {
    const appliers = claims.roots.get(kustomization) ?? [];
    const unknown = claims.unknownAt(kustomization.path, appliers.length > 0);
    const also = unknown === undefined ? {} : { unknown };
    const groups = groupAlike(appliers);
    if (groups.length > 0) {
      return groups.map((alike) => ({
        kustomization,
        ...alike,
        ...also,
        ...(groups.length > 1 ? variantOf(alike) : {}),
      }));
    }
    return unknown !== undefined && graph.isRoot.has(kustomization) ? [{ kustomization, appliedBy: [], unknown }] : [];
  });
  return applied.sort((a, b) => (a.kustomization.path < b.kustomization.path ? -1 : 1));
}

function variantOf({ appliedBy: [first] }: Pick<Root, 'appliedBy'>): Pick<Root, 'variant'> {
  return first ? { variant: `${sayMaker(first)} in ${first.definedIn}` } : {};
}

/** Applications that make the same of a kustomization, together. */
function groupAlike(appliers: readonly Deployed[]): Pick<Root, 'appliedBy' | 'overrides'>[] {
  const groups = new Map<string, Deployed[]>();
  for (const one of appliers) {
    const { by, namespace, overrides } = one;
    const relevant = overrides && relevantOf(overrides.value);
    const own = relevant !== undefined && Object.keys(relevant).some((key) => key !== 'targetNamespace');
    addTo(groups, JSON.stringify([by, namespace ?? null, relevant ?? null, own ? one.definedIn : null]), one);
  }
  return [...groups.values()].map((alike) => {
    const overrides = alike[0]?.overrides;
    return { appliedBy: alike, ...(overrides === undefined ? {} : { overrides }) };
  });
}

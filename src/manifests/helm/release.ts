import type { Deployed } from '../deployed/deployed.ts';
import type { Json, Path } from '../documents.ts';
import type { Root } from '../kustomize/find-roots.ts';

/**
 * One source of values: the map at `at` in a document of a file, or (`text`) the YAML text that is a string there. A
 * `file` layer is a whole values file.
 */
export interface Layer {
  readonly path: string;
  readonly document: number;
  readonly at: Path;
  readonly form: 'file' | 'inline' | 'text';
  /** Values that a template writes: they count, and are not edited. */
  readonly fixed?: { readonly value: Json; readonly by: string };
}

/** A chart in a folder of the repository (`` is its root), or one that only its name is known of. */
export type ChartSource =
  | { readonly kind: 'local'; readonly folder: string }
  | { readonly kind: 'remote'; readonly name: string };

/** A Helm release as the repository describes it, its values lowest layer first and without the chart's own. */
export interface Release {
  /** Tells it from all others that objects describe. */
  readonly id?: number;
  readonly name: string;
  /** Unknown where the object that defines it has none and something else adds it. */
  readonly namespace?: string;
  readonly chart: ChartSource;
  readonly layers: readonly Layer[];
  /** The chart's own `values.yaml` does not count (Flux's `valuesFiles` take its place). */
  readonly withoutDefaults: boolean;
  /** As for `--set`; above all layers. */
  readonly set: readonly string[];
  readonly kubeVersion?: string;
  /** Sources of values that only the cluster has, in words. */
  readonly hidden: readonly string[];
  /** The file that describes it, or the option. */
  readonly definedIn: string;
  /** The name of the object that describes it. */
  readonly describedBy?: string;
  /** Why it cannot be rendered as it is deployed; it is only named then. */
  readonly obstacle?: string;
  /** The kustomization, applied by itself, that makes it or the object that describes it. */
  readonly root?: Root;
  /** The id, in what the root renders to, of the object that describes it. */
  readonly object?: string;
  /** The Argo CD applications that are this release, each in a cluster. */
  readonly appliedBy?: readonly Deployed[];
  /** Only looked at for what an edit does to it: it is another cluster's, or outside the globs. */
  readonly aside?: true;
  /** Set for one that was made up from a common layout of values files. */
  readonly environment?: string;
}

/** A release with its namespace known. */
export type PlacedRelease = Release & { readonly namespace: string };

/** Who applies it, as far as objects of the repository say. */
export function appliersOf({ root, appliedBy }: Release): readonly Deployed[] {
  return root?.appliedBy ?? appliedBy ?? [];
}

export function place(release: Release, namespace: string): PlacedRelease {
  return { ...release, namespace: release.namespace ?? namespace };
}

export function releaseKey({ id, name, namespace, chart, environment, definedIn }: PlacedRelease): string {
  return JSON.stringify([namespace, name, chart, environment ?? null, definedIn, id ?? null]);
}

/** `shop in pigo-rel (rel)`. */
export function sayRelease({ name, namespace, environment }: PlacedRelease): string {
  return `${name} in ${namespace}${environment === undefined ? '' : ` (${environment})`}`;
}

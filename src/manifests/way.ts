import type { Application, Declared } from '../model/declared.ts';
import type { Located, Location } from '../model/location.ts';
import type { Mapping, NamedRelease } from '../model/mapping.ts';
import type { RepositoryFiles } from '../model/repository-files.ts';
import type { Suggestion } from '../model/suggestion.ts';
import type { TemplateContainer, Workload, WorkloadRef } from '../model/workload.ts';
import type { Claims } from './deployed/claims.ts';
import type { Deployed, DeployedList, Home } from './deployed/deployed.ts';
import type { FileTarget } from './file-target.ts';
import type { ManifestIndex } from './index-manifests.ts';
import type { Roots } from './kustomize/roots.ts';
import type { Renderers } from './open-renderers.ts';
import type { Miss } from './readable.ts';

/** A repository at one commit, and what a way of deploying needs besides. */
export interface TreeContext {
  readonly files: RepositoryFiles;
  readonly index: ManifestIndex;
  /** Every workload inspected: their templates are what a manifest's values must equal. None where no cluster is asked. */
  readonly workloads: readonly Workload[];
  readonly mappings?: readonly Mapping[];
  /** Absent: what kustomizations render is reported and not edited. */
  readonly kustomize?: Renderers['kustomize'];
  /** Absent: nothing is taken to be made by Helm, and charts are unread. */
  readonly helm?: Pick<Renderers, 'helm' | 'scratch'>;
  readonly helmReleases?: readonly NamedRelease[];
  /** Also change values of charts that are not in the repository, by convention. */
  readonly helmUnproved?: boolean;
  /** The repository as objects that apply it name it. */
  readonly home?: Home;
  /** The name of the cluster that was inspected, where it has one. */
  readonly clusterName?: string;
}

/** Who applies what of the repository. */
export interface Applications {
  readonly list: DeployedList;
  readonly claims: Claims;
}

/** What a way is opened over. */
export interface WayContext extends TreeContext {
  /** Read once, when first asked for. */
  applications(): Promise<Applications>;
  /** The kustomizations that are applied by themselves, for all ways; none where there is no renderer. */
  roots(): Promise<Roots | undefined>;
}

/**
 * What a way found for a suggestion: a proved edit or its refusal, a place in a file whose edit is still to be planned
 * beside those of other suggestions, or why there is none.
 */
export type FoundPlace = Location | FileTarget | Miss;

/** An application that could not be rendered, or not all of it. */
export interface FailedApplication {
  readonly path: string;
  /** In words that follow the path. */
  readonly why: string;
}

/** What an application is made from: what a change must touch to reach it. */
export interface ApplicationInputs {
  readonly application: Application;
  /** The files that it loads. */
  readonly files: ReadonlySet<string>;
  /** All else that decides what it renders to, as one text. */
  readonly described: string;
}

/** Which part of what is declared is asked for. */
export interface DeclaredScope {
  /** The names of the applications; without it, all of them, and what no application takes. */
  readonly only?: ReadonlySet<string>;
  /** Whether not to look for what decides the values, which takes as long again: it is then not known. */
  readonly valuesOnly?: boolean;
}

/**
 * One way of deploying, opened over a tree. What it reads, renders and probes is kept for both `read` and `locate`, within
 * their budgets. Nothing is read before it is asked for.
 */
export interface Way {
  readonly name: Application['way'];
  /** Whether what it deploys comes out of a rendering, and not as it stands in a file. */
  readonly renders: boolean;
  /** Every container of every application, and what could not be read. Needs no suggestion and no cluster. */
  read(scope?: DeclaredScope): Promise<Declared>;
  /** What each application is made from. Renders nothing. Throws `OverEffort`. */
  inputs(): Promise<readonly ApplicationInputs[]>;
  /** The applications that load each of the paths; a path that none loads is left out. Throws `OverEffort`. */
  loading(paths: readonly string[]): Promise<ReadonlyMap<string, readonly Application[]>>;
  /**
   * Where the suggestion's container is set; `undefined` where none of the applications makes its workload. Where the live
   * object says which folders' applications made it, only these count.
   */
  locate(
    suggestion: Suggestion,
    live: TemplateContainer,
    makers?: readonly Deployed[],
  ): Promise<FoundPlace | undefined>;
  /** Of locations each proved alone, those that do not hold beside the ones before them; absent where all do. */
  clashing?(locations: readonly Located[]): Promise<ReadonlySet<Located>>;
  /** The files that define a workload as it stands: rivals of whatever a rendering makes. */
  definitions(workload: WorkloadRef, makers?: readonly Deployed[]): Promise<readonly string[]>;
  /** What may make a workload, or loads a path that was looked at, and cannot be rendered. */
  failedNear(workload: WorkloadRef, lookedAt: readonly string[]): Promise<readonly FailedApplication[]>;
}

import type { Bytes } from '../bytes.ts';
import type { UseOverTime } from '../model/follow-up.ts';
import type { WorstFindings } from '../model/inspection.ts';
import type { Located } from '../model/location.ts';
import type { Sample } from '../model/measurement.ts';
import type { Owner } from '../model/owner.ts';
import type { Price } from '../model/price.ts';
import { workloadContainerKey } from '../model/workload.ts';
import type { Base } from '../repository/github-files.ts';
import type { Scene } from '../words/scene.ts';
import type { Needs } from './needs.ts';
import type { Scope } from './scope.ts';

export type Grouping = 'workload' | 'namespace' | 'all';
export type LocatedChange = Located;

/** The worst findings of a container over its workload's pods. */
export interface Found {
  readonly worst: WorstFindings;
  /** The names of the pods that run. */
  readonly pods: readonly string[];
  readonly scene: Omit<Scene, 'pod'>;
}

/** What a reviewer wants to see behind a change; everything is optional. Times are unix seconds. */
export interface ReviewEvidence {
  readonly used?: Bytes;
  /** The findings that lead to the change, for its first sentence. */
  readonly found?: Found;
  /** The newest OOMKill of the container in the window. */
  readonly oomKilledAt?: number;
  /** Averages of the highest pod over the window that ends at `at` and is `window` seconds long. */
  readonly course?: { readonly averages: readonly Sample[]; readonly at: number; readonly window: number };
  readonly pods?: number;
  /** What it used and suffered before the change. */
  readonly before?: UseOverTime;
  /** The workload's update strategy as the cluster has it: `RollingUpdate`, `Recreate`, `OnDelete`. */
  readonly strategy?: string;
}

export interface ProposedChange {
  readonly location: LocatedChange;
  readonly evidence?: ReviewEvidence;
}

export interface PullRequestOptions {
  readonly grouping: Grouping;
  /** At most this many open at once. */
  readonly limit: number;
  /** Without a slash at its end: `memory`. */
  readonly branchPrefix: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly teamReviewers: readonly string[];
  readonly assignees: readonly string[];
  /** Who is asked besides, by what is changed. */
  readonly owners: readonly Owner[];
  readonly draft: boolean;
  readonly dryRun: boolean;
  readonly clusterName?: string;
}

export interface PullRequestInput {
  readonly base: Base;
  readonly changes: readonly ProposedChange[];
  readonly scope: Scope;
  /** Whether everything in the scope was observed: only then does a change that is missing mean that nothing is left to change. */
  readonly complete: boolean;
  readonly needs: Needs;
  /** When was looked, in unix seconds. */
  readonly at: number;
  /** Names this run, so that it knows again what it has opened. */
  readonly run: string;
  readonly options: PullRequestOptions;
  /** Where this run's report is or will be. */
  readonly report?: { readonly url: string; readonly date: string };
  /** Absent where nothing is said of costs. */
  readonly price?: Price;
}

/** `namespace/kind/name/container`. */
export function changeKey(change: ProposedChange): string {
  const { workload, container } = change.location.suggestion;
  return workloadContainerKey(workload, container);
}

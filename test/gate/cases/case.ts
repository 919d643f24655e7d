import type { Observation } from '../../../src/model/observation.ts';
import type { Branches, GateRun } from '../pull-request.ts';

/** A pull request, the cluster that it will be applied to, and what is to come of it. */
export interface GateCase extends Branches {
  /** Without one, nothing of the cluster is recorded. */
  readonly cluster?: Observation;
  readonly run?: Omit<GateRun, 'cluster'>;
  readonly verdict: 'green' | 'yellow' | 'red' | 'unknown';
  /** `ok` where absent. */
  readonly outcome?: 'ok' | 'findings' | 'incomplete';
  /** The level and the place of every annotation, `error deploy/cart.yaml:21`. */
  readonly notes?: readonly string[];
  /** Whether there is a comment afterwards. */
  readonly comment: boolean;
}

export type Cases = Readonly<Record<string, GateCase>>;

import type { Runner } from './actions.ts';
import type { RunEnvironment } from './environment.ts';
import type { Options } from './options/schema.ts';
import type { Workspace } from './repository/workspace.ts';

/** What a run is given, whatever its mode. */
export interface RunContext {
  readonly runner: Runner;
  readonly environment: RunEnvironment;
  readonly options: Options;
  readonly workspace: Workspace;
}

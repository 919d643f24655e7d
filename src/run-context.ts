import type { Runner } from './actions.ts';
import type { Environment } from './environment.ts';
import type { Options } from './options/schema.ts';
import type { Workspace } from './repository/workspace.ts';

/** What a run is given, whatever its mode. */
export interface RunContext {
  readonly runner: Runner;
  readonly environment: Environment;
  readonly options: Options;
  readonly workspace: Workspace;
}

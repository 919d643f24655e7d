import { indexManifests } from '../manifests/index-manifests.ts';
import { locate } from '../manifests/locate.ts';
import type { Location, RepositoryFiles } from '../model/delivery.ts';
import type { Suggestion } from '../model/inspection.ts';
import type { RunContext } from './context.ts';

/** Every suggestion of the run, the most severe workloads first. */
export function suggestionsOf({ inspection }: RunContext): readonly Suggestion[] {
  return inspection.workloads.flatMap(({ containers }) =>
    containers.flatMap(({ suggestion }) => (suggestion === undefined ? [] : [suggestion])),
  );
}

/** Where each suggestion belongs in the repository's files. Nothing is read where nothing is suggested. */
export async function locateChanges(context: RunContext, files: RepositoryFiles): Promise<readonly Location[]> {
  const suggestions = suggestionsOf(context);
  if (suggestions.length === 0) return [];
  const { options, observation, runner } = context;
  const index = await indexManifests(files, options.manifests);
  const locations = await locate(suggestions, {
    index,
    files,
    workloads: observation.cluster.workloads,
    mappings: options.mappings,
  });
  const found = locations.filter(({ state }) => state === 'located').length;
  runner.log.step(`Manifests: ${index.manifests.length} files, ${found} of ${suggestions.length} suggestions located`);
  return locations;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateInHelm } from '../manifests/helm/locate-helm.ts';
import { createHelm } from '../manifests/helm/run-helm.ts';
import { indexManifests } from '../manifests/index-manifests.ts';
import { createKustomize } from '../manifests/kustomize/render.ts';
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

/**
 * Where each suggestion belongs in the repository's files. Nothing is read where nothing is suggested. Kustomizations and
 * charts are rendered below a private folder, which is removed afterwards.
 */
export async function locateChanges(context: RunContext, files: RepositoryFiles): Promise<readonly Location[]> {
  const suggestions = suggestionsOf(context);
  if (suggestions.length === 0) return [];
  const { options, observation, runner, env } = context;
  const { workloads } = observation.cluster;
  const scratch = mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), 'memory-inspector-'));
  try {
    const index = await indexManifests(files, options.manifests);
    const inHelm = await locateInHelm(suggestions, {
      index,
      files,
      workloads,
      helmReleases: options.helmReleases,
      unproved: options.helmUnproved,
      helm: createHelm({ env }),
      scratch,
    });
    const locations = await locate(suggestions, {
      index,
      files,
      workloads,
      mappings: options.mappings,
      kustomize: createKustomize({ scratch, path: env.PATH ?? '' }),
      helm: async (suggestion) => inHelm.get(suggestion),
    });
    const found = locations.filter(({ state }) => state === 'located').length;
    runner.log.step(
      `Manifests: ${index.manifests.length} files, ${found} of ${suggestions.length} suggestions located`,
    );
    return locations;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

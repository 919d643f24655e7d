import { tmpdir } from 'node:os';
import { fullNameOf } from '../environment.ts';
import { indexManifests } from '../manifests/index-manifests.ts';
import { locate } from '../manifests/locate.ts';
import { openRenderers, type Renderers } from '../manifests/open-renderers.ts';
import { type ManifestTree, openTree } from '../manifests/ways.ts';
import { withoutReports } from '../manifests/without-reports.ts';
import type { Location } from '../model/location.ts';
import type { RepositoryFiles } from '../model/repository-files.ts';
import type { Suggestion } from '../model/suggestion.ts';
import type { InspectionContext } from './context.ts';

/** Every suggestion of the run, the most severe workloads first. */
export function suggestionsOf({ inspection }: InspectionContext): readonly Suggestion[] {
  return inspection.workloads.flatMap(({ containers }) =>
    containers.flatMap(({ suggestion }) => (suggestion === undefined ? [] : [suggestion])),
  );
}

/**
 * Where each suggestion belongs in the repository's files. Nothing is read where nothing is suggested. Kustomizations and
 * charts are rendered below a private folder, which is removed afterwards. `branch` is what a change is proposed to.
 */
export async function locateChanges(
  context: InspectionContext,
  all: RepositoryFiles,
  branch?: string,
): Promise<readonly Location[]> {
  const suggestions = suggestionsOf(context);
  if (suggestions.length === 0) return [];
  return withTree(context, all, branch, async (tree, { budget }) => {
    const locations = await locate(suggestions, tree);
    const found = locations.filter(({ state }) => state === 'located').length;
    context.runner.log.step(
      `Manifests: ${tree.index.manifests.length} files, ${found} of ${suggestions.length} suggestions located, ${budget.renders} renderings`,
    );
    return locations;
  });
}

/** The repository's files opened in every way of deploying, for as long as the work takes. */
export async function withTree<Result>(
  { options, observation, environment }: InspectionContext,
  all: RepositoryFiles,
  branch: string | undefined,
  work: (tree: ManifestTree, renderers: Renderers) => Promise<Result>,
): Promise<Result> {
  const files = withoutReports(all, options.reportDirectory);
  const renderers = openRenderers({
    path: environment.path ?? '',
    parent: environment.temporaryFolder ?? tmpdir(),
    kubeVersion: observation.cluster.version,
    elapsed: () => performance.now() / 1000,
  });
  try {
    const index = await indexManifests(files, options.manifests);
    const tree = openTree({
      files,
      index,
      workloads: observation.cluster.workloads,
      mappings: options.mappings,
      kustomize: renderers.kustomize,
      helm: renderers,
      helmReleases: options.helmReleases,
      helmUnproved: options.helmUnproved,
      home: { repository: fullNameOf(environment), branch },
      clusterName: options.clusterName,
    });
    return await work(tree, renderers);
  } finally {
    renderers.close();
  }
}

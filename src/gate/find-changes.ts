import { tmpdir } from 'node:os';
import { fullNameOf } from '../environment.ts';
import { compareTrees } from '../manifests/compare/compare-trees.ts';
import { mayMatter } from '../manifests/compare/may-matter.ts';
import { indexManifests } from '../manifests/index-manifests.ts';
import { openRenderers, type Renderers } from '../manifests/open-renderers.ts';
import { type ManifestTree, openTree } from '../manifests/ways.ts';
import { withoutReports } from '../manifests/without-reports.ts';
import type { TreeChanges } from '../model/gate.ts';
import type { RepositoryFiles } from '../model/repository-files.ts';
import type { GateContext } from './context.ts';

const NOTHING: TreeChanges = { containers: [], unread: [] };

/**
 * Which containers' memory the change alters. Nothing is read where no path that it touches can matter. The head is only
 * rendered, as the base is: below a private folder, which is removed afterwards.
 */
export async function findChanges(context: GateContext): Promise<TreeChanges> {
  const { options, runner, environment, commits } = context;
  const [base, head] = [commits.base.files, commits.head.files].map((files) =>
    withoutReports(files, options.reportDirectory),
  );
  if (base === undefined || head === undefined) return NOTHING;
  const listed = [...(await base.list()), ...(await head.list())].map(({ path }) => path);
  const counting = new Set(listed);
  const changed = new Set([...commits.changed].filter((path) => counting.has(path)));
  if (!mayMatter(changed, counting)) {
    runner.log.step(`${commits.changed.size} files changed, no manifest among them`);
    return NOTHING;
  }
  const renderers = openRenderers({
    path: environment.path ?? '',
    parent: environment.temporaryFolder ?? tmpdir(),
    elapsed: () => performance.now() / 1000,
  });
  try {
    const trees = {
      base: await openSide(base, renderers, context),
      head: await openSide(head, renderers, context),
    };
    const whole = { changed: commits.changed, files: commits.head.files };
    const found = await compareTrees({ ...trees, changed, lines: commits, whole });
    runner.log.step(
      `${changed.size} files changed: ${found.containers.length} containers differ, ${renderers.budget.renders} renderings`,
    );
    return found;
  } finally {
    renderers.close();
  }
}

async function openSide(
  files: RepositoryFiles,
  renderers: Renderers,
  { options, environment, trigger }: GateContext,
): Promise<ManifestTree> {
  const ref = 'base' in trigger ? trigger.base.ref : undefined;
  return openTree({
    files,
    index: await indexManifests(files, options.manifests),
    workloads: [],
    mappings: options.mappings,
    kustomize: renderers.kustomize,
    helm: renderers,
    helmReleases: options.helmReleases,
    home: {
      repository: fullNameOf(environment),
      ...(ref === undefined ? {} : { branch: ref.replace(/^refs\/heads\//, '') }),
    },
    clusterName: options.clusterName,
  });
}

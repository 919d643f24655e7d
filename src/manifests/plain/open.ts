import { findDefinitions, namespacesWith } from '../find-definitions.ts';
import type { TreeContext, Way } from '../way.ts';
import { locateInFiles } from './locate.ts';
import { applicationOfFile, isApplied, readFiles } from './read.ts';

/** Files that are applied as they stand. */
export function openPlain({ index, workloads }: TreeContext): Way {
  return {
    name: 'plain',
    renders: false,
    read: () => readFiles(index),
    async loading(paths) {
      const applied = new Set(index.manifests.filter(isApplied).map(({ path }) => path));
      return new Map(paths.filter((path) => applied.has(path)).map((path) => [path, [applicationOfFile(path)]]));
    },
    locate: async (suggestion, live) => locateInFiles(suggestion, live, index, workloads),
    definitions(workload) {
      const { matches } = findDefinitions(index, workload, namespacesWith(workload, workloads));
      return matches.flatMap(({ file }) => (isApplied(file) ? [file.path] : []));
    },
    failedNear: async () => [],
  };
}

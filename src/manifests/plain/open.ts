import { findDefinitions } from '../find-definitions.ts';
import type { Way, WayContext } from '../way.ts';
import { locateInFiles } from './locate.ts';
import { applicationOfFile, inputsOfFiles, isApplied, readFiles } from './read.ts';

/** Files that are applied as they stand. */
export function openPlain({ index, applications, clusterName }: WayContext): Way {
  return {
    name: 'plain',
    renders: false,
    async read(scope = {}) {
      const { claims, list } = await applications();
      return readFiles(index, { claims, clusters: { all: list.all, clusterName } }, scope);
    },
    inputs: async () => inputsOfFiles(index, (await applications()).claims),
    async loading(paths) {
      const applied = new Set(index.manifests.filter(isApplied).map(({ path }) => path));
      return new Map(paths.filter((path) => applied.has(path)).map((path) => [path, [applicationOfFile(path)]]));
    },
    async locate(suggestion, live, makers) {
      const { claims } = await applications();
      return locateInFiles(suggestion, live, index, { claims, makers, clusterName });
    },
    async definitions(workload, makers) {
      const { claims } = await applications();
      const { matches } = findDefinitions(index, workload, { claims, makers });
      return matches.flatMap(({ file }) => (isApplied(file) ? [file.path] : []));
    },
    failedNear: async () => [],
  };
}

import type { RepositoryFiles } from '../model/repository-files.ts';
import { withoutTrailing } from '../text/without-trailing.ts';

/**
 * The files without those below the folder of the reports: they are full of workloads' names, grow by the day, and are no
 * place for manifests whatever the globs say.
 */
export function withoutReports(files: RepositoryFiles, reportDirectory: string): RepositoryFiles {
  const folder = `${withoutTrailing(reportDirectory, '/')}/`;
  return {
    list: async () => (await files.list()).filter(({ path }) => !path.startsWith(folder)),
    read: (path) => files.read(path),
  };
}

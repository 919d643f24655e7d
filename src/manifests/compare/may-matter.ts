import { isToolFile } from '../glob.ts';
import { baseName, folderOf, foldersAbove, isKustomization } from '../reach.ts';

const CONFIGURATION = /\.(?:ya?ml|json|tpl|gotmpl|tf|hcl|tgz|jsonnet|libsonnet|env|properties|conf|toml|patch)$/i;

/** Of files without an extension, which may hold values, those that everybody knows to hold none. */
const NO_VALUES =
  /^(?:[A-Z][A-Z_-]+|Makefile|Dockerfile|Containerfile|Jenkinsfile|Vagrantfile|Procfile|Gemfile|Rakefile)$/;

/**
 * Whether a change of one of the paths may change what is applied: it has the name of a manifest or of what one is made
 * from, lies in a chart, or beside or below a kustomization, which may load any file. `all` are the paths of both sides.
 */
export function mayMatter(changed: Iterable<string>, all: Iterable<string>): boolean {
  const named = [...changed];
  if (named.length === 0) return false;
  if (named.some((path) => (CONFIGURATION.test(path) && !isToolFile(path)) || isKustomization(path))) return true;
  if (named.some((path) => mayHoldValues(baseName(path)))) return true;
  const folders = new Set<string>();
  for (const path of all) if (baseName(path) === 'Chart.yaml' || isKustomization(path)) folders.add(bareFolderOf(path));
  return named.some((path) => foldersAbove(bareFolderOf(path)).some((folder) => folders.has(folder)));
}

function mayHoldValues(name: string): boolean {
  return !name.includes('.') && !NO_VALUES.test(name);
}

function bareFolderOf(path: string): string {
  return folderOf(path).replace(/\/$/, '');
}

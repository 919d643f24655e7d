/**
 * @typedef {{ readonly filename: string, readonly size: number, readonly unpackedSize: number, readonly files: readonly { readonly path: string, readonly size: number }[] }} Packed
 * What `npm pack --json` says of a package; sizes in bytes.
 */

const FOLDERS = ['bin', 'dist', 'schemas'];
const FILES = ['action.yml', 'package.json', 'LICENSE', 'README.md', 'CHANGELOG.md', 'SECURITY.md'];
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * What is wrong with a package: a file that does not belong there or is missing, too much of it, or fields that installing or
 * provenance need.
 * @param {Packed} packed
 * @param {Record<string, any>} described package.json
 * @returns {readonly string[]}
 */
export function judgePackage({ files, size }, described) {
  const paths = files.map(({ path }) => path);
  const strange = paths.filter((path) => !FILES.includes(path) && !FOLDERS.includes(path.split('/')[0] ?? ''));
  const commands = Object.values(described.bin ?? {}).map(String);
  const missing = [...FILES, 'dist/index.js', ...commands].filter((path) => !paths.includes(path));
  return [
    ...strange.map((path) => `${path} does not belong into the package: see "files" in package.json.`),
    ...missing.map((path) => `The package lacks ${path}.`),
    ...(size > MOST_BYTES ? [`The package has ${size} bytes, more than ${MOST_BYTES}.`] : []),
    ...(described.private ? ['package.json is private: it cannot be published.'] : []),
    ...(described.dependencies
      ? ['package.json has dependencies: all that is used is in dist/, so they belong to devDependencies.']
      : []),
    ...(described.publishConfig?.access === 'public' ? [] : ['package.json: "publishConfig.access" is not public.']),
  ];
}

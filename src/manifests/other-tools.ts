/** Tools whose sources are programs: their manifests are generated, so nothing in them is edited. */
const TOOLS: readonly (readonly [name: string, path: RegExp])[] = [
  ['jsonnet', /\.(jsonnet|libsonnet)$/],
  ['cdk8s', /(^|\/)cdk8s\.ya?ml$/],
  ['Terraform', /\.tf(\.json)?$/],
  ['Pulumi', /(^|\/)Pulumi\.ya?ml$/],
  ['ytt', /(^|\/)vendir\.ya?ml$|\.ytt\.ya?ml$/],
];

/**
 * A clause about tools that may generate what no manifest defines, with the first file of each; empty where there are
 * none. To be shown beside a snippet.
 */
export function hintAtOtherTools(paths: readonly string[]): string {
  const found = TOOLS.flatMap(([name, pattern]) => {
    const path = paths.find((one) => pattern.test(one));
    return path === undefined ? [] : [`${name} (${path})`];
  });
  return found.length === 0 ? '' : `; if ${found.join(' or ')} generates it, change it there: that is not edited`;
}

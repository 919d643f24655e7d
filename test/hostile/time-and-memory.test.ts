import { expect, test } from 'vitest';
import { reportsOf } from '../../bench/repository.mjs';
import { deployment, type HostileRun, type Live, makeRepository, runOnRepository } from './run-on-repository.ts';

/*
 * Repositories that would cost a run its time or its memory. The action is given little of both; each of these used to
 * take more than a minute, or more than a gigabyte.
 */

const LITTLE = { env: { NODE_OPTIONS: '--max-old-space-size=400' }, atMostSeconds: 60 };
const WEB: readonly Live[] = [{ name: 'web' }];

async function inspect(files: Readonly<Record<string, string>>) {
  const root = makeRepository(Object.entries({ 'web.yaml': deployment('web', 'shop'), ...files }), WEB);
  const run = await runOnRepository(root, LITTLE);
  expect(run.code, run.log.slice(-2000)).toBe(1);
  return run;
}

const items = (count: number) => Array.from({ length: count }, () => '1').join(',');

const REPOSITORIES: Readonly<Record<string, () => Record<string, string>>> = {
  'a glob of many stars': () => ({
    '.gitattributes': `${'*a'.repeat(9)} linguist-generated\n`,
    [`${'a'.repeat(200)}.yaml`]: 'a: 1\n',
  }),
  'line ends before a key of sops': () => ({
    'web2.yaml': `kind: Deployment\nmetadata: {name: web2}\n${'\n'.repeat(200_000)}`,
  }),
  'mentions of values': () => ({
    'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
    'chart/values.yaml': 'a: 1\n',
    'chart/templates/a.yaml': `{{ ${'.Values'.repeat(90_000)} }}`,
  }),
  'an anchor used often': () => ({ 'web2.yaml': bomb(60_000) }),
  'a large anchor used often': () => ({ 'web2.yaml': bomb(650_000) }),
  'a map of many keys': () => ({
    'web2.yaml': `web:\n${Array.from({ length: 120_000 }, (_, n) => `  k${n}: 1\n`).join('')}kind: Deployment\n`,
  }),
  'many aliases': () => ({ 'web2.yaml': `a: &a 1\nweb:\n${'  - *a\n'.repeat(130_000)}kind: Deployment\n` }),
  'deep nesting': () => ({ 'web2.yaml': `kind: Deployment\nweb: ${'['.repeat(500_000)}` }),
  'deep nesting in JSON': () => ({ 'web2.json': `{"kind": "Deployment", "web": ${'['.repeat(500_000)}` }),
  'kustomizations that name one file often': () =>
    Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [
        `k${n}/kustomization.yaml`,
        `resources: [${'a.yaml,'.repeat(50_000)}]\nconfigMapGenerator: [{name: c, files: [${'b.yaml,'.repeat(50_000)}]}]\n`,
      ]).concat([
        ['k0/a.yaml', 'a: 1\n'],
        ['k0/b.yaml', 'b: 1\n'],
      ]),
    ),
  'a comment of backticks beside the value': () => ({
    'web.yaml': deployment('web', 'shop').replace(
      '            limits:',
      `            # ${'` '.repeat(300_000)}\n            limits:`,
    ),
  }),
  'an Application of many sources': () => ({
    'app.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nx: &a {path: .}\nspec: {sources: [${'*a,'.repeat(160_000)}]}\n`,
  }),
  'many rules of many stars': () =>
    many(20, (n) => [`d${n}/.gitattributes`, times(50_000, (m) => `a**b**c**d**${m} linguist-generated\n`)]),
  'many large files that name the workload': () =>
    many(60, (n) => [`m${n}.yaml`, `kind: Deployment\nname: web\na: [${items(100_000)}]\n`]),
  'many large Applications': () =>
    many(100, (n) => [
      `a${n}.yaml`,
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nx: [${items(100_000)}]\n`,
    ]),
  'kustomizations with a prefix that share many words': () => ({
    's/kustomization.yaml': 'resources: [f0.yaml, f1.yaml, f2.yaml]\n',
    ...many(3, (n) => [`s/f${n}.yaml`, times(200_000, (m) => `a${n}x${m} `)]),
    ...many(1000, (n) => [`k${n}/kustomization.yaml`, 'namePrefix: p\nresources: [../s]\n']),
  }),
  'many charts': () => ({
    ...many(5000, (n) => [`c${n}/Chart.yaml`, `apiVersion: v2\nname: n${n}\nversion: 0.1.0\n`]),
  }),
  'many mentions of resources': () => ({
    'chart/Chart.yaml': 'apiVersion: v2\nname: other\nversion: 0.1.0\n',
    'chart/templates/a.txt': times(80_000, (n) => `.Values.a${n}resources `),
    'chart/templates/b.txt': times(80_000, (n) => `.Values.b${n}resources `),
  }),
  'charts that name each other': () => chartsInCircles(40),
  'kustomizations that include all others': () => kustomizationsInLayers(12, 12),
};

const times = (count: number, write: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => write(n)).join('');
const many = (count: number, write: (n: number) => [string, string]) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => write(n)));
const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
  'chart/values.yaml': 'a: 1\n',
  'chart/templates/web.yaml': deployment('web'),
  // Only the chart defines it.
  'web.yaml': 'a: 1\n',
};

function helmRelease(spec: string): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: shop}\nspec:\n  chart: {spec: {chart: chart, sourceRef: {kind: GitRepository, name: x}${spec}\n`;
}

/** As above, but what they hold keeps the workload from being judged. */
const NOT_JUDGED: Readonly<Record<string, () => Record<string, string>>> = {
  'a release with many values files': () => ({
    ...CHART,
    'values.yaml': times(50_000, (n) => `k${n}: 1\n`),
    'release.yaml': helmRelease(`, valuesFiles: [${'values.yaml,'.repeat(100_000)}]}}`),
  }),
  'a release with one large ConfigMap many times': () => ({
    ...CHART,
    'map.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\ndata:\n  values.yaml: |\n    a: [${items(24_000)}]\n`,
    'release.yaml': helmRelease(`}}\n  valuesFrom: [${'{kind: ConfigMap, name: c},'.repeat(8000)}]`),
  }),
  'many charts and environments': () => ({
    ...many(2500, (n) => [`c${n}/Chart.yaml`, `apiVersion: v2\nname: n${n}\nversion: 0.1.0\n`]),
    ...many(2500, (n) => [`environments/e${n}.yaml`, 'a: 1\n']),
    'web.yaml': 'a: 1\n',
  }),
  'slow rules for many files': () => ({
    '.gitattributes': times(1000, (n) => `**/*a*a*a**a*a**a*a**ab${n} linguist-generated\n`),
    ...many(3000, (n) => [`${'a'.repeat(100)}/${'a'.repeat(100)}${n}.yaml`, 'a: 1\n']),
  }),
  'large data of a kustomization': () => ({
    'web.yaml': 'a: 1\n',
    'rel/web.yaml': deployment('web', 'shop'),
    'rel/kustomization.yaml': 'resources: [web.yaml]\nconfigMapGenerator: [{name: c, files: [a.bin, b.bin, c.bin]}]\n',
    ...many(3, (n) => [`rel/${'abc'[n]}.bin`, 'ab cd '.repeat(1_500_000)]),
  }),
};

test.each(Object.keys(NOT_JUDGED))(
  '%s takes little, and is not judged',
  async (name) => {
    const { diff, summary } = await inspect(NOT_JUDGED[name]?.() ?? {});
    expect(diff).toBe('');
    expect(summary).toMatch(/not judged: |takes values from more than/);
  },
  90_000,
);

test.each(Object.keys(REPOSITORIES))(
  '%s takes little',
  async (name) => {
    const { diff } = await inspect(REPOSITORIES[name]?.() ?? {});
    expect(diff).toContain('memory: 2560Mi');
  },
  90_000,
);

function bomb(size: number): string {
  const uses = Array.from({ length: 100 }, (_, n) => `b${n}: *a\n`).join('');
  return `kind: Deployment\nname: web\na: &a [${items(size)}]\n${uses}`;
}

function chartsInCircles(count: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, n) => `web${n}`);
  const dependencies = names.map((name) => `- {name: ${name}, version: 0.1.0, repository: "file://../${name}"}\n`);
  return Object.fromEntries(
    names.map((name) => [
      `charts/${name}/Chart.yaml`,
      `apiVersion: v2\nname: ${name}\nversion: 0.1.0\ndependencies:\n${dependencies.join('')}`,
    ]),
  );
}

/** As many ways through the layers as width to the power of depth. */
function kustomizationsInLayers(depth: number, width: number): Record<string, string> {
  const folders = (layer: number) => Array.from({ length: width }, (_, n) => `layer${layer}-${n}`);
  const entries = Array.from({ length: depth }, (_, layer) =>
    folders(layer).map((folder) => [
      `${folder}/kustomization.yaml`,
      `resources: [${layer + 1 === depth ? '' : folders(layer + 1).map((below) => `../${below}`)}]\n`,
    ]),
  );
  return Object.fromEntries(entries.flat());
}

/** Of three runs the one with the lowest peak: when garbage is collected is a matter of luck. */
async function leastOf(run: () => Promise<HostileRun>): Promise<HostileRun> {
  const runs = [await run(), await run(), await run()].sort((a, b) => a.peak - b.peak);
  return runs[0] as HostileRun;
}

test('two years of its own reports cost next to nothing', async () => {
  const names = Array.from({ length: 960 }, (_, number) => `app-${number}`);
  const live = [...WEB, ...names.map((name) => ({ name, used: 900 }))];
  const plain = names.map((name): [string, string] => [`deploy/${name}.yaml`, deployment(name, 'shop')]);
  const manifests: [string, string][] = [['web.yaml', deployment('web', 'shop')], ...plain];
  const plainly = makeRepository(manifests, live);
  const reported = makeRepository([...manifests, ...reportsOf(730, 960)], live);
  const without = await leastOf(() => runOnRepository(plainly, LITTLE));
  const withThem = await leastOf(() => runOnRepository(reported, LITTLE));
  expect(withThem.diff).toBe(without.diff);
  expect(withThem.diff).toContain('memory: 2560Mi');
  // Without /proc nothing is known of the memory.
  if (without.peak > 0) expect(withThem.peak / without.peak).toBeLessThan(1.1);
  const looked = (log: string) => /Manifests: .*/.exec(log)?.[0];
  expect(looked(withThem.log)).toBe(looked(without.log));
}, 180_000);

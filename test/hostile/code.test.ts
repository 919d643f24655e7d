import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, test as anyTest, beforeAll, describe, expect } from 'vitest';
import { findProgram } from '../../src/manifests/rendering/find-program.ts';
import { PROGRAMS, TESTBED } from '../manifests/test-renderers.ts';
import { deployment, makeRepository, runOnRepository } from './run-on-repository.ts';

/*
 * Repositories that try to run code, to write files and to reach the network while they are rendered: with the kubectl of
 * the machine, and with a newer one, which reads a configuration of its own from the home directory.
 */

const path = PROGRAMS;
const newer = join(TESTBED, 'newer', 'kubectl');
const machines = findProgram('kubectl', path);
const kubectls = [
  { title: "with the machine's kubectl", kubectl: machines, missing: 'none is on the PATH' },
  { title: 'with a newer kubectl', kubectl: existsSync(newer) ? newer : undefined, missing: 'the testbed has none' },
];
const helm = findProgram('helm', path);

let requests: string[] = [];
const server = createServer((request, response) => {
  requests.push(request.url ?? '');
  response.end('{}');
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

/** Runs the action on the files beside a Deployment `shop/web`; gives what it said and what was asked of the server. */
async function inspect(files: Readonly<Record<string, string>>, program = machines) {
  requests = [];
  const root = makeRepository(Object.entries(files), [{ name: 'web' }]);
  const PATH = program ? `${dirname(program)}${delimiter}${path}` : path;
  const run = await runOnRepository(root, { env: { PATH } });
  return { ...run, root, requests };
}

const BASE = { 'rel/web.yaml': deployment('web') };
const KUSTOMIZATION = 'namespace: shop\nresources: [web.yaml]\n';

describe.each(
  kubectls.map(({ title, kubectl, missing }) => ({
    title: kubectl ? title : `${title} (skipped: ${missing})`,
    kubectl,
  })),
)('$title', ({ kubectl }) => {
  const test = kubectl ? anyTest : anyTest.skip;

  test('an ordinary overlay is rendered and edited', async () => {
    const { diff } = await inspect({ ...BASE, 'rel/kustomization.yaml': KUSTOMIZATION }, kubectl);
    expect(diff).toContain('memory: 2560Mi');
  });

  test('a configuration of kubectl in the repository turns on nothing', async () => {
    const marker = join(mkdtempSync(join(tmpdir(), 'marker-')), 'ran');
    const defaults = [
      '{name: enable-helm, default: "true"}',
      '{name: helm-command, default: bash}',
      `{name: output, default: "${marker}.output"}`,
    ];
    const kuberc = ['v1beta1', 'v1alpha1'].map(
      (version) =>
        `apiVersion: kubectl.config.k8s.io/${version}\nkind: Preference\ndefaults:\n- command: kustomize\n  options: [${defaults}]\n`,
    );
    await inspect(
      {
        ...BASE,
        'rel/kustomization.yaml': `${KUSTOMIZATION}HelmCharts: [{name: x, version: 1.0.0, releaseName: x}]\nconfigMapGenerator: [{name: c, files: [version]}]\n`,
        'rel/version': `#!/bin/bash\ntouch ${marker}\n`,
        version: `touch ${marker}\n`,
        '.kube/kuberc': kuberc.join('---\n'),
        'kustomization.yaml': 'resources: [rel]\nconfigMapGenerator: [{name: k, files: [.kube/kuberc, version]}]\n',
      },
      kubectl,
    );
    expect(readdirSync(dirname(marker))).toEqual([]);
  });

  test('nor does one that an accepted kustomization brings along', async () => {
    const marker = join(mkdtempSync(join(tmpdir(), 'marker-')), 'output');
    const { diff } = await inspect(
      {
        ...BASE,
        '.kube/kuberc': `apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ndefaults:\n- command: kustomize\n  options: [{name: output, default: "${marker}"}]\n`,
        'kustomization.yaml':
          'namespace: shop\nresources: [rel/web.yaml]\nconfigMapGenerator: [{name: k, files: [.kube/kuberc]}]\n',
      },
      kubectl,
    );
    expect(readdirSync(dirname(marker))).toEqual([]);
    expect(diff).toContain('memory: 2560Mi');
  });

  test('a configuration of git in the repository writes no file', async () => {
    const target = join(mkdtempSync(join(tmpdir(), 'marker-')), 'trace');
    await inspect(
      {
        ...BASE,
        '.gitconfig': `[trace2]\n  normalTarget = ${target}\n`,
        'kustomization.yaml': `configMapGenerator: [{name: g, files: [.gitconfig]}]\nResources: ["ssh://git@127.0.0.1/org/repo?ref=main"]\n`,
        'rel/kustomization.yaml': KUSTOMIZATION,
      },
      kubectl,
    );
    expect(readdirSync(dirname(target))).toEqual([]);
  });

  test.each([
    ['a key in another case', (to: string) => `Resources: ["${to}/a.yaml"]`],
    ['patches in another case', (to: string) => `Patches: [{path: "${to}/p.yaml"}]`],
    ['a path in another case', (to: string) => `patches: [{Path: "${to}/p.yaml"}]`],
    ['files in another case', (to: string) => `configMapGenerator: [{name: c, Files: ["a=${to}/a"]}]`],
    ['transformers in another case', (to: string) => `Transformers: ["${to}/t.yaml"]`],
    ['an escaped address', (to: string) => `resources: [web.yaml, "${to.replace('://', ':\\x2f\\x2f')}/a.yaml"]`],
    ['an address with a newline behind it', (to: string) => `patchesStrategicMerge: ["${to}/p.yaml\\n"]`],
    ['an address in a patch of several lines', (to: string) => `patchesStrategicMerge:\n- |\n  ${to}/p.yaml\n`],
    ['an address behind a key', (to: string) => `configMapGenerator: [{name: c, files: ["a=${to}/a"]}]`],
    ['an address of replacements', (to: string) => `replacements: [{path: "${to}/r.yaml"}]`],
    ['an address of a schema', (to: string) => `openapi: {path: "${to}/s.json"}`],
  ])('%s is not fetched', async (_, line) => {
    const text = line(url);
    const own = text.startsWith('resources:') ? 'namespace: shop\n' : KUSTOMIZATION;
    const { requests: seen, summary } = await inspect(
      { ...BASE, 'rel/kustomization.yaml': `${own}${text}\n` },
      kubectl,
    );
    expect(seen).toEqual([]);
    // A resource from elsewhere is left out, and the file beside it edited.
    expect(summary).toMatch(/rel\/(?:kustomization|web)\.yaml/);
  });

  test.each([
    ['a patch', 'kind: PatchTransformer\nmetadata: {name: t}\nPath: TO/p.yaml\n'],
    ['several patches', 'kind: PatchStrategicMergeTransformer\nmetadata: {name: t}\npaths: [TO/p.yaml]\n'],
    ['replacements', 'kind: ReplacementTransformer\nmetadata: {name: t}\nreplacements: [{path: TO/r.yaml}]\n'],
    ['a value', 'kind: ValueAddTransformer\nmetadata: {name: t}\nvalue: x\ntargetFilePath: TO/v.yaml\n'],
  ])('a transformer that names %s is not run', async (_, transformer) => {
    const { requests: seen } = await inspect(
      {
        ...BASE,
        'rel/kustomization.yaml': `${KUSTOMIZATION}transformers: [t.yaml]\n`,
        'rel/t.yaml': `apiVersion: builtin\n${transformer.replace('TO', url.replace('://', ':\\x2f\\x2f')).replace(/(\S*\\x2f\S*?)(\]|\n|\})/, '"$1"$2')}`,
      },
      kubectl,
    );
    expect(seen).toEqual([]);
  });

  test.each(['/etc/passwd', '../../../../../../etc/passwd', './../rel/../../secret'])(
    'a file outside is not read: %s',
    async (outside) => {
      const text = `${KUSTOMIZATION}configMapGenerator: [{name: c, Files: ["${outside}"]}]\npatchesStrategicMerge: ["${outside}"]\n`;
      const { summary, log, diff } = await inspect({ ...BASE, 'rel/kustomization.yaml': text }, kubectl);
      expect(`${summary}${log}`).not.toMatch(/root:|daemon:/);
      expect(diff).toBe('');
    },
  );
});

describe.skipIf(helm === undefined)('a chart', () => {
  const chart = {
    'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
    'chart/values-shop.yaml': 'resources: {limits: {memory: 2000Mi}, requests: {memory: 1000Mi}}\n',
    'chart/templates/web.yaml': deployment('web').replace(
      /resources:[\s\S]*$/,
      'resources: {{ toJson .Values.resources }}\n',
    ),
  };

  anyTest('is rendered and edited', async () => {
    expect((await inspect(chart)).diff).toContain('2560Mi');
  });

  anyTest('is rendered for a current Kubernetes', async () => {
    const files = { ...chart, 'chart/Chart.yaml': `${chart['chart/Chart.yaml']}kubeVersion: ">=1.30.0"\n` };
    expect((await inspect(files)).diff).toContain('2560Mi');
  });

  anyTest('whose schema names another by address is rendered without it', async () => {
    const schema = JSON.stringify({ $ref: `${url}/schema.json` });
    const run = await inspect({ ...chart, 'chart/values.schema.json': schema });
    expect(run.requests).toEqual([]);
    expect(run.diff).toContain('2560Mi');
  });

  anyTest('whose dependency is named like a path outside writes nothing there', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    const climb = '../'.repeat(12);
    await inspect({
      ...chart,
      'chart/Chart.yaml': `${chart['chart/Chart.yaml']}dependencies:\n- {name: "${climb}${outside.slice(1)}/x", version: 0.1.0, repository: "file://../sub"}\n`,
      'sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 0.1.0\n',
      'sub/templates/evil.yaml': 'a: 1\n',
    });
    expect(readdirSync(outside)).toEqual([]);
  });

  anyTest.skipIf(findProgram('prlimit', '/usr/bin:/bin') === undefined)(
    'that takes too much memory is not judged, and said',
    async () => {
      const files = { ...chart, 'chart/templates/much.yaml': 'a: {{ len (until 60000000) }}\n' };
      const { summary } = await inspect(files);
      expect(summary).toContain('rendering it needs more than 1024 MB of memory');
    },
  );
});

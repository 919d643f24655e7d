import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateCluster, podName } from '../cluster/generate-cluster.ts';
import type { ApiObject, LazyList } from '../cluster/list-api.ts';
import { startPagingApiServer } from '../cluster/paging-api-server.ts';
import { type BundleRun, runBundle } from './run-bundle.ts';
import { startBoth } from './stand-ins.ts';

const kubectlIsHere = spawnSync('kubectl', ['version', '--client']).status === 0;
const AT = 1_795_500_300;
const inputs = {
  namespaces: 'shop',
  'prometheus-access': 'direct',
  at: new Date(AT * 1000).toISOString().replace('.000', ''),
  'fail-on': 'never',
  'usage-yellow': '1',
  'usage-red': '1',
  'over-provisioned-below': '1',
  record: 'case.json',
};

/** Everything that was written or shown is a number that a person can read. */
function expectReadable(run: BundleRun): void {
  expect(run.outputs.outcome, run.log).toBe('ok');
  const files = run.written.map((path) => readFileSync(join(run.workspace, path), 'utf8'));
  const shown = [run.log.replace(/^::debug::.*$/gm, ''), run.summary, JSON.stringify(run.outputs), ...files].join('\n');
  expect(shown).not.toMatch(/\d(\.\d+)?e\+?\d{2}/);
  expect(shown).not.toMatch(/\bNaN\b|\bInfinity\b|\bnull\b|\d{17}/);
  expect(shown).not.toMatch(/-\d+(\.\d+)?(Mi|Gi|Ti|Ki|B)\b/);
}

const odd = [
  '1.7e308',
  '1e300',
  '1e20',
  '9007199254740993',
  '9223372036854775807',
  '-1',
  '-1e300',
  'NaN',
  '+Inf',
  '-Inf',
];
const extreme = ['70368744177664', '70368744177665', '1', '0', '1e-300', '4294967296'];

describe.runIf(kubectlIsHere)('a Prometheus', () => {
  let both: Awaited<ReturnType<typeof startBoth>>;
  let sampleOf: (metric: string, query: string) => string;

  function answer(params: URLSearchParams, isRange: boolean): unknown {
    const query = params.get('query') ?? '';
    const names = [...new Set(query.match(/container_[a-z_]+|kube_pod_[a-z_]+|jvm_[a-z_]+/g))];
    const result = names.map((name) => {
      const part = name.endsWith('_rss') ? { part: 'rss' } : {};
      const metric = { __name__: name, namespace: 'shop', pod: podName(0, 0), container: 'app', area: 'heap', ...part };
      if (!isRange) return { metric, value: [AT, query.startsWith('count') ? '1' : sampleOf(name, query)] };
      const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((key) => Number(params.get(key)));
      const values: unknown[] = [];
      for (let t = start; t <= end; t += step) values.push([t, sampleOf(name, query)]);
      return { metric, values };
    });
    return { status: 'success', data: { resultType: isRange ? 'matrix' : 'vector', result } };
  }

  beforeAll(async () => {
    const lists = generateCluster({ namespaces: ['shop'], deployments: 1, podsPerDeployment: 1 });
    both = await startBoth(startPagingApiServer({ lists }), (params, isRange) => ({
      body: JSON.stringify(answer(params, isRange)),
    }));
  });

  afterAll(() => both.close());

  function run(): Promise<BundleRun> {
    return runBundle({ inputs: { ...inputs, 'prometheus-url': both.url }, env: { KUBECONFIG: both.kubeconfig } });
  }

  it.each([...odd, ...extreme])('whose every sample is %s is reported in numbers that one can read', async (value) => {
    sampleOf = () => value;
    expectReadable(await run());
  });

  it.each(['1.7e308', '-1', 'NaN'])('is believed in what is possible though some of it is %s', async (value) => {
    sampleOf = (name, query) =>
      name === 'container_memory_working_set_bytes' && !query.startsWith('max by (__name__') ? '900000000' : value;
    const one = await run();
    expectReadable(one);
    expect(JSON.parse(readFileSync(join(one.workspace, 'case.json'), 'utf8')).measurements[0].peak).toBe(900_000_000);
  });
});

describe.runIf(kubectlIsHere)('a pod', () => {
  it.each(['9Ei', '100Ti'])('whose limit is %s has one that is not known', async (limit) => {
    const lists = generateCluster({ namespaces: ['shop'], deployments: 1, podsPerDeployment: 1 });
    const changed = Object.entries(lists).map(([name, list]): [string, LazyList] => [
      name,
      { length: list.length, at: (index) => withLimit(list.at(index), limit) },
    ]);
    const cluster = await startPagingApiServer({ lists: Object.fromEntries(changed) });
    const kubeconfig = join(mkdtempSync(join(tmpdir(), 'kube-')), 'config');
    await cluster.writeKubeconfig(kubeconfig);
    const server = createServer((request, response) => {
      request.resume();
      const metric = { namespace: 'shop', pod: podName(0, 0), container: 'app' };
      const row = request.url?.includes('range')
        ? { metric, values: [[AT, '1000']] }
        : { metric: { ...metric, __name__: 'container_memory_working_set_bytes' }, value: [AT, '1000'] };
      response.end(JSON.stringify({ status: 'success', data: { result: [row] } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const run = await runBundle({ inputs: { ...inputs, 'prometheus-url': url }, env: { KUBECONFIG: kubeconfig } });
      expectReadable(run);
      const [workload] = JSON.parse(readFileSync(join(run.workspace, 'case.json'), 'utf8')).workloads;
      expect(workload.pods[0].containers[0].limit).toEqual({ state: 'unknown' });
      expect(workload.containers[0].limit).toEqual({ state: 'unknown' });
    } finally {
      server.closeAllConnections();
      server.close();
      await cluster.close();
    }
  });
});

function withLimit(item: ApiObject | undefined, limit: string): ApiObject | undefined {
  return (
    item && JSON.parse(JSON.stringify(item).replaceAll('"limits":{"memory":"1Gi"}', `"limits":{"memory":"${limit}"}`))
  );
}

describe('a recording', () => {
  const demo = gunzipSync(readFileSync(fileURLToPath(new URL('../../demo/pigo.json.gz', import.meta.url)))).toString();

  it.each(['1.7e308', '1e999', '-5', '1e15'])('whose sizes are %s is reported all the same', async (size) => {
    const text = demo
      .replace(
        /"(v|bytes|peak|workingSet|limit|request|maximum|used|liveSet|nonHeap|restarts|startedAt|finishedAt)":\d+(\.\d+)?/g,
        `"$1":${size}`,
      )
      .replace(/("largestNodeAllocatable"|"oomEvents"|"createdAt"):\d+/g, `$1:${size}`);
    const { record: _, namespaces: __, at: ___, ...given } = inputs;
    const run = await runBundle({ inputs: { ...given, recording: 'case.json' }, files: { 'case.json': text } });
    expectReadable(run);
  });

  it.each(['1e300', '-1', '1e999'])('that was made at %s is refused', async (at) => {
    const text = demo.replace(/"at":\d+/, `"at":${at}`);
    const run = await runBundle({ inputs: { recording: 'case.json' }, files: { 'case.json': text } });
    expect(run.errors).toEqual([expect.stringMatching(/"case\.json" is not a recording.*at/)]);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PagingApiServer } from '../cluster/paging-api-server.ts';
import { runBundle } from './run-bundle.ts';
import { startCluster } from './stand-ins.ts';

const kubectlIsHere = spawnSync('kubectl', ['version', '--client']).status === 0;
const SECRET = 's3cr3t-bearer-token';
const CONFIG = '.github/memory-inspector.yml';

let cluster: PagingApiServer;
let kubeconfig: string;
/** Where a config file may lead; it keeps the headers of every request. */
let elsewhere: { readonly url: string; readonly received: IncomingHttpHeaders[]; close(): void };

beforeAll(async () => {
  cluster = await startCluster();
  kubeconfig = join(mkdtempSync(join(tmpdir(), 'kube-')), 'config');
  await cluster.writeKubeconfig(kubeconfig);
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    request.resume();
    response.writeHead(403).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  elsewhere = { url: `http://127.0.0.1:${port}`, received, close: () => server.close() };
});

beforeEach(() => elsewhere.received.splice(0));

afterAll(async () => {
  elsewhere.close();
  await cluster.close();
});

function runWith(config: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>>) {
  const files = { [CONFIG]: JSON.stringify(config) };
  return runBundle({ inputs: { namespaces: 'shop', ...inputs }, files, env: { KUBECONFIG: kubeconfig } });
}

describe('a secret input', () => {
  it.each<[string, Record<string, string>]>([
    ['prometheus-token', { 'prometheus-token': SECRET }],
    ['prometheus-headers', { 'prometheus-headers': `Authorization: Bearer ${SECRET}` }],
  ])('%s never goes to an address that the repository names', async (name, secret) => {
    const run = await runWith({ 'prometheus-url': elsewhere.url, 'prometheus-access': 'direct' }, secret);
    expect(elsewhere.received).toEqual([]);
    expect(run.errors).toEqual([expect.stringContaining(`Option ${name} `)]);
    expect(run.errors[0]).toMatch(/prometheus-url is set in \.github\/memory-inspector\.yml.*set it as an input/s);
    expect(run.log.replace(/^::add-mask::.*$/gm, '')).not.toContain(SECRET);
    expect(run.outputs.outcome).toBe('error');
  });

  it('never goes to a service that was found by its labels', async () => {
    const asked = cluster.requests.length;
    const run = await runWith({}, { 'prometheus-token': SECRET });
    expect(run.errors).toEqual([expect.stringMatching(/Option prometheus-token .*prometheus-url is not set/s)]);
    expect(cluster.requests).toHaveLength(asked);
  });

  it.each<[Record<string, string>, Record<string, string>]>([
    [{ 'query-pod': 'shop/app-0' }, { 'prometheus-token': SECRET }],
    [{ 'query-pod': 'shop/app-0' }, { 'prometheus-token': SECRET, 'prometheus-access': 'exec' }],
    [{ 'query-pod': 'shop/app-0' }, { 'prometheus-url': `http://me:${SECRET}@prometheus.monitoring.svc:9090` }],
    [{ context: 'stand-in' }, { 'prometheus-token': SECRET, 'query-pod': 'shop/app-0' }],
  ])('never passes through a pod that the repository names: %o', async (config, inputs) => {
    const run = await runWith(config, { 'prometheus-url': elsewhere.url, ...inputs });
    const [name = ''] = Object.keys(config);
    expect(run.errors).toEqual([
      expect.stringMatching(new RegExp(`${name} is set in \\.github/memory-inspector\\.yml.*set it as an input`, 's')),
    ]);
    expect(elsewhere.received).toEqual([]);
  });

  it('is not handed to just any pod: exec asks for one by name', async () => {
    const run = await runWith(
      {},
      { 'prometheus-url': elsewhere.url, 'prometheus-token': SECRET, 'prometheus-access': 'exec' },
    );
    expect(run.errors).toEqual([expect.stringMatching(/prometheus-access is exec.*prometheus-token.*query-pod/s)]);
  });

  it('stands in the way of no recording, with which nothing is sent', async () => {
    const recording = readFileSync(fileURLToPath(new URL('../../demo/pigo.json.gz', import.meta.url)));
    const run = await runBundle({
      inputs: { recording: 'case.json.gz', 'prometheus-token': SECRET, 'fail-on': 'never' },
      files: { 'case.json.gz': recording, [CONFIG]: `prometheus-url: ${elsewhere.url}` },
    });
    expect(run.outputs.outcome, run.log).toBe('ok');
    expect(elsewhere.received).toEqual([]);
  });
});

// Needs kubectl: the bundle reads the cluster before it asks Prometheus.
describe.runIf(kubectlIsHere)('headers that stand in the config file', () => {
  it('go to the address that stands there', async () => {
    const config = { 'prometheus-url': elsewhere.url, 'prometheus-headers': 'X-Scope-OrgID: shop' };
    await runWith(config, { 'prometheus-access': 'direct' });
    expect(elsewhere.received[0]).toMatchObject({ 'x-scope-orgid': 'shop' });
  });
});

describe.runIf(kubectlIsHere)('under auto', () => {
  it('exec is passed over where a secret would be seen by a pod that nobody named', async () => {
    const run = await runWith({}, { 'prometheus-url': 'http://127.0.0.1:9', 'prometheus-token': SECRET });
    expect(run.errors).toEqual([expect.stringMatching(/exec: skipped.*query-pod/s)]);
  });
});

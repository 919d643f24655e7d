import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { generateCluster, podName } from '../cluster/generate-cluster.ts';
import { createListApi } from '../cluster/list-api.ts';
import { kubeconfigFor } from '../cluster/paging-api-server.ts';
import { runBundle } from './run-bundle.ts';

const kubectlIsHere = spawnSync('kubectl', ['version', '--client']).status === 0;
const MB = 1_000_000;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function queryOf(request: IncomingMessage): Promise<string> {
  let form = '';
  for await (const chunk of request) form += chunk;
  return new URLSearchParams(form).get('query') ?? '';
}

/** Sends that much white space within an answer, as fast as it is taken. */
function sendMuch(response: ServerResponse, bytes: number, head: string): void {
  const chunk = Buffer.alloc(MB, ' ');
  let left = bytes;
  response.write(head);
  const send = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) return void response.once('drain', send);
    }
    response.end();
  };
  send();
}

/** An API server of three Deployments in `shop`, whose list of `resource` is answered so. */
async function writeKubeconfig(resource?: string, answer?: (response: ServerResponse) => void): Promise<string> {
  const api = createListApi({ lists: generateCluster({ namespaces: ['shop'], deployments: 3, podsPerDeployment: 2 }) });
  const url = await serve((request, response) => {
    if (resource !== undefined && new URL(request.url ?? '/', 'http://x').pathname.endsWith(`/${resource}`)) {
      return answer?.(response);
    }
    const { status, body } = api.answer(request.url ?? '/');
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  const path = join(mkdtempSync(join(tmpdir(), 'kube-')), 'config');
  await writeFile(path, kubeconfigFor(url));
  return path;
}

const tooMuch = (response: ServerResponse) => sendMuch(response, 600 * MB, '{"kind":"List","items":[');
const DEPTHS = [100_000, 5_000_000];
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const ROW = `{"metric":{"namespace":"shop","pod":"${podName(0, 0)}","container":"app"},"value":[1795500000,"1000000"]}`;
const inputs = {
  namespaces: 'shop',
  'prometheus-access': 'direct',
  at: '2026-11-24T06:05:00Z',
  'allow-incomplete': 'true',
};

describe.runIf(kubectlIsHere)('an answer of Prometheus', () => {
  it('that unpacks to more than can be held is refused like one that Prometheus finds too large', async () => {
    const bomb = gzipSync(`{"status":"success","data":{"result":[${' '.repeat(300 * MB)}]}}`);
    const prometheus = await serve(async (request, response) => {
      if ((await queryOf(request)).includes('max_over_time'))
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
      else response.end(`{"status":"success","data":{"result":[${request.url?.includes('range') ? '' : ROW}]}}`);
    });
    const env = { KUBECONFIG: await writeKubeconfig() };
    const run = await runBundle({ inputs: { ...inputs, 'prometheus-url': prometheus }, env });
    expect(run.outputs.outcome, run.log).toBe('incomplete');
    expect(run.summary).toMatch(
      /refused the query for the peaks of the namespace shop as too large: the answer is larger than 128 MB/,
    );
  });
});

describe.runIf(kubectlIsHere)('an answer of Prometheus', () => {
  it.each(DEPTHS)('that is nested %i deep is named in one sentence', async (depth) => {
    const deep = ROW.replace('"shop"', nested(depth));
    const prometheus = await serve(async (request, response) => {
      const row = (await queryOf(request)).startsWith('vector') ? ROW : deep;
      response.end(`{"status":"success","data":{"result":[${row}]}}`);
    });
    const env = { KUBECONFIG: await writeKubeconfig() };
    const run = await runBundle({ inputs: { ...inputs, 'prometheus-url': prometheus }, env });
    expect(run.errors, run.log.slice(0, 2000)).toEqual([
      expect.stringMatching(/the answer is nested more than 500 levels deep/),
    ]);
  });
});

describe.runIf(kubectlIsHere)('a list of the API server', () => {
  it.each(DEPTHS)('with an item that is nested %i deep is named in one sentence', async (depth) => {
    const list = `{"kind":"PodList","metadata":{},"items":[{"metadata":{"name":${nested(depth)}}}]}`;
    const env = { KUBECONFIG: await writeKubeconfig('pods', (response) => response.end(list)) };
    const run = await runBundle({ inputs: { ...inputs, 'prometheus-url': 'http://127.0.0.1:9' }, env });
    expect(run.errors, run.log.slice(0, 2000)).toEqual([
      expect.stringMatching(/\/namespaces\/shop\/pods is nested more than 500 levels deep/),
    ]);
  });

  it('that is larger than any is named in one sentence', async () => {
    const env = { KUBECONFIG: await writeKubeconfig('pods', tooMuch) };
    const run = await runBundle({ inputs: { ...inputs, 'prometheus-url': 'http://127.0.0.1:9' }, env });
    expect(run.errors, run.log).toEqual([expect.stringMatching(/\/namespaces\/shop\/pods.* is larger than 256 MB/)]);
    expect(run.code).toBe(1);
  });

  it('that can be done without is left out, and said', async () => {
    const env = { KUBECONFIG: await writeKubeconfig('nodes', tooMuch) };
    const prometheus = await serve((request, response) => {
      request.resume();
      response.end(`{"status":"success","data":{"result":[${request.url?.includes('range') ? '' : ROW}]}}`);
    });
    const run = await runBundle({ inputs: { ...inputs, 'prometheus-url': prometheus }, env });
    expect(run.outputs.verdict, run.log).toBeDefined();
    expect(run.summary).toMatch(/Nodes could not be read, so no size is held against them/);
  });
});

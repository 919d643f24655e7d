import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PagingApiServer } from '../cluster/paging-api-server.ts';
import { type BundleRun, runBundle } from './run-bundle.ts';
import { startCluster, startInsteadOfPrometheus } from './stand-ins.ts';

const kubectlIsHere = spawnSync('kubectl', ['version', '--client']).status === 0;
const SECRET = 's3cr3t-bearer-token';

let cluster: PagingApiServer;
let kubeconfig: string;

beforeAll(async () => {
  cluster = await startCluster();
  kubeconfig = join(mkdtempSync(join(tmpdir(), 'kube-')), 'config');
  await cluster.writeKubeconfig(kubeconfig);
});

afterAll(() => cluster.close());

/** One clear sentence, an `error` end, no stack, no file, no secret. */
function expectOneSentence(run: BundleRun, said: RegExp): void {
  expect(run.errors, run.log).toEqual([expect.stringMatching(said)]);
  expect(run.code).toBe(1);
  expect(run.outputs.outcome).toBe('error');
  expect(run.summary).toContain('could not run');
  expect(run.log).not.toMatch(/^\s+at .*\d+:\d+/m);
  expect(run.written).toEqual([]);
  const shown = run.log.replace(/^::add-mask::.*$/gm, '') + run.summary + JSON.stringify(run.outputs);
  expect(shown).not.toContain(SECRET);
}

function send(status: number, body: string, type = 'application/json') {
  return (response: ServerResponse) => response.writeHead(status, { 'content-type': type }).end(body);
}

const inputs = {
  namespaces: 'shop',
  'prometheus-url': 'http://127.0.0.1:9',
  'prometheus-access': 'direct',
  'prometheus-token': SECRET,
};
const EMPTY = '{"status":"success","data":{"resultType":"vector","result":[]}}';

// Needs kubectl: the bundle reads the cluster before it asks Prometheus.
describe.runIf(kubectlIsHere)('Prometheus, in a whole run,', () => {
  it.each([
    ['that answers 401', send(401, 'Unauthorized', 'text/plain'), /401.*prometheus-token/s],
    ['that answers 403', send(403, 'Forbidden', 'text/plain'), /403/],
    ['that answers 422', send(422, '{"status":"error","errorType":"execution","error":"bad"}'), /422|bad/],
    ['that answers 503', send(503, 'no healthy upstream', 'text/plain'), /503/],
    ['that answers HTML', send(200, '<!doctype html><title>Sign in</title>', 'text/html'), /HTML|not JSON/],
    ['whose answer is cut in half', send(200, EMPTY.slice(0, 40)), /cut|JSON|end/i],
    ['whose answer is empty', send(200, ''), /empty|JSON/i],
    ['that has no cAdvisor series', send(200, EMPTY), /container_memory_working_set_bytes|cAdvisor/],
  ])('%s ends the run in one sentence', async (_, answer, said) => {
    const prometheus = await startInsteadOfPrometheus(answer);
    try {
      const env = { KUBECONFIG: kubeconfig };
      expectOneSentence(await runBundle({ inputs: { ...inputs, 'prometheus-url': prometheus.url }, env }), said);
    } finally {
      await prometheus.close();
    }
  });

  it('that is down ends the run in one sentence that names the address', async () => {
    const env = { KUBECONFIG: kubeconfig };
    expectOneSentence(await runBundle({ inputs, env }), /127\.0\.0\.1:9/);
  });
});

describe.runIf(kubectlIsHere)('the cluster, in a whole run,', () => {
  it('whose context does not exist is named with the option', async () => {
    const run = await runBundle({ inputs: { ...inputs, context: 'nowhere' }, env: { KUBECONFIG: kubeconfig } });
    expectOneSentence(run, /nowhere/);
  });

  it('that lacks the namespace is named', async () => {
    const run = await runBundle({ inputs: { ...inputs, namespaces: 'nowhere' }, env: { KUBECONFIG: kubeconfig } });
    expectOneSentence(run, /nowhere/);
  });

  it('that is not there is named', async () => {
    const broken = join(mkdtempSync(join(tmpdir(), 'kube-')), 'config');
    writeFileSync(broken, readFileSync(kubeconfig, 'utf8').replace(/127\.0\.0\.1:\d+/, '127.0.0.1:9'));
    expectOneSentence(await runBundle({ inputs, env: { KUBECONFIG: broken } }), /127\.0\.0\.1:9|API server/);
  });
});

describe('a machine', () => {
  it('without kubectl is told so', async () => {
    expectOneSentence(await runBundle({ inputs, env: { PATH: mkdtempSync(join(tmpdir(), 'path-')) } }), /kubectl/);
  });

  it.each(['.git/hooks/pre-commit', '.github/workflows/x.yml', 'git~1/config'])(
    'records nothing to %s',
    async (record) => {
      const run = await runBundle({ inputs: { ...inputs, record } });
      expectOneSentence(run, /Option record .*not in `?\.git/);
    },
  );

  it('keeps a recording out of places beside the workspace', async () => {
    const outside = join(tmpdir(), `outside-${process.pid}.json`);
    const run = await runBundle({ inputs: { ...inputs, record: outside }, env: { KUBECONFIG: kubeconfig } });
    expect(run.code).toBe(1);
    expect(existsSync(outside)).toBe(false);
  });
});

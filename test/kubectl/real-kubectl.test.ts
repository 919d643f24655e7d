import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCluster } from '../../src/cluster/read-cluster.ts';
import { explainFailure } from '../../src/kubectl/explain-failure.ts';
import { createKubectl } from '../../src/kubectl/run-kubectl.ts';
import { generateCluster, podName } from '../cluster/generate-cluster.ts';
import { type PagingApiServer, startPagingApiServer } from '../cluster/paging-api-server.ts';

const silent = {
  step: () => {},
  debug: () => {},
  warn: () => {},
  group: <T>(_: string, work: () => Promise<T>) => work(),
};
const missing = spawnSync('kubectl', ['version', '--client']).status !== 0;

describe.skipIf(missing)(`the real kubectl${missing ? ' (skipped: it is not on PATH)' : ''}`, () => {
  let server: PagingApiServer;
  let directory: string;
  let kubeconfig: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'real-kubectl-'));
    kubeconfig = join(directory, 'kubeconfig');
    server = await startPagingApiServer({
      lists: generateCluster({ namespaces: ['a', 'b'], deployments: 60, podsPerDeployment: 10 }),
      allows: (_verb, resource) => resource !== 'nodes',
      expiringTokens: 1,
    });
    await server.writeKubeconfig(kubeconfig);
  });

  afterAll(async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });

  const kubectl = (context?: string) => createKubectl({ env: { ...process.env, KUBECONFIG: kubeconfig }, context });

  it('reads a cluster page by page, over a token that expires', async () => {
    const state = await readCluster(kubectl('stand-in'), { namespaces: [], excludeNamespaces: [] }, silent);
    const pods = state.workloads.flatMap((workload) => workload.pods.map(({ name }) => name));
    expect(state.namespaces).toEqual(['a', 'b']);
    expect(state.workloads).toHaveLength(60);
    expect(pods).toHaveLength(600);
    expect(pods).toContain(podName(59, 9));
    expect(server.requests.filter((path) => path.startsWith('/api/v1/pods'))).toHaveLength(4);
    expect(state.notes.map(({ text }) => text)).toEqual(['Nodes could not be read, so no size is held against them']);
  });

  it('says what is refused in words that are understood', async () => {
    const failure = explainFailure(await kubectl().run(['get', '--raw', '/api/v1/nodes']));
    expect(failure.refusal).toEqual({
      user: 'system:serviceaccount:ci:inspector',
      verb: 'list',
      resource: 'nodes',
      group: '',
    });
  });

  it('says that a context is wrong, a server away and a kubeconfig broken in words that are understood', async () => {
    const get = ['get', '--raw', '/api/v1/pods'];
    expect(explainFailure(await kubectl('prod').run(get)).message).toContain('has no context "prod"');
    const away = createKubectl({ env: { ...process.env, KUBECONFIG: kubeconfig } });
    expect(explainFailure(await away.run([...get, '--server', 'http://127.0.0.1:1'])).kind).toBe('unreachable');
    const broken = join(directory, 'broken');
    await writeFile(broken, 'a: [b');
    const bad = createKubectl({ env: { ...process.env, KUBECONFIG: broken } });
    expect(explainFailure(await bad.run(get)).kind).toBe('configuration');
  });
});

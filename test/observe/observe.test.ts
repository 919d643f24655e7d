import { afterEach, describe, expect, it } from 'vitest';
import type { Kubectl } from '../../src/kubectl/kubectl.ts';
import { type ObserveScope, observe } from '../../src/observe/observe.ts';
import { readOptions } from '../../src/options/read-options.ts';
import { mi } from '../checks/fixtures.ts';
import { kubectlFor } from '../cluster/kubectl-stand-in.ts';
import { deploymentPod, namespaces, workload } from '../cluster/objects.ts';
import { kubectlAnswering } from '../cluster/path-answers.ts';
import { SETTINGS } from '../judge/fixtures.ts';
import { EMPTY_VECTOR, type Received, startApiServer } from '../prometheus/api-server.ts';
import { createFakeLog } from '../prometheus/fake-log.ts';

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const FLUX = { 'kustomize.toolkit.fluxcd.io/name': 'shop', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
const KUSTOMIZATION = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/shop';
const LISTS = {
  namespaces: namespaces('a', 'b', 'kube-system'),
  deployments: [workload('a', 'web', { labels: FLUX }), workload('b', 'api'), workload('kube-system', 'dns')],
  pods: [deploymentPod('a', 'web', '1'), deploymentPod('b', 'api', '1'), deploymentPod('kube-system', 'dns', '1')],
};

/** One value for each of three namespaces, whatever is asked. */
function answerAll({ params }: Received): { body: string } {
  const query = params.get('query') ?? '';
  if (query === 'vector(1)' || params.has('step')) return { body: EMPTY_VECTOR };
  const result = ['a', 'b', 'elsewhere'].map((namespace) => ({
    metric: { namespace, pod: 'p', container: 'app' },
    value: [1_700_006_400, '1'],
  }));
  return { body: JSON.stringify({ status: 'success', data: { result } }) };
}

type Inputs = Readonly<Record<string, string>>;

/** Observes a cluster whose lists come when `release` is called, by a Prometheus that tells each query. */
async function observeSlowCluster(
  inputs: Inputs,
  { allowed = true, ...scope }: { readonly allowed?: boolean } & Pick<ObserveScope, 'mayBeEmpty' | 'followed'> = {},
) {
  const queries: string[] = [];
  let tell = (_count: number): void => undefined;
  const server = await startApiServer((received) => {
    queries.push(received.params.get('query') ?? '');
    tell(queries.length);
    return answerAll(received);
  });
  servers.push(server);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { kubectl } = kubectlFor({ lists: LISTS, allows: () => allowed });
  const flux = kubectlAnswering({ [KUSTOMIZATION]: { spec: { suspend: true } } }).kubectl;
  const slow: Kubectl = {
    run: (args) => released.then(() => (args.includes(KUSTOMIZATION) ? flux : kubectl).run(args)),
  };
  const given: Inputs = {
    'prometheus-url': server.url,
    'prometheus-access': 'direct',
    at: '2023-11-15T00:00:00Z',
    ...inputs,
  };
  const options = readOptions(
    (name) => given[name] ?? '',
    () => undefined,
  );
  const deps = { kubectl: slow, fetch, log: createFakeLog(), now: () => 0, elapsed: () => 0 };
  const observing = observe(options, { settingsAt: () => SETTINGS, ...scope }, deps);
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      tell = (now) => now >= count && resolve();
      tell(queries.length);
    });
  return { observing, release, until, queries };
}

describe('observe', () => {
  it.each<Inputs>([{ namespaces: 'a,b' }, {}, { 'exclude-namespaces': 'kube-*' }])(
    'asks Prometheus before the cluster has been read: %j',
    async (inputs) => {
      const { observing, release, until, queries } = await observeSlowCluster(inputs);
      await until(13);
      release();
      const { measurements, cluster } = await observing;
      expect(measurements.map(({ namespace }) => namespace)).toEqual(['a', 'b']);
      const last = queries.at(-1);
      if ('exclude-namespaces' in inputs) expect(last).toContain('namespace!~"kube-.*"');
      expect(cluster.namespaces).toEqual(
        'namespaces' in inputs || 'exclude-namespaces' in inputs ? ['a', 'b'] : ['a', 'b', 'kube-system'],
      );
    },
  );

  it.each<Inputs>([{ namespaces: 'a,?' }, { selector: 'team=shop' }])(
    'waits for the cluster where only that tells what to ask about: %j',
    async (inputs) => {
      const { observing, release, until, queries } = await observeSlowCluster(inputs);
      await until(1);
      release();
      await observing.catch(() => undefined);
      expect(queries[0]).toBe('vector(1)');
      for (const query of queries.slice(1)) expect(query).toMatch(/namespace=~"/);
    },
  );

  it('finds nothing in a namespace that does not exist yet, where that may be', async () => {
    const { observing, release } = await observeSlowCluster({ namespaces: 'new' }, { mayBeEmpty: true });
    release();
    const { cluster, measurements } = await observing;
    expect([cluster.workloads, measurements]).toEqual([[], []]);
    expect(cluster.notes.map(({ kind, text }) => [kind, text])).toEqual([['info', 'Namespace new does not exist yet']]);
    const { observing: refused, release: goOn } = await observeSlowCluster({ namespaces: 'new' });
    goOn();
    await expect(refused).rejects.toThrow(/new/);
  });

  it('asks what holds up the merged changes that are followed, once it knows the cluster', async () => {
    const values = [{ field: 'limit', from: mi(1024), to: mi(2048) }] as const;
    const followed: ObserveScope['followed'] = async ({ cluster }) =>
      cluster.workloads.map(({ ref }) => ({ workload: ref, container: 'app', values }));
    const { observing, release } = await observeSlowCluster({ namespaces: 'a,b' }, { followed });
    release();
    expect((await observing).deliveries).toMatchObject([
      { workload: { name: 'web' }, object: 'Kustomization flux-system/shop', status: 'suspended, not Ready' },
    ]);
    const { observing: without, release: goOn } = await observeSlowCluster({ namespaces: 'a,b' });
    goOn();
    expect(await without).not.toHaveProperty('deliveries');
  });

  it('says what the cluster said, where that cannot be read', async () => {
    const { observing, release, until } = await observeSlowCluster({ namespaces: 'a,b' }, { allowed: false });
    await until(1);
    release();
    await expect(observing).rejects.toThrow(/None of the namespaces a, b can be read/);
  });
});

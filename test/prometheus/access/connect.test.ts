import { describe, expect, it } from 'vitest';
import type { Kubectl, KubectlResult } from '../../../src/kubectl/kubectl.ts';
import { EMPTY_VECTOR } from '../api-server.ts';
import { connect, deployment } from './ways.ts';

const URL_IN_CLUSTER = 'http://prometheus-k8s.monitoring.svc:9090';

const unreachable: typeof fetch = async () => {
  throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND prometheus-k8s.monitoring.svc') });
};

/** A kubectl that answers by what its arguments hold; without a match, as without rights. */
function answering(answers: Readonly<Record<string, Partial<KubectlResult>>>): Kubectl & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    async run(args) {
      const line = args.join(' ');
      calls.push(line);
      const found = Object.entries(answers).find(([part]) => line.includes(part))?.[1];
      const refused = {
        exitCode: 1,
        stderr: 'Error from server (Forbidden): services "x" is forbidden: User "u" cannot',
      };
      return { exitCode: 0, stdout: '', stderr: '', ...(found ?? refused) };
    },
  };
}

describe('connectPrometheus', () => {
  it('takes the service proxy when the URL is not reachable from here', async () => {
    const kubectl = answering({ '/services/prometheus-k8s:9090/proxy/api/v1/query?': { stdout: EMPTY_VECTOR } });
    const client = await connect({ url: URL_IN_CLUSTER }, { kubectl, fetch: unreachable });
    expect(client.access).toEqual({
      way: 'service-proxy',
      url: URL_IN_CLUSTER,
      through: 'monitoring/prometheus-k8s',
    });
    expect((await client.instant('up', 1)).rows).toEqual([]);
  });

  it('passes the service proxy over when there is a token', async () => {
    const kubectl = answering({ 'exec -i': { stdout: `${EMPTY_VECTOR}\n200 ` } });
    const options = { url: URL_IN_CLUSTER, token: 't', queryPod: 'a/api-1' };
    const client = await connect(options, { kubectl, fetch: unreachable });
    expect(client.access.way).toBe('exec');
    expect(kubectl.calls.filter((call) => call.startsWith('get'))).toEqual([]);
  });

  it('passes exec over when there is a token and no pod is named that may see it', async () => {
    const kubectl = answering({ 'exec -i': { stdout: `${EMPTY_VECTOR}\n200 ` } });
    const workloads = [deployment('a', 'api', ['api-1'])];
    const connecting = connect({ url: URL_IN_CLUSTER, token: 't' }, { kubectl, fetch: unreachable, workloads });
    await expect(connecting).rejects.toThrow(/^exec: skipped.*query-pod/m);
    expect(kubectl.calls).toEqual([]);
  });

  it('names the reason of every way when none answers', async () => {
    const kubectl = answering({});
    const workloads = [deployment('a', 'api', ['api-1'])];
    const error = await connect({ url: URL_IN_CLUSTER }, { kubectl, fetch: unreachable, workloads }).catch(String);
    const lines = String(error).split('\n');
    expect(lines[0]).toMatch(/does not answer\. Check prometheus-url/);
    expect(lines[1]).toMatch(/^direct: .*ENOTFOUND/);
    expect(lines[2]).toMatch(/^service-proxy: .*needs the verb get on services\/proxy in the namespace monitoring/);
    expect(lines[3]).toMatch(/^exec: .*needs the verb create on pods\/exec/);
  });

  it('uses https, prefix and port of the URL in the service proxy', async () => {
    const path = '/api/v1/namespaces/obs/services/https:thanos:443/proxy/select/api/v1/query?';
    const kubectl = answering({ [path]: { stdout: EMPTY_VECTOR } });
    const url = 'https://thanos.obs.svc.cluster.local/select';
    await connect({ url, access: 'service-proxy' }, { kubectl });
    expect(kubectl.calls[0]).toContain(path);
  });

  it('halves after a refusal that the proxy passes on without its text', async () => {
    const kubectl = answering({
      'vector%281%29': { stdout: EMPTY_VECTOR },
      'query=up': {
        exitCode: 1,
        stderr: 'Error from server (Invalid): the server rejected our request due to an error',
      },
    });
    const client = await connect({ url: URL_IN_CLUSTER, access: 'service-proxy' }, { kubectl });
    await expect(client.instant('up', 1)).rejects.toMatchObject({ kind: 'too large' });
  });

  it.each(['service-proxy', 'exec'] as const)('halves after an answer by %s that is too large', async (access) => {
    const kubectl = answering({
      'vector%281%29': { stdout: EMPTY_VECTOR },
      'query=up': { exitCode: 1, stderr: 'kubectl was ended after 128 MB of output', tooLarge: true },
    });
    const client = await connect({ url: URL_IN_CLUSTER, access, queryPod: 'a/api-1' }, { kubectl });
    await expect(client.instant('up', 1)).rejects.toMatchObject({
      kind: 'too large',
      message: 'the answer is larger than 128 MB',
    });
  });

  it('tells a time-out of the proxy', async () => {
    const kubectl = answering({
      'vector%281%29': { stdout: EMPTY_VECTOR },
      'query=up': { exitCode: 124, stderr: 'kubectl was ended after 10 s without an answer' },
    });
    const client = await connect({ url: URL_IN_CLUSTER, access: 'service-proxy' }, { kubectl });
    await expect(client.instant('up', 1)).rejects.toMatchObject({ kind: 'timed out' });
  });

  it('looks for the service by its labels when no URL is given', async () => {
    const service = {
      metadata: { name: 'kps-prometheus', namespace: 'monitoring' },
      spec: {
        ports: [
          { name: 'reloader-web', port: 8080 },
          { name: 'http-web', port: 9090 },
        ],
      },
    };
    const kubectl = answering({
      'kube-prometheus-stack-prometheus': { stdout: JSON.stringify({ items: [] }) },
      'app.kubernetes.io%2Fname%3Dprometheus': { stdout: JSON.stringify({ items: [service] }) },
      '/services/kps-prometheus:9090/proxy/': { stdout: EMPTY_VECTOR },
    });
    const client = await connect({}, { kubectl, fetch: unreachable });
    expect(client.access).toMatchObject({ way: 'service-proxy', url: 'http://kps-prometheus.monitoring.svc:9090' });
  });

  it('asks for prometheus-url where services may not be listed', async () => {
    await expect(connect({}, { kubectl: answering({}) })).rejects.toThrow(/forbidden.*Set prometheus-url/);
  });
});

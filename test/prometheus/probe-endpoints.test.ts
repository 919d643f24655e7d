import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probeEndpoints } from '../../src/prometheus/probe-endpoints.ts';
import { createFakeLog } from './fake-log.ts';
import { createLocalKubectl } from './local-kubectl.ts';

const JVM =
  '# HELP jvm_memory_used_bytes x\n# TYPE jvm_memory_used_bytes gauge\njvm_memory_used_bytes{area="heap"} 1.0\n';
const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(pages: Readonly<Record<string, string>>): Promise<number> {
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ''];
    response.writeHead(page === undefined ? 404 : 200).end(page ?? 'not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

type Intercept = Parameters<typeof createLocalKubectl>[0];

async function probe(
  requests: readonly { port: number; path: string }[],
  intercept?: Intercept,
  seconds = 0,
  pods = ['api-1'],
) {
  const kubectl = createLocalKubectl(intercept);
  let time = 0;
  const elapsed = () => {
    time += seconds;
    return time;
  };
  const questions = pods.map((pod) => ({ namespace: 'shop', pod, containers: ['app', 'proxy'], requests }));
  const found = await probeEndpoints(questions, { kubectl, log: createFakeLog(), elapsed });
  return { ...found, calls: kubectl.calls };
}

describe('a pod that is asked for its metrics', () => {
  it('answers with the status of what is not there, and then with the metrics of a JVM', async () => {
    const port = await serve({ '/actuator/prometheus': JVM });
    const paths = ['/metrics', '/actuator/prometheus', '/q/metrics'];
    const { endpoints, unseen } = await probe(paths.map((path) => ({ port, path })));
    expect(endpoints.map(({ path, answer }) => [path, answer])).toEqual([
      ['/metrics', { kind: 'status', status: 404 }],
      ['/actuator/prometheus', { kind: 'metrics', jvm: true }],
    ]);
    expect(unseen).toEqual([]);
  });

  it('may answer with other metrics, or with something else', async () => {
    const port = await serve({ '/metrics': '# TYPE up gauge\nup 1\n', '/': '<html>jvm_memory_used_bytes</html>' });
    const { endpoints } = await probe(['/metrics', '/'].map((path) => ({ port, path })));
    expect(endpoints.map(({ answer }) => answer)).toEqual([
      { kind: 'metrics', jvm: false },
      { kind: 'something else' },
    ]);
  });

  it('is not asked again at a port where nobody listens', async () => {
    const port = await serve({});
    servers.splice(0).forEach((server) => {
      server.close();
    });
    const { endpoints, calls } = await probe(['/metrics', '/'].map((path) => ({ port, path })));
    expect(endpoints.map(({ answer }) => answer)).toEqual([{ kind: 'no answer', why: 'connection refused' }]);
    expect(calls).toHaveLength(1);
  });

  it('is asked through another container where its own has no tool', async () => {
    const port = await serve({ '/metrics': JVM });
    const { endpoints } = await probe([{ port, path: '/metrics' }], ({ args }) =>
      args.includes('app')
        ? { exitCode: 126, stderr: 'exec: "env": executable file not found in $PATH: unknown' }
        : undefined,
    );
    expect(endpoints.map(({ answer }) => answer)).toEqual([{ kind: 'metrics', jvm: true }]);
  });

  it.each([
    ['the right', 'Error from server (Forbidden): pods "api-1" is forbidden: cannot create resource "pods/exec"'],
    ['a tool', 'exec: "env": executable file not found in $PATH: unknown'],
  ])('is unseen without %s', async (_, stderr) => {
    const { endpoints, unseen } = await probe([{ port: 1, path: '/metrics' }], () => ({ exitCode: 1, stderr }));
    expect(endpoints).toEqual([]);
    expect(unseen).toEqual([{ what: 'endpoint', namespace: 'shop' }]);
  });

  it('is asked where another of its namespace has no tool, and not where it may not be', async () => {
    const port = await serve({ '/metrics': JVM });
    const pods = ['api-1', 'api-2'];
    const first = (stderr: string) => (call: { readonly target: string }) =>
      call.target === 'api-1' ? { exitCode: 1, stderr } : undefined;
    const bare = await probe([{ port, path: '/metrics' }], first('"env": executable file not found in $PATH'), 0, pods);
    expect(bare.endpoints.map(({ pod }) => pod)).toEqual(['api-2']);
    expect(bare.unseen).toEqual([{ what: 'endpoint', namespace: 'shop' }]);
    const closed = await probe([{ port, path: '/metrics' }], first('pods "api-1" is forbidden'), 0, pods);
    expect([closed.endpoints, closed.calls.length]).toEqual([[], 1]);
  });

  it('is not waited for beyond a minute', async () => {
    const { endpoints, calls } = await probe([{ port: 1, path: '/metrics' }], undefined, 61);
    expect([endpoints, calls]).toEqual([[], []]);
  });
});

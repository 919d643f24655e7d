import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { type MeasureScope, measure } from '../../src/prometheus/measure.ts';
import { connect } from './access/ways.ts';
import { type Answering, EMPTY_VECTOR, type Received, startApiServer } from './api-server.ts';
import { type Asked, createCannedClient, labelsOf } from './canned-client.ts';
import { createFakeLog } from './fake-log.ts';

const AT = 1_700_006_400;
const DAY = 86_400;
const scope: MeasureScope = {
  at: AT,
  windows: { window: DAY, slowWindow: 7 * DAY, sizingWindow: 14 * DAY },
  namespaces: ['a', 'b'],
  clusterLabel: 'cluster',
};
const ONE_SERIES = '{"status":"success","data":{"result":[{"metric":{"namespace":"a"},"value":[1700006400,"1"]}]}}';

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(answer: Answering) {
  const server = await startApiServer(answer);
  servers.push(server);
  return server;
}

const isProbe = ({ params }: Received) => params.get('query') === 'vector(1)';
const isStarts = ({ params }: Received) => (params.get('query') ?? '').includes('max_over_time(container_start');
const isCount = ({ params }: Received) => (params.get('query') ?? '').startsWith('count by');

/** A server that keeps queries waiting, and answers one of them at a time when nothing more comes. */
async function serveSlowly() {
  const waiting: (() => void)[] = [];
  let most = 0;
  const server = await serve((received, response) => {
    if (isProbe(received)) return { body: EMPTY_VECTOR };
    if (isCount(received)) return { body: ONE_SERIES };
    waiting.push(() => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(EMPTY_VECTOR);
    });
    most = Math.max(most, waiting.length);
    return undefined;
  });
  return { server, waiting, most: () => most };
}

describe('queries at the same time', () => {
  it('are at most four', async () => {
    const plan = createCannedClient({ scope: [{ labels: { namespace: 'a' }, value: 1 }] });
    await measure(plan, scope, createFakeLog());
    const all = 1 + plan.calls.length;
    const { server, waiting, most } = await serveSlowly();
    const client = await connect({ url: server.url, access: 'direct' });
    let ended = false;
    const measuring = measure(client, scope, createFakeLog()).finally(() => {
      ended = true;
    });
    while (!ended) {
      await new Promise((resolve) => setImmediate(resolve));
      if (waiting.length === 4 || server.received.length >= all) waiting.shift()?.();
    }
    await measuring;
    expect(most()).toBe(4);
    expect(server.received.length).toBe(all);
  });

  it('end together: where one is refused, none is left under way', async () => {
    const open = new Set<ServerResponse>();
    const server = await serve((received, response) => {
      if (isProbe(received)) return { body: EMPTY_VECTOR };
      if (isCount(received)) return { body: ONE_SERIES };
      if (isStarts(received)) return { status: 403, body: 'no' };
      open.add(response);
      response.on('close', () => open.delete(response));
      return undefined;
    });
    const client = await connect({ url: server.url, access: 'direct' });
    await expect(measure(client, scope, createFakeLog())).rejects.toThrow(/403 Forbidden/);
    const asked = client.queries;
    while (open.size > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(client.queries).toBe(asked);
    expect(asked).toBeLessThanOrEqual(1 + 1 + 4 + 1);
  });

  it('end when the run is stopped, with its reason', async () => {
    const { server } = await serveSlowly();
    const client = await connect({ url: server.url, access: 'direct' });
    const stop = new AbortController();
    const measuring = measure(client, { ...scope, signal: stop.signal }, createFakeLog());
    stop.abort(new UserError('the cluster cannot be read'));
    await expect(measuring).rejects.toThrow('the cluster cannot be read');
  });
});

describe('a server that is busy', () => {
  /** A server that refuses the first `times` queries after the probe. */
  async function serveBusy(times: number, status: number, headers: Readonly<Record<string, string>> = {}) {
    let refused = 0;
    const [asked, inFlight]: [number[], number[]] = [[], []];
    let now = 0;
    const server = await serve((received, response) => {
      if (isProbe(received)) return { body: EMPTY_VECTOR };
      if (refused < times) {
        refused++;
        return { status, headers, body: 'busy' };
      }
      now++;
      inFlight.push(now);
      response.on('close', () => now--);
      asked.push(refused);
      return { body: EMPTY_VECTOR };
    });
    const waits: number[] = [];
    const client = await connect(
      { url: server.url, access: 'direct' },
      { wait: async (time) => void waits.push(time) },
    );
    return { client, waits, inFlight };
  }

  it.each([
    [429, { 'Retry-After': '7' }, 7000],
    [503, { 'Retry-After': '7' }, 7000],
    [503, { 'Retry-After': '86400' }, 60_000],
    [429, { 'Retry-After': 'Fri, 31 Dec 1999 23:59:59 GMT', Date: 'Fri, 31 Dec 1999 23:59:50 GMT' }, 9000],
    [429, { 'Retry-After': 'soon' }, 500],
    [429, {}, 500],
    [500, { 'Retry-After': '7' }, 500],
  ])('is left alone as long as it asks: %i %j', async (status, headers, wait) => {
    const { client, waits } = await serveBusy(1, status, headers);
    await client.instant('up', 1);
    expect(waits).toEqual([wait]);
  });

  it('is asked less at a time after a 429', async () => {
    const { client, inFlight } = await serveBusy(2, 429);
    await Promise.all(Array.from({ length: 12 }, () => client.instant('up', 1)));
    expect(Math.max(...inFlight.slice(3))).toBe(1);
  });

  it('fails the query in the end', async () => {
    const { client, waits } = await serveBusy(100, 429);
    await expect(client.instant('up', 1)).rejects.toThrow(/5 times in a row.*429 Too Many Requests/);
    expect(waits).toHaveLength(4);
  });
});

describe('the order in which answers come', () => {
  const more = (metric: string, rest = {}) => labelsOf('a', 'p', { __name__: metric, ...rest });
  const WORKING_SET = 'container_memory_working_set_bytes';
  const samples = [1, 2, 3].map((v) => ({ t: AT - v * 1440, v }));
  const tables: Partial<Record<Asked, Parameters<typeof createCannedClient>[0][Asked]>> = {
    scope: [{ labels: { namespace: 'a' }, value: 2 }],
    peak: [
      { labels: labelsOf('b', 'q'), value: 9 },
      { labels: labelsOf('a', 'p'), value: 8 },
    ],
    now: [
      { labels: more(WORKING_SET), value: 7 },
      { labels: more('container_start_time_seconds'), value: AT - 60 },
    ],
    lingering: [
      { labels: more(WORKING_SET, { id: 'new' }), value: 3 },
      { labels: more('container_start_time_seconds', { id: 'new' }), value: AT - 60 },
      { labels: more('container_memory_rss', { id: 'new' }), value: 2 },
    ],
    starts: [{ labels: labelsOf('a', 'p', { id: 'new' }), value: AT - 60 }],
    averages: [{ labels: labelsOf('a', 'p'), samples }],
    slow: [{ labels: labelsOf('b', 'q'), samples }],
    quarters: [{ labels: labelsOf('a', 'p', { part: 'rss' }), samples }],
    restarts: [{ labels: labelsOf('a', 'r'), samples }],
    reasons: [{ labels: labelsOf('a', 'p'), samples: [{ t: AT, v: 1 }] }],
    oomCounts: [
      { labels: labelsOf('a', 'p', { id: 'new' }), value: 2 },
      { labels: labelsOf('b', 'q', { id: 'old' }), value: 5 },
    ],
    oomGrowth: [{ labels: labelsOf('b', 'q', { id: 'old' }), value: 1 }],
    resources: [
      { labels: labelsOf('b', 'q', { __name__: 'kube_pod_container_resource_limits', uid: 'u' }), value: 10 },
    ],
    jvm: [{ labels: { ...labelsOf('a', 'p'), __name__: 'jvm_memory_used_bytes', area: 'heap' }, value: 1 }],
  };
  const measureWith = (client: ReturnType<typeof createCannedClient>, asked: MeasureScope['namespaces']) =>
    measure(client, { ...scope, namespaces: asked, inspected: Promise.resolve(['a', 'b']) }, createFakeLog());

  it('changes nothing', async () => {
    const expected = JSON.stringify(await measureWith(createCannedClient(tables, ['a store is down']), ['a', 'b']));
    const asked = fc.constantFrom<MeasureScope['namespaces']>(['a', 'b'], 'all');
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), asked, async (scheduler, namespaces) => {
        const client = createCannedClient(tables, ['a store is down']);
        const measuring = measureWith(
          {
            ...client,
            instant: (...args) => scheduler.schedule(client.instant(...args)),
            range: (...args) => scheduler.schedule(client.range(...args)),
          },
          namespaces,
        );
        expect(JSON.stringify(await scheduler.waitFor(measuring))).toBe(expected);
      }),
    );
  });
});

describe('asked before it is known what is inspected', () => {
  const rows = ['a', 'b', 'other'].map((namespace) => ({ labels: labelsOf(namespace, 'p'), value: 1 }));

  it('keeps nothing of other namespaces, nor what is said of them', async () => {
    const client = createCannedClient({
      scope: rows,
      peak: rows,
      restarts: [{ labels: labelsOf('other', 'p'), samples: [{ t: 1, v: 1 }] }],
    });
    const inspected = Promise.resolve(['a']);
    const { measurements, availability } = await measure(
      client,
      { ...scope, namespaces: 'all', inspected },
      createFakeLog(),
    );
    expect(measurements.map(({ namespace }) => namespace)).toEqual(['a']);
    expect(availability.exporter).toBe(false);
  });

  it('names those that are left out in each query for all', async () => {
    const client = createCannedClient({ scope: rows, peak: rows });
    const inspected = Promise.resolve(['a', 'b']);
    await measure(client, { ...scope, namespaces: 'all', except: ['kube-*', 'x.?'], inspected }, createFakeLog());
    for (const { query, asked } of client.calls) {
      if (asked !== 'jvm') expect(query.match(/!~"kube-\.\*\|x\\\\\.\."/g)?.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('takes the clusters of the inspected namespaces alone', async () => {
    const clusters = [
      { labels: { namespace: 'a', cluster: 'prod' }, value: 1 },
      { labels: { namespace: 'other', cluster: 'stage' }, value: 1 },
    ];
    const inspected = Promise.resolve(['a']);
    for (const namespaces of ['all', ['a', 'other']] as const) {
      const client = createCannedClient({ scope: clusters });
      await measure(client, { ...scope, namespaces, inspected }, createFakeLog());
      const narrow = client.calls.filter(({ asked }) => asked !== 'scope');
      if (namespaces === 'all') for (const { query } of narrow) expect(query).toContain('namespace=~"a"');
    }
    const both = measure(
      createCannedClient({ scope: clusters }),
      { ...scope, namespaces: 'all', inspected: Promise.resolve(['a', 'other']) },
      createFakeLog(),
    );
    await expect(both).rejects.toThrow(/2 clusters/);
  });
});

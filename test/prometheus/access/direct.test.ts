import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { QueryFailure } from '../../../src/prometheus/access/failure.ts';
import { type Answering, EMPTY_VECTOR, startApiServer } from '../api-server.ts';
import { connect } from './ways.ts';

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(answer: Answering) {
  const server = await startApiServer(answer);
  servers.push(server);
  return server;
}

/** A server that is well until `break` is called, then answers as given. */
async function serveThenBreak(answer: Answering) {
  let broken = false;
  const server = await serve((received, response) => (broken ? answer(received, response) : { body: EMPTY_VECTOR }));
  const client = await connect({ url: server.url, access: 'direct', timeoutSeconds: 1 });
  broken = true;
  return { server, client };
}

describe('direct', () => {
  it('sends a form with token, headers and path prefix, and asks for whole raw data at one time', async () => {
    const server = await serve(() => ({ body: EMPTY_VECTOR }));
    const client = await connect({
      url: `${server.url}/prom/`,
      access: 'direct',
      token: 'secret-token',
      headers: { 'X-Scope-OrgID': 'team-a' },
    });
    await client.instant('up', 1_700_000_000);
    await client.range('up', { start: 1, end: 3, step: 1 });
    expect(client.access).toEqual({ way: 'direct', url: `${server.url}/prom` });
    expect(client.queries).toBe(3);
    const [, instant, range] = server.received;
    expect(instant).toMatchObject({ method: 'POST', path: '/prom/api/v1/query' });
    expect(instant?.headers).toMatchObject({ authorization: 'Bearer secret-token', 'x-scope-orgid': 'team-a' });
    expect(Object.fromEntries(instant?.params ?? [])).toMatchObject({
      query: 'up',
      time: '1700000000',
      dedup: 'true',
      partial_response: 'false',
      deny_partial_response: '1',
      max_source_resolution: '0s',
    });
    expect(range?.path).toBe('/prom/api/v1/query_range');
    expect(Object.fromEntries(range?.params ?? [])).toMatchObject({ start: '1', end: '3', step: '1' });
  });

  it('falls back to GET where POST is not allowed', async () => {
    const server = await serve(({ method }) =>
      method === 'POST' ? { status: 405, body: '' } : { body: EMPTY_VECTOR },
    );
    const client = await connect({ url: server.url, access: 'direct' });
    await client.instant('up', 1);
    expect(server.received.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
  });

  it('sends the credentials of a URL as a header and never shows them', async () => {
    const server = await serve(() => ({ body: EMPTY_VECTOR }));
    const client = await connect({ url: server.url.replace('//', '//me:p%40ss@'), access: 'direct' });
    expect(server.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    expect(client.access.url).toBe(server.url);
  });

  it('never shows a secret that no header may hold', async () => {
    const failing = connect({ url: 'http://127.0.0.1:9', access: 'direct', token: 'top\u0000secret' });
    const error = await failing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(/not allowed in a header/);
    expect(`${error} ${failing.log.lines.join(' ')}`).not.toMatch(/top.?secret/);
  });

  it.each([
    [401, 'Unauthorized', /401 Unauthorized.*prometheus-token/],
    [403, 'denied', /403 Forbidden.*prometheus-token/],
    [404, 'not found', /404.*path in prometheus-url/],
    [503, 'starting', /503 Service Unavailable: starting/],
    [200, '<html><title>Sign in</title></html>', /HTML, not JSON \(title "Sign in"\)/],
    [200, '', /empty/],
    [200, EMPTY_VECTOR.slice(0, 40), /cut short/],
    [422, '{"status":"error","errorType":"execution","error":"bad join"}', /422: execution: bad join/],
  ])('ends with one sentence on %i %s', async (status, body, message) => {
    const { client } = await serveThenBreak(() => ({ status, body }));
    const error = await client.instant('sum(x)', 1).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(message);
    expect(String(error)).toContain('direct');
    expect(String(error)).toContain('Query: sum(x)');
  });

  it('sends an unsteady query again, up to three times, and a refused one once', async () => {
    const unsteady = await serveThenBreak(() => ({ body: '{"status":' }));
    await expect(unsteady.client.instant('up', 1)).rejects.toThrow(/3 times in a row/);
    expect(unsteady.server.received).toHaveLength(1 + 3);
    const refused = await serveThenBreak(() => ({ status: 403, body: '' }));
    await expect(refused.client.instant('up', 1)).rejects.toThrow(UserError);
    expect(refused.server.received).toHaveLength(1 + 1);
  });

  it('takes the answer that comes whole after one that was cut on the wire', async () => {
    let cut = false;
    const { client } = await serveThenBreak((_received, response) => {
      if (cut) return { body: EMPTY_VECTOR };
      cut = true;
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"status":"success"', () => response.destroy());
      return undefined;
    });
    expect(await client.instant('up', 1)).toEqual({ rows: [], warnings: [] });
  });

  it('says that a query took too long', async () => {
    const { client } = await serveThenBreak(() => undefined);
    const error = await client.instant('up', 1).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QueryFailure);
    expect(error).toMatchObject({ kind: 'timed out', message: 'no answer within 1 s' });
  });

  it('does not follow a redirect, with which headers would leave', async () => {
    const location = 'https://sso.example/login?state=hidden';
    const server = await serve(() => ({ status: 302, headers: { location }, body: '' }));
    const error = await connect({ url: server.url, access: 'direct' }).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/redirect to https:\/\/sso\.example\/login: a login page/);
    expect(String(error)).not.toContain('hidden');
  });

  it('takes nothing for Prometheus that answers the probe with megabytes', async () => {
    const server = await serve(() => ({ body: `${EMPTY_VECTOR}${' '.repeat(2 ** 21)}` }));
    await expect(connect({ url: server.url, access: 'direct' })).rejects.toThrow(/the answer is larger than 1 MB/);
  });

  it('says that nothing listens', async () => {
    const server = await startApiServer(() => undefined);
    await server.stop();
    await expect(connect({ url: server.url, access: 'direct' })).rejects.toThrow(/ECONNREFUSED/);
  });

  it('refuses a URL that is none', async () => {
    await expect(connect({ url: 'prometheus:9090' })).rejects.toThrow(/prometheus-url is "prometheus:9090"/);
  });
});

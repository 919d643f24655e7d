import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { type Answering, EMPTY_VECTOR, startApiServer } from '../api-server.ts';
import { createLocalKubectl, has, noSuchProgram } from '../local-kubectl.ts';
import { connect, deployment } from './ways.ts';

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function serve(answer: Answering = () => ({ body: EMPTY_VECTOR })) {
  const server = await startApiServer(answer);
  servers.push(server);
  return server;
}

const workloads = [deployment('a', 'api', ['api-1', 'api-2']), deployment('b', 'web', ['web-1'])];

describe.skipIf(!has('wget'))('exec with the wget of this machine (skipped where there is none)', () => {
  it('asks through the first container that answers', async () => {
    const server = await serve();
    const kubectl = createLocalKubectl(({ namespace }) => (namespace === 'a' ? noSuchProgram('wget') : undefined));
    const client = await connect({ url: server.url, access: 'exec' }, { kubectl, workloads });
    expect(client.access).toEqual({ way: 'exec', url: server.url, through: 'b/web-1' });
    await client.instant('sum by (pod) (up{a="b c"})', 5);
    expect(server.received.at(-1)).toMatchObject({ method: 'GET', path: '/api/v1/query' });
    expect(server.received.at(-1)?.params.get('query')).toBe('sum by (pod) (up{a="b c"})');
  });

  it('tries an image without tools once, however many pods it has', async () => {
    const many = [deployment('a', 'api', ['api-1', 'api-2', 'api-3']), deployment('a', 'same', ['x-1'], 'api:1')];
    const kubectl = createLocalKubectl(({ argv }) => noSuchProgram(argv[0] ?? ''));
    await expect(connect({ url: 'http://x', access: 'exec' }, { kubectl, workloads: many })).rejects.toThrow(
      /1 × without wget or curl/,
    );
    expect(kubectl.calls.map(({ target, argv }) => `${target} ${argv[0]}`)).toEqual(['api-1 wget', 'api-1 curl']);
  });

  it('goes on through another pod when one goes away', async () => {
    const server = await serve();
    let gone = '';
    const kubectl = createLocalKubectl(({ target }) =>
      target === gone ? { exitCode: 1, stderr: `Error from server (NotFound): pods "${target}" not found` } : undefined,
    );
    const client = await connect({ url: server.url, access: 'exec' }, { kubectl, workloads });
    expect(client.access.through).toBe('a/api-1');
    gone = 'api-1';
    expect((await client.instant('up', 1)).rows).toEqual([]);
    expect(client.access.through).toBe('b/web-1');
  });

  it('learns status and text of a refusal, which wget keeps to itself', async () => {
    const body = '{"status":"error","errorType":"execution","error":"too many samples"}';
    let broken = false;
    const server = await serve(() => (broken ? { status: 422, body } : { body: EMPTY_VECTOR }));
    const client = await connect({ url: server.url, access: 'exec' }, { kubectl: createLocalKubectl(), workloads });
    broken = true;
    await expect(client.instant('up', 1)).rejects.toMatchObject({
      kind: 'too large',
      message: /422.*too many samples/,
    });
  });

  it('sends again what was cut on its way', async () => {
    const server = await serve();
    let cuts = 1;
    const kubectl = createLocalKubectl(({ argv }) =>
      argv.at(-1)?.includes('query=up') && cuts-- > 0 ? { stdout: '{"status":"success","data":{"resu' } : undefined,
    );
    const client = await connect({ url: server.url, access: 'exec' }, { kubectl, workloads });
    expect((await client.instant('up', 1)).rows).toEqual([]);
    expect(client.queries).toBe(3);
  });

  it('passes a namespace over in which exec is forbidden, and names the right', async () => {
    const server = await serve();
    const forbidden = {
      exitCode: 1,
      stderr: 'Error from server (Forbidden): pods "x" is forbidden: User "u" cannot create resource "pods/exec"',
    };
    const one = createLocalKubectl(({ namespace }) => (namespace === 'a' ? forbidden : undefined));
    const client = await connect({ url: server.url, access: 'exec' }, { kubectl: one, workloads });
    expect(client.access.through).toBe('b/web-1');
    expect(one.calls.filter(({ namespace }) => namespace === 'a')).toHaveLength(1);
    const none = createLocalKubectl(() => forbidden);
    await expect(connect({ url: server.url, access: 'exec' }, { kubectl: none, workloads })).rejects.toThrow(
      /needs the verb create on pods\/exec/,
    );
  });

  it('asks through the named pod only', async () => {
    const server = await serve();
    const kubectl = createLocalKubectl();
    const options = { url: server.url, access: 'exec', queryPod: 'b/deployment/web' } as const;
    const client = await connect(options, { kubectl, workloads });
    expect(client.access.through).toBe('b/deployment/web');
    expect(kubectl.calls[0]?.args.slice(0, 4)).toEqual(['exec', '-n', 'b', 'deployment/web']);
    await expect(connect({ ...options, queryPod: 'web' })).rejects.toThrow(UserError);
    const gone = createLocalKubectl(() => ({
      exitCode: 1,
      stderr: 'Error from server (NotFound): pods "x" not found',
    }));
    await expect(connect(options, { kubectl: gone, workloads })).rejects.toThrow(/query-pod b\/deployment\/web.*gone/);
  });
});

describe.skipIf(!has('curl'))('exec with the curl of this machine (skipped where there is none)', () => {
  const withoutWget = () => createLocalKubectl(({ argv }) => (argv[0] === 'wget' ? noSuchProgram('wget') : undefined));

  it('takes curl where there is no wget', async () => {
    const body = '{"status":"error","errorType":"timeout","error":"query timed out"}';
    let broken = false;
    const server = await serve(() => (broken ? { status: 503, body } : { body: EMPTY_VECTOR }));
    const client = await connect({ url: server.url, access: 'exec' }, { kubectl: withoutWget(), workloads });
    expect((await client.instant('up', 1)).rows).toEqual([]);
    broken = true;
    await expect(client.instant('up', 1)).rejects.toMatchObject({ kind: 'too large', message: /query timed out/ });
  });

  it('sends token and headers through standard input, never in an argument list, never by wget', async () => {
    const server = await serve();
    const kubectl = createLocalKubectl();
    const headers = { 'X-Scope-OrgID': 'a"b\\c' };
    const options = { url: server.url, access: 'exec', token: 's3cret', headers, queryPod: 'a/api-1' } as const;
    await connect(options, { kubectl, workloads });
    expect(server.received[0]?.headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-scope-orgid': 'a"b\\c' });
    expect(kubectl.calls).toHaveLength(1);
    expect(JSON.stringify(kubectl.calls.map(({ args }) => args))).not.toMatch(/s3cret|a\\*"b/);
    expect(kubectl.calls[0]?.args).toContain('-i');
  });
});

describe('exec through the wget of busybox', () => {
  const answers = (stderr: string) =>
    createLocalKubectl(({ argv }) =>
      argv.at(-1)?.includes('vector')
        ? { stdout: EMPTY_VECTOR }
        : { exitCode: 1, stderr: `${stderr}\ncommand terminated with exit code 1` },
    );

  it('reads the status from what it says', async () => {
    const kubectl = answers('wget: server returned error: HTTP/1.1 422 Unprocessable Entity');
    const client = await connect({ url: 'http://prometheus', access: 'exec' }, { kubectl, workloads });
    await expect(client.instant('up', 1)).rejects.toMatchObject({ kind: 'too large' });
  });

  it('tells a time-out', async () => {
    const kubectl = answers('wget: download timed out');
    const client = await connect({ url: 'http://prometheus', access: 'exec' }, { kubectl, workloads });
    await expect(client.instant('up', 1)).rejects.toMatchObject({ kind: 'timed out' });
  });
});

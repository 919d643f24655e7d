import { describe, expect, it } from 'vitest';
import type { ApiPod } from '../../src/cluster/api-types.ts';
import { readList } from '../../src/cluster/read-list.ts';
import type { Kubectl, KubectlResult } from '../../src/kubectl/kubectl.ts';
import { generateCluster } from './generate-cluster.ts';
import { kubectlFor } from './kubectl-stand-in.ts';
import { pod } from './objects.ts';

const noPause = async () => {};
const request = { path: '/api/v1/pods' };
const nameOf = (item: ApiPod) => item.metadata?.name;
const lists = generateCluster({ namespaces: ['a'], deployments: 120, podsPerDeployment: 10 });

describe('a list', () => {
  it('comes in pages of 500, in order and once', async () => {
    const { kubectl, api } = kubectlFor({ lists });
    const list = await readList(kubectl, request, nameOf, noPause);
    expect(list.ok && new Set(list.items).size).toBe(1200);
    expect(api.requests).toEqual(
      ['', '&continue=500', '&continue=1000'].map((more) => `/api/v1/pods?limit=500${more}`),
    );
  });

  it('that expires on the way is read anew, and nothing of it twice', async () => {
    const { kubectl, api } = kubectlFor({ lists, expiringTokens: 2 });
    const list = await readList(kubectl, request, nameOf, noPause);
    expect(list.ok && [list.items.length, new Set(list.items).size]).toEqual([1200, 1200]);
    expect(api.requests.filter((path) => !path.includes('continue'))).toHaveLength(3);
  });

  it('that expires each time is given up', async () => {
    const { kubectl } = kubectlFor({ lists, expiringTokens: 99 });
    expect(await readList(kubectl, request, nameOf, noPause)).toMatchObject({
      ok: false,
      failure: { kind: 'expired list' },
    });
  });

  it('leaves out what the mapping leaves out', async () => {
    const { kubectl } = kubectlFor({ lists: { pods: [pod('a', 'x'), pod('a', 'y')] } });
    const list = await readList(
      kubectl,
      request,
      (item: ApiPod) => (nameOf(item) === 'y' ? 'kept' : undefined),
      noPause,
    );
    expect(list).toEqual({ ok: true, items: ['kept'] });
  });

  it('hands the selector over whole', async () => {
    const { kubectl, api } = kubectlFor({
      lists: { pods: [pod('a', 'x', { labels: { app: 'web' } }), pod('a', 'y')] },
    });
    const list = await readList(kubectl, { ...request, labelSelector: 'app=web,tier!=test' }, nameOf, noPause);
    expect(list).toEqual({ ok: true, items: ['x'] });
    expect(api.requests).toEqual(['/api/v1/pods?limit=500&labelSelector=app%3Dweb%2Ctier%21%3Dtest']);
  });
});

describe('an answer', () => {
  const unavailable = { exitCode: 1, stdout: '', stderr: 'Error from server (ServiceUnavailable): not ready' };
  const answering = (...answers: readonly KubectlResult[]): Kubectl => {
    const left = [...answers];
    return { run: async () => left.shift() ?? unavailable };
  };
  const body = (stdout: string) => ({ exitCode: 0, stdout, stderr: '' });

  it('that cannot be had for the moment is asked for again', async () => {
    const kubectl = answering(unavailable, unavailable, body('{"items":[{"metadata":{"name":"x"}}]}'));
    expect(await readList(kubectl, request, nameOf, noPause)).toEqual({ ok: true, items: ['x'] });
  });

  it('that cannot be had at all is a failure', async () => {
    expect(await readList(answering(), request, nameOf, noPause)).toMatchObject({
      ok: false,
      failure: { kind: 'unavailable' },
    });
  });

  it.each([
    '{"items":null,"metadata":{}}',
    '{"metadata":{"continue":""},"items":[]}',
    ' { "kind" : "PodList", "items" : [ ] } ',
  ])('may be empty: %s', async (text) => {
    expect(await readList(answering(body(text)), request, nameOf, noPause)).toEqual({ ok: true, items: [] });
  });

  it.each(['<html>log in</html>', '', '{"items":[{"metadata":{"na', '{"items":[{"metadata":oops}]}'])(
    'that is not JSON is said to be that: %s',
    async (text) => {
      await expect(readList(answering(body(text)), request, nameOf, noPause)).rejects.toThrow(
        '/api/v1/pods is not JSON',
      );
    },
  );

  it('passes on what the mapping throws', async () => {
    const fail = () => {
      throw new TypeError('a bug');
    };
    await expect(readList(answering(body('{"items":[{}]}')), request, fail, noPause)).rejects.toThrow(TypeError);
  });
});

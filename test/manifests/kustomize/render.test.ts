import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openRenderers, type RenderingOptions } from '../../../src/manifests/open-renderers.ts';
import { CHILD_LIMITS } from '../../../src/manifests/rendering/run-closed.ts';

const folder = mkdtempSync(join(tmpdir(), 'render-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Renderers whose kubectl is a line of shell, in a folder of their own. */
function standIn(name: string, line: string, options: Partial<RenderingOptions> = {}) {
  const [path, parent] = [join(folder, name, 'bin'), join(folder, name, 'parent')];
  for (const one of [path, parent]) mkdirSync(one, { recursive: true });
  writeFileSync(join(path, 'kubectl'), `#!/bin/sh\n${line}\n`);
  chmodSync(join(path, 'kubectl'), 0o755);
  return { parent, ...openRenderers({ path, parent, elapsed: () => 0, ...options }) };
}

const files = new Map([['rel/kustomization.yaml', 'resources: []\n']]);

test('runs only "kustomize" and the folder, without a network, a kubeconfig or the secrets of the environment', async () => {
  process.env.INPUT_GITHUB_TOKEN = 'secret';
  const { kustomize } = standIn('env', 'echo "args: $*"; /usr/bin/env; echo "here: $(/bin/ls -a "$HOME")"');
  const rendering = await kustomize.render(files, 'rel/');
  delete process.env.INPUT_GITHUB_TOKEN;
  const text = rendering.state === 'rendered' ? rendering.documents.join('') : '';
  expect(text).toMatch(/^args: kustomize \S+\/rel\/?$/m);
  expect(text).toMatch(/^HTTPS_PROXY=http:\/\/127\.0\.0\.1:9$/m);
  expect(text).toMatch(/^GIT_ALLOW_PROTOCOL=none$/m);
  expect(text).toMatch(/^KUBECONFIG=\/dev\/null$/m);
  expect(text).toMatch(/^here: \.\n\.\.$/m);
  expect(text).not.toContain('secret');
});

test('leaves nothing behind, whether it worked or not', async () => {
  for (const line of ['echo broken >&2; exit 1', 'true']) {
    const { kustomize, parent, close } = standIn('leaves', line);
    await kustomize.render(files, 'rel/');
    close();
    expect(readdirSync(parent)).toEqual([]);
  }
});

test('says what went wrong, without the names of scratch folders', async () => {
  const { kustomize } = standIn('says', 'echo "error: $2: no such thing" >&2; exit 1');
  expect(await kustomize.render(files, 'rel/')).toEqual({ state: 'failed', why: 'error: rel/: no such thing' });
  const missing = openRenderers({ path: '', parent: folder, elapsed: () => 0 });
  expect(await missing.kustomize.render(files, 'rel/')).toEqual({ state: 'missing' });
});

test.each([
  ['takes too long', 'exec /bin/sleep 60', { seconds: 0.2 }, 'it took more than 0.2 s'],
  ['starts what takes too long', '/bin/sleep 60 & wait', { seconds: 0.2 }, 'it took more than 0.2 s'],
  ['says too much', 'exec /usr/bin/yes', { output: 1024 * 1024 }, 'it gives more than 1 MB'],
])('ends what %s', async (name, line, limit, why) => {
  const { kustomize } = standIn(name.replaceAll(' ', '-'), line, { limits: { ...CHILD_LIMITS, ...limit } });
  expect(await kustomize.render(files, 'rel/')).toEqual({ state: 'over', why });
});

test.each(['../outside.yaml', 'a/../../outside.yaml', '/outside.yaml', 'a\\..\\outside.yaml'])(
  'writes nothing outside its copy: %s',
  async (outside) => {
    const { kustomize } = standIn('writes', 'true');
    const rendering = await kustomize.render(new Map([...files, [outside, 'x']]), 'rel/');
    expect(rendering).toEqual({ state: 'failed', why: `${outside} cannot be copied to be rendered` });
  },
);

test('renders no more than a run may', async () => {
  let now = 0;
  const { kustomize } = standIn('budget', 'true', { elapsed: () => now });
  expect(await kustomize.render(files, 'rel/')).toMatchObject({ state: 'rendered' });
  now = 301;
  expect(await kustomize.render(files, 'rel/')).toEqual({
    state: 'over',
    why: expect.stringContaining('more than 300 s in all'),
  });
});

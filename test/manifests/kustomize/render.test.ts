import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createKustomize } from '../../../src/manifests/kustomize/render.ts';

const folder = mkdtempSync(join(tmpdir(), 'render-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const scratch = join(folder, 'scratch');
mkdirSync(scratch);

/** A stand-in for kubectl that runs a line of shell. */
function program(name: string, line: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
  return path;
}

const files = new Map([['rel/kustomization.yaml', 'resources: []\n']]);
const path = process.env.PATH ?? '';

test('runs only "kustomize" and the folder, without a network, a kubeconfig or the secrets of the environment', async () => {
  process.env.INPUT_GITHUB_TOKEN = 'secret';
  const binary = program('env', 'echo "args: $*"; env');
  const rendering = await createKustomize({ scratch, path, binary }).render(files, 'rel/');
  delete process.env.INPUT_GITHUB_TOKEN;
  const text = 'text' in rendering ? rendering.text : '';
  expect(text).toMatch(/^args: kustomize \S+\/rel\/?$/m);
  expect(text).toMatch(/^HTTPS_PROXY=http:\/\/127\.0\.0\.1:9$/m);
  expect(text).toMatch(/^GIT_ALLOW_PROTOCOL=none$/m);
  expect(text).toMatch(/^KUBECONFIG=\/dev\/null$/m);
  expect(text).not.toContain('secret');
});

test('leaves nothing behind, whether it worked or not', async () => {
  await createKustomize({ scratch, path, binary: program('fails', 'echo broken >&2; exit 1') }).render(files, 'rel/');
  await createKustomize({ scratch, path, binary: program('works', 'true') }).render(files, 'rel/');
  expect(readdirSync(scratch)).toEqual([]);
});

test('says what went wrong, without the names of scratch folders', async () => {
  const failing = createKustomize({
    scratch,
    path,
    binary: program('says', 'echo "error: $PWD/rel: no such thing" >&2; exit 1'),
  });
  expect(await failing.render(files, 'rel/')).toEqual({ failed: 'error: rel: no such thing' });
  const missing = createKustomize({ scratch, path, binary: join(folder, 'none') });
  expect(await missing.render(files, 'rel/')).toEqual({ failed: 'kubectl is not installed' });
});

test('ends what takes too long', async () => {
  const slow = createKustomize({ scratch, path, binary: program('slow', 'exec sleep 60'), timeoutSeconds: 0.2 });
  expect(await slow.render(files, 'rel/')).toEqual({ failed: 'rendering took too long' });
});

test.each(['../outside.yaml', 'a/../../outside.yaml'])('writes nothing outside its copy: %s', async (outside) => {
  const kustomize = createKustomize({ scratch, path, binary: program('true', 'true') });
  await expect(kustomize.render(new Map([[outside, 'x']]), '')).rejects.toThrow(RangeError);
});

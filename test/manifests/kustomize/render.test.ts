import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { openRenderers, type RenderingOptions } from '../../../src/manifests/open-renderers.ts';
import { findProgram } from '../../../src/manifests/rendering/find-program.ts';
import type { Rendering } from '../../../src/manifests/rendering/rendering.ts';
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

async function textOf(rendering: Promise<Rendering>): Promise<string> {
  const result = await rendering;
  return result.state === 'rendered' ? result.documents.join('') : JSON.stringify(result);
}

/** A process that has ended and that nobody has asked for is not running. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const files = new Map([['rel/kustomization.yaml', 'resources: []\n']]);

test('runs only "kustomize" and the folder, without a network, a kubeconfig or the secrets of the environment', async () => {
  vi.stubEnv('INPUT_GITHUB_TOKEN', 'secret');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { kustomize } = standIn('env', 'echo "args: $*"; /usr/bin/env; echo "here: $(/bin/ls -a "$HOME")"');
  const text = await textOf(kustomize.render(files, 'rel/'));
  expect(text).toMatch(/^args: kustomize \S+\/rel\/?$/m);
  expect(text).toMatch(/^HTTPS_PROXY=http:\/\/127\.0\.0\.1:9$/m);
  expect(text).toMatch(/^GIT_ALLOW_PROTOCOL=none$/m);
  expect(text).toMatch(/^KUBECONFIG=\/dev\/null$/m);
  expect(text).toMatch(/^KUBERC=off$/m);
  expect(text).toMatch(/^KUBECTL_KUBERC=false$/m);
  expect(text).toMatch(/^GIT_CONFIG_GLOBAL=\/dev\/null$/m);
  expect(text).toMatch(/^GIT_CONFIG_NOSYSTEM=1$/m);
  expect(text).toMatch(/^here: \.\n\.\.$/m);
  expect(text).not.toContain('secret');
});

test('finds no other program', async () => {
  const { kustomize } = standIn('programs', 'for one in git bash helm ls; do command -v $one; done; echo end');
  expect(await textOf(kustomize.render(files, 'rel/'))).toBe('end\n');
});

const withPrlimit = findProgram('prlimit', '/usr/bin:/bin') !== undefined;

test.skipIf(!withPrlimit)('writes not a byte into a file (skipped where the system has no prlimit)', async () => {
  const line = '(echo x > "$HOME/file") 2> /dev/null; echo "size: $(/usr/bin/wc -c < "$HOME/file")"';
  const { kustomize } = standIn('writes', line);
  expect(await textOf(kustomize.render(files, 'rel/'))).toMatch(/^size: +0$/m);
});

test('ends with all that it started', async () => {
  const told = mkdtempSync(join(folder, 'told-'));
  const { kustomize } = standIn('starts', `/bin/sleep 60 & : > "${told}/$!"; wait`, {
    limits: { ...CHILD_LIMITS, seconds: 0.5 },
  });
  expect(await kustomize.render(files, 'rel/')).toMatchObject({ state: 'over' });
  const [pid] = readdirSync(told).map(Number);
  await vi.waitFor(() => expect(isRunning(pid ?? 0)).toBe(false));
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
  const line =
    'echo "E1124 15:39:34.123456   4711 run.go:72] \\"command failed\\" err=\\"$2: no \\\\\\"such\\\\\\" thing\\"" >&2; exit 1';
  const { kustomize: newer } = standIn('logs', line);
  expect(await newer.render(files, 'rel/')).toEqual({ state: 'failed', why: 'rel/: no "such" thing' });
  const head = 'E1125 12:00:00.000000       1 run.go:72]';
  const forms: [string, string][] = [
    [`${head} "command failed" err=<\n\tfirst: \`\n\tpatch: x\n\t\`: second\n >\n`, 'first: ` patch: x `: second'],
    [`# Warning: 'vars' is deprecated.\n${head} "command failed" err="a\\nb \\\\n"\n`, 'a b \\n'],
    [`W1125 12:00:00.000000       1 x.go:1] careful\n${head} "command failed" err="no" code=1\n`, 'no'],
    [`${head} no such thing\n${head} nor that\n`, 'no such thing nor that'],
  ];
  for (const [number, [said, why]] of forms.entries()) {
    const file = join(folder, `said-${number}.txt`);
    writeFileSync(file, said);
    const { kustomize: logging } = standIn(`form-${number}`, `/bin/cat ${file} >&2; exit 1`);
    expect(await logging.render(files, 'rel/')).toEqual({ state: 'failed', why });
  }
  const missing = openRenderers({ path: '', parent: folder, elapsed: () => 0 });
  expect(await missing.kustomize.render(files, 'rel/')).toEqual({ state: 'missing' });
});

test.each([
  ['takes too long', 'exec /bin/sleep 60', { seconds: 0.2 }, 'rendering it took more than 0.2 s'],
  ['starts what takes too long', '/bin/sleep 60 & wait', { seconds: 0.2 }, 'rendering it took more than 0.2 s'],
  ['says too much', 'exec /usr/bin/yes', { output: 1024 * 1024 }, 'rendering it prints more than 1 MB'],
])('ends what %s', async (name, line, limit, why) => {
  const { kustomize } = standIn(name.replaceAll(' ', '-'), line, { limits: { ...CHILD_LIMITS, ...limit } });
  expect(await kustomize.render(files, 'rel/')).toEqual({ state: 'over', why });
});

test.each(['../outside.yaml', 'a/../../outside.yaml', '/outside.yaml', 'a\\..\\outside.yaml'])(
  'copies only what is loaded, and nothing outside: %s',
  async (outside) => {
    const { kustomize } = standIn('copies', 'cd "$2/.." && /usr/bin/find . -type f');
    const rendering = await kustomize.render(new Map([...files, [outside, 'x']]), 'rel/');
    expect(rendering).toEqual({ state: 'rendered', documents: ['./rel/kustomization.yaml\n'] });
  },
);

test('takes no list of transformers for whole of which a part would be fetched', async () => {
  const { kustomize } = standIn('lists', 'exit 0');
  const texts = {
    'rel/kustomization.yaml': 'transformers: [../t]\n',
    't/kustomization.yaml': 'resources: [l.yaml, "https://example.com/t.yaml"]\n',
    't/l.yaml': 'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: {a: b}\n',
  };
  expect(await kustomize.render(new Map(Object.entries(texts)), 'rel/')).toMatchObject({ state: 'failed' });
  const whole = { ...texts, 't/kustomization.yaml': 'resources: [l.yaml]\n' };
  expect(await kustomize.render(new Map(Object.entries(whole)), 'rel/')).toMatchObject({ state: 'rendered' });
});

test('copies no name of what it leaves out', async () => {
  const { kustomize } = standIn('prints', '/bin/cat "$2/kustomization.yaml"');
  const text = 'resources: ["https://example.com/a", web.yaml]\nhelmCharts: [{name: x, repo: "oci://example.com"}]\n';
  const given = new Map([...files, ['rel/kustomization.yaml', text] as const, ['rel/web.yaml', 'a: 1\n'] as const]);
  const rendering = await kustomize.render(given, 'rel/');
  expect(rendering).toEqual({ state: 'rendered', documents: ['{"resources":["./web.yaml"]}\n'] });
});

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

import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeRecording } from '../../src/record/recording.ts';
import { goldenIn } from '../golden.ts';
import { LIVE } from './cases/limits.ts';
import { observed } from './live.ts';
import { deployment, LIMIT } from './manifests.ts';
import { type Branches, type Change, type GateRun, openPullRequest, type Seen } from './pull-request.ts';
import { reportsOf } from './reports.ts';
import { placeOf, tell } from './tell.ts';

const golden = goldenIn(import.meta.url);

const CART = 'deploy/cart.yaml';
const CONFIG = '.github/memory-inspector.yml';
const JSON_REPORT = 'reports/memory/2025-12-25.json';
const lowered = { base: { [CART]: deployment() }, head: { [CART]: deployment({ limit: '1200Mi' }) } };
/** Three days after the report. */
const LATER = { at: '2025-12-28T22:00:00Z' };

async function play(branches: Branches, run: GateRun): Promise<Seen> {
  const pull = await openPullRequest(branches);
  try {
    return await pull.run(run);
  } finally {
    await pull.close();
  }
}

/** A PATH with nothing but git. */
function onlyGit(): string {
  const bin = mkdtempSync(join(tmpdir(), 'bin-'));
  const git = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'git'));
  symlinkSync(git.find((file) => existsSync(file)) ?? '/usr/bin/git', join(bin, 'git'));
  return bin;
}

const isRed = { outcome: 'findings', 'gate-verdict': 'red' };

describe('a pull request from outside', () => {
  test.each(['fork', 'Dependabot'] as const)('from a %s is judged by the report of the base', async (from) => {
    const base = { ...lowered.base, ...(await reportsOf(LIVE)) };
    const seen = await play({ ...lowered, base }, { event: { from }, inputs: LATER });
    expect(seen.outputs, tell(seen)).toMatchObject(isRed);
    expect(seen.annotations.map(placeOf)).toEqual([`error ${CART}:${LIMIT}`]);
    expect(seen.comments).toEqual([]);
    golden(`${from}.md`, tell(seen));
  });

  test('is held against what the workload used whose place a renamed one takes', async () => {
    const base = { ...lowered.base, ...(await reportsOf(LIVE)) };
    const renamed = deployment({ limit: '1200Mi' })
      .replaceAll('cart', 'basket')
      .replace('example/basket', 'example/cart');
    const seen = await play({ base, head: { [CART]: renamed } }, { event: { from: 'fork' }, inputs: LATER });
    expect(seen.outputs, tell(seen)).toMatchObject(isRed);
    expect(seen.annotations.map(placeOf)).toEqual([`error ${CART}:${LIMIT}`]);
  });

  test('cannot edit or remove that report', async () => {
    const reports = await reportsOf(LIVE);
    const base = { ...lowered.base, ...reports };
    const better = await reportsOf(observed([{ name: 'cart', uses: 10 }]));
    for (const given of [better[JSON_REPORT] ?? '', null]) {
      const head = { ...lowered.head, [JSON_REPORT]: given };
      const seen = await play({ base, head }, { event: { from: 'fork' }, inputs: LATER });
      expect(seen.outputs, tell(seen)).toMatchObject(isRed);
    }
  });

  test('cannot add a report of its own', async () => {
    const base = { ...lowered.base, ...(await reportsOf(LIVE)) };
    const better = await reportsOf(observed([{ name: 'cart', uses: 10 }]));
    const newer = (better[JSON_REPORT] as string).replaceAll('2025-12-25', '2025-12-27');
    const head = { ...lowered.head, 'reports/memory/2025-12-27.json': newer };
    const seen = await play({ base, head }, { event: { from: 'fork' }, inputs: LATER });
    expect(seen.outputs, tell(seen)).toMatchObject(isRed);
  });

  test('is not known without a report, which passes unless asked otherwise', async () => {
    const passes = await play(lowered, { event: { from: 'fork' }, inputs: LATER });
    expect(passes.outputs, tell(passes)).toMatchObject({ outcome: 'ok', 'gate-verdict': 'unknown' });
    const inputs = { ...LATER, 'gate-on-missing-data': 'fail' };
    const fails = await play(lowered, { event: { from: 'fork' }, inputs });
    expect(fails.outputs).toMatchObject({ outcome: 'incomplete', 'gate-verdict': 'unknown' });
    expect(fails.sentence).toBeDefined();
    golden('fork-without-a-report.md', tell(fails));
  });
});

describe('what the head cannot influence', () => {
  const lenient = [
    'usage-red: 99',
    'usage-yellow: 98',
    'fail-on: never',
    'ignore: [{match: {name: cart}, reason: mine}]',
    'manifests: ["nothing/*.yaml"]',
    'recording: mine.json',
  ];

  test.each(lenient)('%s in its config file', async (line) => {
    const head = { ...lowered.head, [CONFIG]: `${line}\n` };
    const seen = await play({ ...lowered, head }, { cluster: LIVE });
    expect(seen.outputs, tell(seen)).toMatchObject(isRed);
    expect(seen.sentence).toBeDefined();
  });

  test('a recording of its own', async () => {
    const said = (uses: number) => encodeRecording(observed([{ name: 'cart', uses }]), 'seen.json').toString();
    const base = { ...lowered.base, 'seen.json': said(1250) };
    for (const changed of [{}, { 'seen.json': said(10) }] as readonly Change[]) {
      const seen = await play({ base, head: { ...lowered.head, ...changed } }, { inputs: { recording: 'seen.json' } });
      expect(seen.sentence, tell(seen)).toBeDefined();
      expect(seen.outputs['gate-verdict']).toMatch(/red|unknown/);
    }
  });

  test('a config file that it removes, and one that it breaks', async () => {
    const base = { ...lowered.base, [CONFIG]: 'usage-red: 50\nusage-yellow: 40\n' };
    for (const config of [null, ': : :\n']) {
      const head = { [CART]: deployment({ limit: '2048Mi' }), [CONFIG]: config };
      const seen = await play({ base, head }, { cluster: LIVE });
      expect(seen.outputs, tell(seen)).toMatchObject(isRed);
    }
  });

  test.each([
    ['resources', 'resources: [../base, ../../../../../../etc/passwd]\n'],
    ['a generator', 'resources: [../base]\nconfigMapGenerator: [{name: x, files: [/etc/passwd]}]\n'],
    ['a patch', 'resources: [../base]\npatches: [{path: /etc/passwd}]\n'],
    ['a symbolic link', 'resources: [../base, link.yaml]\n'],
  ])('reading a file of the runner by %s shows nothing of it', async (_, text) => {
    const overlay = 'deploy/rel/kustomization.yaml';
    const base = {
      'deploy/base/kustomization.yaml': 'resources: [cart.yaml]\n',
      'deploy/base/cart.yaml': deployment({ namespace: null }),
      [overlay]: 'namespace: shop\nresources: [../base]\n',
    };
    const head = { [overlay]: `namespace: shop\n${text}`, 'deploy/rel/link.yaml': { link: '/etc/passwd' } };
    const seen = await play({ base, head }, { cluster: LIVE });
    expect(JSON.stringify(seen)).not.toMatch(/root:|:x:0:|nologin/);
    expect(seen.outputs.outcome, tell(seen)).toBe('incomplete');
  });
});

describe('the runs that reach nobody', () => {
  test('no manifest touched: green without kubectl, cluster or Prometheus', async () => {
    const branches = { base: { [CART]: deployment(), 'README.md': 'Shop\n' }, head: { 'README.md': 'The shop\n' } };
    const seen = await play(branches, { path: onlyGit() });
    expect(seen.sentence, tell(seen)).toBeUndefined();
    expect(seen.outputs).toMatchObject({ outcome: 'ok', 'gate-verdict': 'green' });
  });

  test('a cluster that does not answer: judged by the report of the base, which says why', async () => {
    const base = { ...lowered.base, ...(await reportsOf(LIVE)) };
    const seen = await play({ ...lowered, base }, { inputs: LATER, path: onlyGit() });
    expect(seen.outputs, tell(seen)).toMatchObject(isRed);
    expect(seen.annotations.map(placeOf)).toEqual([`error ${CART}:${LIMIT}`]);
    expect(seen.comments).toHaveLength(1);
    golden('cluster-not-reached.md', tell(seen));
  });

  test('a cluster that does not answer, and no report: passes as not known, unless asked otherwise', async () => {
    const seen = await play(lowered, { path: onlyGit() });
    expect(seen.outputs, tell(seen)).toMatchObject({ outcome: 'ok', 'gate-verdict': 'unknown' });
    const failing = await play(lowered, { path: onlyGit(), inputs: { 'gate-on-missing-data': 'fail' } });
    expect(failing.outputs, tell(failing)).toMatchObject({ outcome: 'incomplete', 'gate-verdict': 'unknown' });
    expect(failing.sentence).toContain('gate-on-missing-data');
  });

  test('pull_request_target is refused, with the reason', async () => {
    const seen = await play(lowered, { cluster: LIVE, event: { name: 'pull_request_target' } });
    expect(seen.outputs.outcome).toBe('error');
    expect(seen.sentence).toContain('pull_request_target');
    golden('pull-request-target.md', tell(seen));
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PullRequestResult } from '../../src/model/delivery.ts';
import type { BundleRun } from '../bundle/run-bundle.ts';
import { DAY, HOUR, Loop, type Scene } from './loop-scenes.ts';

// The pods are made now, as the API server sees it; what comes of them lies ahead.
const START = Math.floor(Date.now() / 1000 / HOUR) * HOUR;
const MERGED = START + 2 * HOUR;
const APPLIED = START + 3 * HOUR;
const KILLED = START + 20 * HOUR;
const NEXT_DAY = START + 28 * HOUR;
const TAKEN_BACK = NEXT_DAY + 2 * HOUR;
const LAST_DAY = START + 9 * DAY + 6 * HOUR;

const LONG_AGO = START - 20 * DAY;

/** Lower on every other day before: what has been flat near its limit for a week is tight, and not red. */
function isLower(time: number): boolean {
  const hours = (START - time) / HOUR - 23.5;
  return hours >= 0 && hours % 48 <= 25;
}

const SCENES: readonly Scene[] = [
  { name: 'nacos', limit: 2000, request: 1000, from: LONG_AGO, uses: () => 2017 },
  { name: 'cache', limit: 4096, request: 512, from: LONG_AGO, uses: () => 500 },
  {
    name: 'checkout',
    limit: 1000,
    request: 800,
    from: LONG_AGO,
    uses: (time) => (isLower(time) ? 850 : 950),
    application: 'shop',
  },
];

let loop: Loop;

beforeAll(async () => {
  loop = await Loop.start(SCENES, START);
});
afterAll(() => loop?.close());

const pulls = () => loop.repository.github.pulls;
const opened = (run: BundleRun) =>
  (JSON.parse(run.outputs['pull-requests'] ?? '[]') as PullRequestResult[]).map(({ title }) => title);
const numberOf = (title: string) => pulls().find((one) => one.title.startsWith(title))?.number ?? 0;
const toldOf = (title: string) => loop.commentsOf(numberOf(title));

const NACOS = 'Raise memory of loop/nacos';
const CACHE = 'Lower memory of loop/cache';
const CHECKOUT = 'Raise memory of loop/checkout';
const REVERT = 'Revert memory of loop/cache';

/** Each test is a day of the same cluster: nacos is raised, the cache lowered too far, and checkout's raise never synced. */
describe('changes of the action, merged', { timeout: 240_000 }, () => {
  it('were proposed for what is red, and for what has too much', async () => {
    const run = await loop.run(START);
    expect(run.outputs, run.log).toMatchObject({ outcome: 'findings', verdict: 'red' });
    expect(opened(run).toSorted()).toEqual([
      `${CACHE}: limit 4096Mi → 768Mi`,
      `${CHECKOUT}: limit 1000Mi → 1280Mi`,
      `${NACOS}: limit 2000Mi → 2560Mi, request 1000Mi → 1536Mi`,
    ]);
  });

  it('are looked at an hour after `kubectl apply` of main, or told what they wait for', async () => {
    for (const title of [NACOS, CACHE, CHECKOUT]) await loop.merge(numberOf(title), MERGED);
    await loop.rollOut('nacos', { from: APPLIED, uses: () => 2017 });
    await loop.rollOut('cache', { from: APPLIED, uses: () => 520 });
    const run = await loop.run(APPLIED + 90 * 60);
    expect(opened(run), run.log).toEqual([]);
    expect(run.code).toBe(0);
    expect(toldOf(NACOS)).toEqual([expect.stringContaining('2020Mi of 2560Mi (79 %), no OOM kill')]);
    expect(toldOf(NACOS)[0]).toContain(`✅ Rolled out: ${minuteOf(APPLIED)}`);
    expect(toldOf(CACHE)).toEqual([expect.stringContaining('523Mi of 768Mi (68 %), no OOM kill')]);
    expect(run.summary).toMatch(/ \| 101 % → 79 %, no OOM kill since \| /);
    expect(run.summary).toContain('`Application argocd/shop` is `OutOfSync, auto-sync off`');
    // It is no news yet.
    expect(toldOf(CHECKOUT)).toEqual([]);
  });

  it('are told once: a second run writes no comment and no pull request', async () => {
    const { requests } = loop.repository.github;
    const before = requests.length;
    const run = await loop.run(APPLIED + 91 * 60);
    expect(opened(run), run.log).toEqual([]);
    const writes = requests.slice(before).filter(({ write, path }) => write && /\/(comments|pulls)\b/.test(path));
    expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('are taken back where they killed, and reminded of where Argo CD never synced', async () => {
    loop.kill('cache', KILLED);
    const run = await loop.run(NEXT_DAY);
    expect(opened(run), run.log).toEqual([`${REVERT}: limit 768Mi → 4096Mi`]);
    expect(run.code).toBe(1);
    expect(run.log).toContain('made it worse');
    expect(run.log).toMatch(/was merged 26 hours ago and does not run yet/);
    expect(pulls().find(({ title }) => title.startsWith(REVERT))?.body).toContain(`#${numberOf(CACHE)}`);
    expect(toldOf(CACHE)).toEqual([expect.stringMatching(/Merge \[#\d+\]\(\S+\) to take it back/)]);
    expect(toldOf(CHECKOUT)).toEqual([expect.stringContaining('Argo CD has not applied it')]);
  });

  it('are confirmed after seven days, the one that took back among them', async () => {
    await loop.merge(numberOf(REVERT), NEXT_DAY + HOUR);
    await loop.rollOut('cache', { from: TAKEN_BACK, uses: () => 520 });
    const between = await loop.run(TAKEN_BACK + DAY);
    expect(opened(between), between.log).toEqual([]);
    expect(toldOf(CACHE)[0]).toMatch(/↩️ taken back by \[#\d+\]/);
    const run = await loop.run(LAST_DAY);
    expect(opened(run), run.log).toEqual([]);
    expect(toldOf(NACOS)).toEqual([expect.stringContaining('✅ confirmed, and no peak has passed the new limit')]);
    expect(toldOf(REVERT)).toEqual([expect.stringContaining('✅ confirmed')]);
    expect(toldOf(CACHE)).toEqual([expect.stringContaining(`✅ Rolled out: ${minuteOf(APPLIED)}`)]);
    expect(toldOf(CHECKOUT)).toEqual([expect.stringContaining('⬜ Rolled out')]);
    expect(pulls()).toHaveLength(4);
  });

  it('are counted in the index of the reports', () => {
    const index = loop.readMain('reports/memory/README.md');
    expect(index).toContain('| suggested | open | declined | merged | ✅ confirmed | ↩️ reverted |');
    expect(index).toContain('| 4 | 0 | 0 | 4 | 2 | 1 |');
  });
});

function minuteOf(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

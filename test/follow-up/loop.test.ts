import { afterEach, describe, expect, test } from 'vitest';
import type { DeliveryStatus } from '../../src/model/delivery-status.ts';
import { DAY, HOUR, manifestOf, type PodCourse, type Sizes } from './observe.ts';
import { begin, type Operations, PATH, START } from './operations.ts';

const open: Operations[] = [];
afterEach(async () => {
  for (const { stage } of open.splice(0)) await stage.close();
});

async function start(sizes: Sizes, used: PodCourse['used'], kills: readonly number[] = []): Promise<Operations> {
  const operations = await begin(sizes, used, kills);
  open.push(operations);
  return operations;
}

/** What was written to pull requests. */
function writesSince({ stage }: Operations, count: number): string[] {
  return stage.server.requests
    .slice(count)
    .filter(({ write, path }) => write && /\/(comments|pulls)\b/.test(path))
    .map(({ method, path }) => `${method} ${path}`);
}

describe('nacos at 2017Mi of 2000Mi', () => {
  test('is raised, merged, rolled out and confirmed after seven days', async () => {
    const operations = await start({ limit: 2000, request: 1000 }, () => 2017);
    const first = await operations.run(START);
    expect(first.pullRequests).toMatchObject([{ state: 'opened', number: 1 }]);

    await operations.merge(1, START + 2 * HOUR);
    const waiting = await operations.run(START + 3 * HOUR);
    expect(waiting.pullRequests).toEqual([]);
    expect(operations.commentsOf(1)).toEqual([]);

    await operations.apply(START + 4 * HOUR, () => 2017);
    await operations.run(START + 6 * HOUR);
    expect(operations.commentsOf(1)).toHaveLength(1);
    const afterAnHour = operations.commentsOf(1)[0];
    const told = operations.stage.server.requests.length;
    await operations.run(START + 7 * HOUR);
    expect(operations.commentsOf(1)).toEqual([afterAnHour]);
    expect(writesSince(operations, told)).toEqual([]);

    await operations.run(START + 2 * DAY);
    expect(operations.commentsOf(1)).toHaveLength(1);
    expect(operations.commentsOf(1)[0]).not.toBe(afterAnHour);
    const last = await operations.run(START + 9 * DAY);
    expect(operations.commentsOf(1)).toHaveLength(1);
    expect(operations.commentsOf(1)[0]).toContain('confirmed');
    expect(last.summary).toContain('## Follow-up');
    expect(operations.pulls).toHaveLength(1);

    const settled = operations.commentsOf(1);
    const requests = operations.stage.server.requests.length;
    await operations.run(START + 10 * DAY);
    expect(operations.commentsOf(1)).toEqual(settled);
    expect(writesSince(operations, requests)).toEqual([]);
  });
});

describe('a limit that was lowered too far', () => {
  const SIZES = { limit: 4096, request: 512 };

  test('is taken back by a pull request, and that is confirmed', async () => {
    const operations = await start(SIZES, () => 500);
    const inputs = { tighten: 'pull-request' };
    await operations.run(START, inputs);
    expect(operations.pulls).toMatchObject([{ number: 1, state: 'open' }]);
    await operations.merge(1, START + HOUR);
    const lowered = START + 2 * HOUR;
    const killed = lowered + 20 * HOUR;
    await operations.apply(lowered, () => 520, [killed]);

    const seen = await operations.run(START + DAY, inputs);
    expect(seen.pullRequests).toMatchObject([{ state: 'opened', number: 2 }]);
    expect(operations.pulls[1]).toMatchObject({
      title: expect.stringMatching(/^Revert memory of pigo-rel\/nacos: limit \S+ → 4096Mi/),
    });
    expect(operations.pulls[1]?.body).toContain('was OOM-killed since #');
    expect(operations.commentsOf(1)).toHaveLength(1);

    await operations.merge(2, START + DAY + HOUR);
    await operations.apply(START + DAY + 2 * HOUR, () => 520);
    expect(operations.template).toEqual(SIZES);
    await operations.run(START + 2 * DAY + 3 * HOUR, inputs);
    await operations.run(START + 9 * DAY, inputs);
    const end = await operations.run(START + 10 * DAY, inputs);
    const [told] = operations.commentsOf(1);
    expect(told).toContain('taken back');
    expect(told).toContain('✅ Rolled out: 2026-03-02 08:00');
    expect(told).toContain('✅ 1 hour later: looked at 2026-03-03 06:00');
    expect(told).toContain('⬜ 7 days later: not looked at any more');
    expect(end.summary).toMatch(/\| ✅ 03-02 08:00 \|[^\n]* taken back by/);
    expect(operations.commentsOf(2)[0]).toContain('confirmed');
    // What was tried and taken back is not tried again.
    expect(end.pullRequests).toEqual([]);
    expect(operations.pulls).toHaveLength(2);
  });

  test('is only reported with `revert: report`, and what is needed is suggested as ever', async () => {
    const operations = await start(SIZES, () => 500);
    const inputs = { tighten: 'pull-request', revert: 'report' };
    await operations.run(START, inputs);
    await operations.merge(1, START + HOUR);
    await operations.apply(START + 2 * HOUR, () => 520, [START + 22 * HOUR]);
    const seen = await operations.run(START + DAY, inputs);
    expect(seen.pullRequests).toMatchObject([{ state: 'opened', title: expect.stringMatching(/^Raise memory/) }]);
    expect(seen.summary).toContain('**worse**');
  });

  test('is not taken back again where a person said no to that', async () => {
    const operations = await start(SIZES, () => 500);
    const inputs = { tighten: 'pull-request' };
    await operations.run(START, inputs);
    await operations.merge(1, START + HOUR);
    await operations.apply(START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
    await operations.run(START + DAY, inputs);
    operations.stage.setTime(START + DAY + HOUR);
    operations.stage.server.closePull(2);
    const seen = await operations.run(START + 2 * DAY, inputs);
    expect(seen.pullRequests).toMatchObject([{ state: 'declined', number: 2 }]);
    expect(operations.pulls).toHaveLength(2);
  });
});

describe('a leak that is raised', () => {
  test('is killed all the same: the raise is taken back, once, and not tried again', async () => {
    const operations = await start({ limit: 2000, request: 1000 }, () => 1990, [START - 3 * HOUR]);
    await operations.run(START);
    expect(operations.pulls).toMatchObject([{ number: 1, title: expect.stringMatching(/^Raise/) }]);
    await operations.merge(1, START + HOUR);
    await operations.apply(START + 2 * HOUR, () => 2500, [START + 18 * HOUR]);
    const seen = await operations.run(START + DAY);
    expect(seen.pullRequests).toMatchObject([{ state: 'opened', number: 2 }]);
    expect(operations.pulls[1]?.body).toContain('which is what a leak looks like');
    await operations.merge(2, START + DAY + HOUR);
    await operations.apply(START + DAY + 2 * HOUR, () => 1990, [START + DAY + 12 * HOUR, START + 3 * DAY]);
    for (const days of [2, 3, 4, 9, 10]) {
      expect({ days, pulls: (await operations.run(START + days * DAY)).pullRequests }).toEqual({ days, pulls: [] });
    }
    expect(operations.pulls).toHaveLength(2);
  });
});

describe('a merge that nothing applies', () => {
  const ARGO: DeliveryStatus = {
    workload: { namespace: 'pigo-rel', group: 'apps', kind: 'Deployment', name: 'nacos' },
    by: 'Argo CD',
    object: 'Application argocd/pigo',
    status: 'OutOfSync, auto-sync off',
    settled: false,
  };

  test('is reminded of in the report, told once after a day, and never proposed again', async () => {
    const operations = await start({ limit: 2000, request: 1000 }, () => 2017);
    await operations.run(START);
    await operations.merge(1, START + HOUR);
    for (const days of [0.5, 2, 3, 4]) {
      const seen = await operations.run(START + days * DAY, {}, { deliveries: [ARGO] });
      expect({ days, pulls: seen.pullRequests }).toEqual({ days, pulls: [] });
      expect(seen.summary).toContain('OutOfSync, auto-sync off');
    }
    expect(operations.commentsOf(1)).toHaveLength(1);
    expect(operations.commentsOf(1)[0]).toContain('Application argocd/pigo');
    expect(operations.pulls).toHaveLength(1);
  });
});

describe('a change that somebody makes by hand', () => {
  test('in place of the pull request is followed the same way, on that pull request', async () => {
    const operations = await start({ limit: 2000, request: 1000 }, () => 2017);
    await operations.run(START);
    await operations.stage.server.commitFiles('main', { [PATH]: manifestOf('nacos', { limit: 3072, request: 2048 }) });
    await operations.apply(START + 2 * HOUR, () => 2017);
    const closing = await operations.run(START + 4 * HOUR);
    expect(closing.pullRequests).toMatchObject([{ state: 'closed', number: 1 }]);
    const next = await operations.run(START + DAY);
    expect(next.summary).toContain('2000Mi → 3072Mi');
    await operations.run(START + 9 * DAY);
    const [, told] = operations.commentsOf(1);
    expect(told).toContain('by hand');
    expect(told).toContain('confirmed');
    expect(operations.commentsOf(1)).toHaveLength(2);
  });

  test('where there never was a pull request is followed in the reports', async () => {
    const operations = await start({ limit: 2000, request: 1000 }, () => 2017);
    const inputs = { 'open-pull-requests': 'false' };
    await operations.run(START, inputs);
    await operations.stage.server.commitFiles('main', { [PATH]: manifestOf('nacos', { limit: 2560, request: 1536 }) });
    await operations.apply(START + 2 * HOUR, () => 2017);
    const first = await operations.run(START + DAY, inputs);
    expect(first.summary).toContain('## Follow-up');
    expect(first.summary).toContain('2000Mi → 2560Mi');
    const end = await operations.run(START + 9 * DAY, inputs);
    expect(end.summary).toMatch(/Follow-up[\s\S]*confirmed/);
  });
});

test('the run after the first one that followed a change writes nothing to its pull request', async () => {
  const operations = await start({ limit: 2000, request: 1000 }, () => 2017);
  await operations.run(START);
  await operations.merge(1, START + 2 * HOUR);
  await operations.apply(START + 4 * HOUR, () => 2017);
  await operations.run(START + 6 * HOUR);
  const count = operations.stage.server.requests.length;
  await operations.run(START + 6 * HOUR + 60);
  expect(writesSince(operations, count)).toEqual([]);
});

test('a second run commits nothing after one that opened a pull request, nor after one that closed it', async () => {
  const operations = await start({ limit: 2000, request: 1000 }, () => 2017);
  const { git, commitFiles } = operations.stage.server;
  await operations.run(START);
  const opened = await git.ref('refs/heads/main');
  expect(await operations.readMain('reports/memory/README.md')).toContain('| 1 | 1 | 0 | 0 | 0 | 0 |');
  await operations.run(START);
  expect(await git.ref('refs/heads/main')).toBe(opened);
  await commitFiles('main', { [PATH]: manifestOf('nacos', { limit: 3072, request: 2048 }) });
  await operations.apply(START + 2 * HOUR, () => 2017);
  const closing = await operations.run(START + DAY);
  expect(closing.pullRequests).toMatchObject([{ state: 'closed', number: 1 }]);
  const index = await operations.readMain('reports/memory/README.md');
  expect(index).toContain('| 1 | 0 | 0 | 0 | 0 | 0 |');
  await operations.run(START + DAY);
  expect(await operations.readMain('reports/memory/README.md')).toBe(index);
});

test('a report that was deleted takes nothing from what is followed', async () => {
  const operations = await start({ limit: 2000, request: 1000 }, () => 2017);
  await operations.run(START);
  await operations.merge(1, START + 2 * HOUR);
  await operations.apply(START + 4 * HOUR, () => 2017);
  await operations.run(START + DAY);
  const told = operations.commentsOf(1);
  const reports = { 'reports/memory/2026-03-02.json': null, 'reports/memory/2026-03-03.json': null };
  await operations.stage.server.commitFiles('main', { ...reports, 'reports/memory/README.md': null });
  await operations.run(START + DAY + HOUR);
  await operations.run(START + DAY + HOUR);
  expect(operations.commentsOf(1)).toEqual(told);
  const index = await operations.readMain('reports/memory/README.md');
  expect(index).toMatch(/suggested/i);
});

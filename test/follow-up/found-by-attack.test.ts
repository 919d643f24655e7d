import { afterEach, expect, test } from 'vitest';
import { DAY, HOUR } from './observe.ts';
import { START } from './operations.ts';
import { closeAll, FULL, GROUPED, lowered, start, TIGHT, WIDE } from './several.ts';

afterEach(closeAll);

test('several containers in one pull request of which one got worse: only that one is taken back', async () => {
  const several = await start({ good: WIDE, nacos: WIDE });
  await several.run(START, GROUPED);
  expect(several.pulls).toHaveLength(1);
  await several.merge(1, START + HOUR);
  await several.apply('good', START + 2 * HOUR, () => 510);
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
  const seen = await several.run(START + DAY, GROUPED);
  expect(seen.pullRequests).toMatchObject([{ state: 'opened', number: 2 }]);
  await several.merge(2, START + DAY + HOUR);
  await several.apply('nacos', START + DAY + 2 * HOUR, () => 520);
  await several.run(START + 3 * DAY, GROUPED);
  await several.run(START + 9 * DAY, GROUPED);
  const [told = ''] = several.commentsOf(1);
  expect(told.split('\n').find((line) => line.includes('/good'))).toContain('confirmed');
  expect(told.split('\n').find((line) => line.includes('/nacos'))).toContain('taken back');
});

test('several containers in one pull request a raise beside a taking back can still make it worse', async () => {
  const used = (time: number) => (time < START + 12 * HOUR ? 1100 : 1990);
  const several = await start({
    leak: { limit: 2000, request: 1024, used, kills: [START + 18 * HOUR] },
    nacos: WIDE,
  });
  await several.run(START, GROUPED);
  await several.merge(1, START + HOUR);
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
  await several.run(START + DAY, GROUPED);
  expect(several.pulls[1]).toMatchObject({ number: 2, title: expect.stringContaining('2 workloads') });
  await several.merge(2, START + DAY + HOUR);
  await several.apply('nacos', START + DAY + 2 * HOUR, () => 520);
  await several.apply('leak', START + DAY + 2 * HOUR, () => 2500, [START + DAY + 20 * HOUR]);
  await several.run(START + 2 * DAY, GROUPED);
  expect(several.pulls.slice(2)).toMatchObject([{ title: expect.stringMatching(/^Revert memory of pigo-rel\/leak/) }]);
});

test('a change by hand that is taken back is not brought back', async () => {
  const several = await start({ nacos: WIDE });
  await several.run(START);
  await several.set('nacos', { limit: 768, request: 512 });
  await several.apply('nacos', START + 2 * HOUR, () => 520);
  const seen = await several.run(START + DAY);
  expect(seen.summary).toContain('by hand');
  const { template, pods } = several.scenes.get('nacos') ?? { template: WIDE, pods: [] };
  const killed = pods.map((pod, n) => (n === 1 ? { ...pod, kills: [START + 28 * HOUR] } : pod));
  several.scenes.set('nacos', { name: 'nacos', template, pods: killed });
  await several.run(START + 2 * DAY);
  expect(several.pulls).toMatchObject([{ number: 1, title: expect.stringMatching(/^Revert/) }]);
  await several.merge(1, START + 2 * DAY + HOUR);
  await several.apply('nacos', START + 2 * DAY + 2 * HOUR, () => 4000, [START + 2 * DAY + 20 * HOUR]);
  await several.run(START + 3 * DAY);
  expect(several.pulls.filter(({ title }) => /^Revert|^Lower/.test(title))).toHaveLength(1);
});

test('a run that does not see what is followed of other namespaces tells nothing of it at the end', async () => {
  const several = await lowered();
  await several.apply('nacos', START + 2 * HOUR, () => 510);
  await several.run(START + DAY, TIGHT);
  const at = START + 8 * DAY;
  const cluster = {
    namespaces: ['other'],
    inspected: { namespaces: ['other'], except: [] },
    workloads: [],
    bounds: [],
    notes: [],
  };
  await several.run(at, TIGHT, { cluster, measurements: [], histories: [] });
  expect(several.commentsOf(1)[0]).not.toContain('not confirmed');
  await several.run(at + HOUR, TIGHT);
  expect(several.commentsOf(1)[0]).toContain('confirmed');
  expect(several.commentsOf(1)[0]).not.toContain('not confirmed');
});

test('a run that does not see what is followed whole tells no end of it', async () => {
  const several = await lowered();
  await several.apply('nacos', START + 2 * HOUR, () => 510);
  await several.run(START + DAY, TIGHT);
  const at = START + 8 * DAY;
  const notes = [
    { kind: 'incomplete', text: 'Prometheus did not answer.', partial: true, namespaces: ['pigo-rel'] } as const,
  ];
  await several.run(at, TIGHT, { measurements: [], histories: [], notes });
  await several.run(at + HOUR, TIGHT);
  expect(several.commentsOf(1)[0]).toContain('confirmed');
  expect(several.commentsOf(1)[0]).not.toContain('not confirmed');
});

test('a run that does not see what is followed because it looks at an earlier time takes nothing back', async () => {
  const several = await lowered();
  const early = several.observe(START + 90 * 60);
  await several.apply('nacos', START + 2 * HOUR, () => 510);
  await several.run(START + DAY, TIGHT);
  await several.run(START + DAY + HOUR, TIGHT, early);
  await several.run(START + 9 * DAY, TIGHT);
  expect(several.commentsOf(1)[0]).toContain('confirmed');
});

test('a body that a person emptied is followed all the same', async () => {
  const several = await lowered();
  for (const pull of several.pulls) pull.body = 'Mine.';
  await several.run(START + 90 * 60, TIGHT);
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
  const seen = await several.run(START + DAY, TIGHT);
  expect(seen.summary).toContain('**worse**');
  expect(several.commentsOf(1)[0]).toContain('Follow-up');
});

test('a body that a person emptied after a run saw it: its old values are in the report', async () => {
  const several = await lowered();
  await several.run(START + 90 * 60, TIGHT);
  for (const pull of several.pulls) pull.body = 'Mine.';
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
  await several.run(START + DAY, TIGHT);
  expect(several.pulls[1]).toMatchObject({ title: expect.stringMatching(/^Revert/) });
});

test('what was closed, and merged with a later pull request, is followed once', async () => {
  const several = await start({ nacos: FULL });
  await several.run(START);
  const calm = { nacos: { ...FULL, used: () => 500 } };
  for (const scene of several.scenes.values()) {
    const pods = scene.pods.map((pod) => ({ ...pod, used: (t: number) => (t > START + 8 * DAY ? 2017 : 900) }));
    several.scenes.set(scene.name, { ...scene, pods });
  }
  expect(calm).toBeDefined();
  for (let day = 1; day <= 6; day++) await several.run(START + day * DAY);
  expect(several.pulls[0]).toMatchObject({ state: 'closed' });
  await several.run(START + 9 * DAY);
  expect(several.pulls[1]).toMatchObject({ state: 'open' });
  await several.merge(2, START + 9 * DAY + HOUR);
  await several.apply('nacos', START + 9 * DAY + 2 * HOUR, () => 2017);
  const before = several.commentsOf(1).length;
  await several.run(START + 10 * DAY);
  expect(several.commentsOf(1)).toHaveLength(before);
});

test('where GitHub is not reached at first, a merged change is not taken for one by hand', async () => {
  const several = await start({ nacos: FULL });
  await several.run(START);
  await several.merge(1, START + HOUR);
  await several.apply('nacos', START + 2 * HOUR, () => 2017);
  several.stage.server.faults.add({
    on: ({ path }) => path.endsWith('/graphql'),
    times: 1,
    answer: { status: 200, body: { data: null, errors: [{ type: 'INTERNAL', message: 'Something went wrong' }] } },
  });
  await several.run(START + DAY).catch(() => undefined);
  several.stage.server.faults.clear();
  const seen = await several.run(START + 2 * DAY);
  expect(seen.summary).not.toContain('by hand');
});

test('what waits for more than two weeks is still followed', async () => {
  const several = await lowered();
  for (const days of [1, 5, 10, 13]) await several.run(START + days * DAY, TIGHT);
  const late = await several.run(START + 16 * DAY, TIGHT);
  expect(late.summary).toContain('## Follow-up');
  await several.apply('nacos', START + 17 * DAY, () => 520, [START + 17 * DAY + 20 * HOUR]);
  await several.run(START + 18 * DAY, TIGHT);
  expect(several.pulls[1]).toMatchObject({ title: expect.stringMatching(/^Revert/) });
});

import { afterEach, expect, test } from 'vitest';
import { readMarker, replaceMarker } from '../../src/deliver/marker.ts';
import { DAY, HOUR } from './observe.ts';
import { START } from './operations.ts';
import { closeAll, FULL, GROUPED, lowered, start, TIGHT, WIDE, worse } from './several.ts';

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

test('a taking back that a person closed is not asked for on the merged pull request', async () => {
  const several = await worse();
  await several.run(START + DAY, TIGHT);
  expect(several.commentsOf(1)[0]).toContain('to take it back');
  several.stage.setTime(START + DAY + HOUR);
  several.stage.server.closePull(2);
  await several.run(START + 2 * DAY, TIGHT);
  expect(several.commentsOf(1)[0]).not.toContain('to take it back');
});

test('a taking back is not what else is proposed for the container', async () => {
  const several = await worse();
  await several.run(START + DAY, { ...TIGHT, revert: 'report' });
  expect(several.pulls[1]).toMatchObject({ title: expect.stringMatching(/^Raise/) });
  expect(several.commentsOf(1)[0]).not.toContain('to take it back');
});

test('a taking back that is merged weeks later is told', async () => {
  const several = await worse();
  for (const days of [1, 2, 9]) await several.run(START + days * DAY, TIGHT);
  await several.merge(2, START + 25 * DAY);
  await several.apply('nacos', START + 25 * DAY + HOUR, () => 520);
  await several.run(START + 26 * DAY, TIGHT);
  expect(several.commentsOf(1)[0]).toContain('taken back');
});

test('a taking back is not proposed for ever', async () => {
  const several = await worse();
  await several.run(START + DAY, TIGHT);
  several.stage.setTime(START + DAY + HOUR);
  several.stage.server.closePull(2);
  for (const days of [20, 40, 50]) await several.run(START + days * DAY, TIGHT);
  const late = await several.run(START + 70 * DAY, TIGHT);
  expect(late.pullRequests.filter(({ title }) => title.startsWith('Revert'))).toEqual([]);
});

test('a taking back is not proposed for what is ignored', async () => {
  const several = await worse();
  const seen = several.observe(START + DAY);
  const workloads = seen.cluster.workloads.map((one) => ({ ...one, ignoreMarks: [{ text: 'We know' }] }));
  await several.run(START + DAY, TIGHT, { cluster: { ...seen.cluster, workloads } });
  expect(several.pulls).toHaveLength(1);
});

test('a taking back is not proposed for what a VPA has sized since', async () => {
  const several = await worse();
  const seen = several.observe(START + DAY);
  const workloads = seen.cluster.workloads.map((one) => ({ ...one, vpa: 'steered' as const }));
  await several.run(START + DAY, TIGHT, { cluster: { ...seen.cluster, workloads } });
  expect(several.pulls).toHaveLength(1);
});

test('a pod that is killed at the new limit while others wait for it is no mere waiting', async () => {
  const several = await lowered();
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
  const { pods = [], template } = several.scenes.get('nacos') ?? { template: WIDE };
  const waiting = pods.map(({ end: _, ...pod }) => pod);
  several.scenes.set('nacos', { name: 'nacos', template, pods: waiting });
  const seen = several.observe(START + DAY);
  const workloads = seen.cluster.workloads.map((one) => ({ ...one, replicas: 2, strategy: 'OnDelete' as const }));
  const told = await several.run(START + DAY, TIGHT, { cluster: { ...seen.cluster, workloads } });
  expect(told.summary).toContain('**worse**');
  expect(several.pulls[1]).toMatchObject({ title: expect.stringMatching(/^Revert/) });
});

test('what a person took back after a kill that no run had seen was worse', async () => {
  const several = await worse();
  await several.set('nacos', { limit: 4096, request: 512 });
  await several.apply('nacos', START + 22 * HOUR, () => 520);
  await several.run(START + DAY, TIGHT);
  expect(several.commentsOf(1)[0]).toContain('taken back');
});

test('a pod that is replaced for another reason hides no kill at the new limit', async () => {
  const several = await lowered();
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 8 * HOUR]);
  await several.apply('nacos', START + 20 * HOUR, () => 510);
  const seen = await several.run(START + DAY, TIGHT);
  expect(seen.summary).toContain('**worse**');
});

test('a leak whose raise was merged days after the kill that led to it is still known for one', async () => {
  const several = await start({ nacos: { ...FULL, used: () => 1990, kills: [START - 3 * HOUR] } });
  const inputs = { 'confirm-after': '1d' };
  await several.run(START, inputs);
  await several.merge(1, START + 4 * DAY);
  await several.apply('nacos', START + 4 * DAY + HOUR, () => 2500, [START + 4 * DAY + 18 * HOUR]);
  const seen = await several.run(START + 5 * DAY, inputs);
  expect(seen.summary).toContain('**worse**');
});

test('a worse change that somebody makes even worse was not taken back', async () => {
  const several = await lowered();
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
  await several.run(START + DAY, TIGHT);
  await several.set('nacos', { limit: 640, request: 512 });
  await several.apply('nacos', START + DAY + 2 * HOUR, () => 520);
  await several.run(START + 2 * DAY, TIGHT);
  expect(several.commentsOf(1)[0]).not.toContain('taken back');
});

test('a marker that was edited takes no limit below what it lowered', async () => {
  const several = await lowered();
  const [pull] = several.pulls;
  const marker = readMarker(pull?.body);
  if (pull === undefined || marker === undefined) throw new Error('no pull request');
  const was = (marker.was ?? []).map(([key, field]) => [key, field, 300 * 2 ** 20] as const);
  pull.body = replaceMarker(pull.body ?? '', { ...marker, was });
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
  await several.run(START + DAY, TIGHT);
  expect(several.pulls[1]).toMatchObject({ title: expect.stringMatching(/^Raise/) });
});

test('a taking back leaves no request above the limit', async () => {
  const several = await start({ nacos: { limit: 2000, request: 1900, used: () => 1990, kills: [START - 3 * HOUR] } });
  await several.run(START);
  await several.merge(1, START + HOUR);
  await several.apply('nacos', START + 2 * HOUR, () => 2500, [START + 18 * HOUR]);
  const { template } = several.scenes.get('nacos') ?? { template: FULL };
  expect(template).toMatchObject({ request: 1900 });
  await several.set('nacos', { limit: template.limit, request: 2200 });
  await several.apply('nacos', START + 20 * HOUR, () => 1990);
  await several.run(START + DAY);
  expect(several.pulls[1]?.title).toMatch(/^Revert.*limit 2560Mi → 2000Mi, request 2200Mi → 2000Mi/);
});

test('what was merged under an earlier version is not commented on all at once', async () => {
  const several = await lowered();
  const [pull] = several.pulls;
  const marker = readMarker(pull?.body);
  if (pull === undefined || marker === undefined) throw new Error('no pull request');
  const { before: _, reverts: __, ...former } = marker;
  pull.body = replaceMarker(pull.body ?? '', former);
  await several.apply('nacos', START + 2 * HOUR, () => 510);
  await several.run(START + DAY, TIGHT);
  expect(several.commentsOf(1)).toEqual([]);
});

import { afterEach, expect, test } from 'vitest';
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

test('a kill of the pod of the same name before the rollout is none of the new one', async () => {
  const several = await start({ nacos: WIDE });
  await several.run(START, TIGHT);
  await several.merge(1, START + HOUR);
  await several.apply('nacos', START + 5 * HOUR, () => 510);
  const scene = several.scenes.get('nacos');
  if (scene === undefined) throw new Error('none');
  const [old, now] = scene.pods;
  if (!old || !now) throw new Error('none');
  several.scenes.set('nacos', { ...scene, pods: [{ ...old, kills: [START + 3 * HOUR] }, now] });
  for (const withLimits of [true, false]) {
    const seen = several.observe(START + DAY);
    const [a, b] = seen.measurements;
    const [ha, hb] = seen.histories;
    if (!a || !b || !ha || !hb) throw new Error('none');
    const merged = {
      ...b,
      averages: [...a.averages, ...b.averages],
      starts: [...a.starts, ...b.starts],
      restarts: [...a.restarts, ...b.restarts],
      oomReason: [...a.oomReason, ...b.oomReason],
      peak: a.peak,
      ...(withLimits ? { formerLimit: a.limit } : {}),
    };
    const history = {
      ...hb,
      dailyPeaks: ha.dailyPeaks,
      starts: [...(ha.starts ?? []), ...(hb.starts ?? [])],
      restarts: [...(ha.restarts ?? []), ...(hb.restarts ?? [])],
      oomReason: [...(ha.oomReason ?? []), ...(hb.oomReason ?? [])],
      ...(withLimits ? { limits: [...(ha.limits ?? []), ...(hb.limits ?? [])] } : { limits: undefined }),
    };
    const told = await several.run(START + DAY, TIGHT, {
      measurements: [merged],
      histories: [history],
    });
    expect({ withLimits, worse: told.summary.includes('**worse**') }).toEqual({ withLimits, worse: false });
  }
});

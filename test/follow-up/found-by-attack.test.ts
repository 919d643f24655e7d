import { afterEach, expect, test } from 'vitest';
import { readMarker, replaceMarker } from '../../src/deliver/marker.ts';
import { DAY, HOUR } from './observe.ts';
import { START } from './operations.ts';
import { closeAll, FULL, lowered, start, TIGHT, WIDE } from './several.ts';

afterEach(closeAll);

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

test('a marker that was edited to take back itself, or another one, hides no harm', async () => {
  const several = await lowered();
  const [pull] = several.pulls;
  const marker = readMarker(pull?.body);
  if (pull === undefined || marker === undefined) throw new Error('no pull request');
  const key = 'pigo-rel/Deployment/<img src=x>/@team';
  const reverts = { [key]: 1, 'pigo-rel/Deployment/nacos/nacos': 2 ** 40 };
  const changes = [...marker.changes, [key, 'limit', 2 ** 46] as const];
  pull.body = replaceMarker(pull.body ?? '', { ...marker, changes, reverts });
  await several.apply('nacos', START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
  const seen = await several.run(START + DAY, TIGHT);
  expect(seen.summary).toContain('**worse**');
  expect(seen.summary).not.toContain('<img');
});

test('between two looks nothing is asked about each pull request', async () => {
  const names = ['a', 'b', 'c'];
  const several = await start(Object.fromEntries(names.map((name) => [name, WIDE])));
  await several.run(START, TIGHT);
  for (const number of [1, 2, 3]) await several.merge(number, START + HOUR);
  for (const name of names) await several.apply(name, START + 2 * HOUR, () => 510);
  await several.run(START + 2 * DAY, TIGHT);
  const before = several.stage.server.requests.length;
  await several.run(START + 2 * DAY + HOUR, TIGHT);
  const asked = several.stage.server.requests.slice(before);
  expect(asked.filter(({ method, path }) => method === 'GET' && /pulls\/\d+$/.test(path))).toEqual([]);
  expect(asked.filter(({ body }) => JSON.stringify(body ?? '').includes('viewerDidAuthor }'))).toEqual([]);
});

import { expect, test } from 'vitest';
import type { FakeRequest } from '../github-server/server.mjs';
import { openGate } from './gate.ts';
import { noise } from './observe-day.ts';
import { openScene, run, TOKEN } from './scene.ts';

const isComment = ({ method, path }: FakeRequest) => method === 'POST' && path.endsWith('/comments');
const isLabels = ({ method, path }: FakeRequest) => method === 'POST' && path.endsWith('/labels');
const page = { status: 200, body: '<!DOCTYPE html>', headers: { 'content-type': 'text/html' } };
const conflict = { status: 409, body: { message: 'Conflict' }, headers: {} };

test('runs at once that close the same pull request explain it once, whatever their order', async () => {
  for (let seed = 0; seed < 4; seed++) {
    const scene = await openScene();
    await run(scene.github, { at: 0 });
    let turn = 0;
    const gate = await openGate(scene.server.url, 2, (below) => (noise(seed, turn++) < 0 ? 0 : below - 1));
    await Promise.all(
      [0, 1].map(async (client) => {
        await run(scene.connect(TOKEN, { apiUrl: gate.urls[client] ?? '' }), {
          changes: [],
          at: Date.parse('2026-01-01T00:05:00Z') / 1000,
        });
        gate.leave(client);
      }),
    );
    await gate.close();
    expect({ seed, pulls: scene.server.pulls }).toMatchObject({ pulls: [{ state: 'closed', comments: [{}] }] });
  }
});

test('a comment whose answer never comes is not written twice', async () => {
  const scene = await openScene();
  await run(scene.github);
  scene.server.faults.hang({ on: isComment, after: true, times: 1 });
  await run(scene.connect(TOKEN, { timeLimit: 0.5 }), { changes: [] });
  expect(scene.server.pulls).toMatchObject([{ state: 'closed', comments: [{}] }]);
});

test.each([
  ['a page', page],
  ['a conflict', conflict],
])('labels that %s answered are asked for again by the next run', async (_what, answer) => {
  const scene = await openScene();
  scene.server.faults.add({ on: isLabels, answer });
  await run(scene.github, { labels: ['memory'] });
  await run(scene.github, { labels: ['memory'] });
  expect(scene.server.pulls).toMatchObject([{ labels: ['memory'] }]);
});

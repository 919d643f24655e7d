import { expect, test } from 'vitest';
import { openScene, run, TOKEN, writesSince } from './scene.ts';

test('one reviewer whom GitHub refuses does not take the others with it', async () => {
  const scene = await openScene();
  scene.server.state.logins.set(TOKEN, 'memory-bot');
  const asked = { reviewers: ['kim', 'unknown-jo', 'ana', 'memory-bot'] };
  expect(await run(scene.github, asked)).toMatchObject([{ state: 'opened' }]);
  expect(scene.server.pulls).toMatchObject([{ reviewers: ['kim', 'ana'] }]);
  expect(scene.warnings).toEqual([
    expect.stringMatching(/reviewers of pull request #1 \(unknown-jo\): .*collaborator.* #1 \(memory-bot\): .*author/),
  ]);
  const second = scene.server.requests.length;
  await run(scene.github, asked);
  expect(writesSince(scene, second)).toEqual([]);
});

test('a pull request has at most fifteen reviewers, and the rest is said', async () => {
  const scene = await openScene();
  const reviewers = ['unknown-jo', ...Array.from({ length: 20 }, (_, index) => `kim${index}`)];
  await run(scene.github, { reviewers });
  expect(scene.server.pulls).toMatchObject([{ reviewers: reviewers.slice(1, 16) }]);
  expect(scene.warnings).toEqual([expect.stringMatching(/kim15, kim16, .*at most 15/)]);
});

import { expect, test } from 'vitest';
import type { Github } from '../../src/github/create-github.ts';
import { untilThere } from '../../src/github/until-there.ts';
import { openScene } from '../deliver/scene.ts';

/** A client that writes down for how long it would have waited. */
function withoutWaiting(github: Github): Github & { readonly waits: number[] } {
  const waits: number[] = [];
  return { ...github, waits, pause: async (seconds) => void waits.push(seconds) };
}

test('what is not there yet is asked for again, with growing waits and not for ever', async () => {
  const scene = await openScene();
  const github = withoutWaiting(scene.github);
  const { owner, repo } = github;
  const tree = await scene.server.git.text(['rev-parse', 'main^{tree}']);
  const commit = () => github.request('POST /repos/{owner}/{repo}/git/commits', { owner, repo, message: 'New', tree });
  scene.server.faults.treeNotYetThere(3);
  expect((await untilThere(github, commit)).status).toBe(201);
  expect(github.waits).toEqual([1, 2, 4]);
  scene.server.faults.treeNotYetThere(100);
  await expect(untilThere(github, commit)).rejects.toThrow('Tree SHA does not exist');
});

test('a pull request that is no node yet gets its labels, and another refusal is not repeated', async () => {
  const scene = await openScene();
  const github = withoutWaiting(scene.github);
  const { owner, repo } = github;
  await scene.server.commitFiles(
    'mine',
    { 'mine.txt': 'mine' },
    { parent: await scene.server.git.ref('refs/heads/main') },
  );
  await scene.server.openPull({ head: 'mine' });
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
  const addTo = (issue_number: number) => github.request(route, { owner, repo, issue_number, labels: ['memory'] });
  scene.server.faults.nodeNotYetThere();
  await untilThere(github, () => addTo(1));
  expect(scene.server.pulls).toMatchObject([{ labels: ['memory'] }]);
  await expect(untilThere(github, () => addTo(2))).rejects.toThrow('Not Found');
  expect(github.waits).toEqual([1]);
});

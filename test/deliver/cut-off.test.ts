import { expect, test } from 'vitest';
import { changeOf, copyScene, defaultFiles, git, openScene, type RunOptions, run, type Scene, TOKEN } from './scene.ts';

const WEB = changeOf({ name: 'web', limit: 704, request: 512, now: { limit: 500, request: 100 }, level: 'yellow' });
const OPTIONS: RunOptions = { labels: ['memory'], assignees: ['kim'], changes: [changeOf({ limit: 4096 }), WEB] };

/** An open pull request to be raised, a stale one to be closed and a new one to be opened. */
async function openBusyScene(login: string): Promise<Scene> {
  const files = defaultFiles();
  const scene = await openScene({
    ...files,
    'k8s/pigo-rel/old.yaml': (files['k8s/pigo-rel/web.yaml'] ?? '').replace('web', 'old'),
  });
  scene.server.state.logins.set(TOKEN, login);
  const old = changeOf({ name: 'old', limit: 704, request: 512, now: { limit: 500, request: 100 } });
  await run(scene.github, { changes: [changeOf(), old] });
  return scene;
}

/** What a person would see, without hashes and times. */
function describe(scene: Scene) {
  const branches = git(scene, 'for-each-ref', '--format=%(refname:short) %(tree)', 'refs/heads').split('\n');
  const pulls = scene.server.pulls.map(({ number, state, title, head, labels, assignees, comments }) => ({
    number,
    state,
    title,
    head,
    labels,
    assignees,
    comments: comments.length,
  }));
  return {
    branches,
    pulls,
    commits: branches.map((line) => git(scene, 'rev-list', '--count', `main..${line.split(' ')[0]}`)),
  };
}

async function countRequests(busy: Scene): Promise<{ count: number; end: ReturnType<typeof describe> }> {
  const scene = await copyScene(busy);
  const start = scene.server.requests.length;
  await run(scene.github, OPTIONS);
  return { count: scene.server.requests.length - start, end: describe(scene) };
}

test.each([
  [false, 'github-actions[bot]'],
  [true, 'kim'],
])(
  'killed at any request (its work done: %s) and run again, the end is the same, with a token of %s',
  { timeout: 600_000 },
  async (after, login) => {
    const busy = await openBusyScene(login);
    const { count, end } = await countRequests(busy);
    expect(end.pulls.map(({ state }) => state)).toEqual(['closed', 'open', 'open']);
    for (let n = 0; n < count; n++) {
      const scene = await copyScene(busy);
      scene.server.faults.killAt(n, { after });
      await run(scene.connect(), OPTIONS).catch(() => undefined);
      scene.server.faults.clear();
      await run(scene.connect(), OPTIONS);
      expect({ n, ...describe(scene) }).toEqual({ n, ...end });
    }
  },
);

test('two runs at once lose nothing and double nothing', async () => {
  const scene = await openScene();
  const both = { labels: ['memory'], changes: [changeOf(), WEB] };
  const results = await Promise.all([run(scene.connect(), both), run(scene.connect(), both)]);
  expect(results.flat().map(({ state }) => state)).not.toContain('failed');
  expect(scene.server.pulls.map(({ head, state, labels }) => `${head} ${state} ${labels.join()}`).sort()).toEqual([
    'memory/raise.pigo-rel.deployment.nacos open memory',
    'memory/raise.pigo-rel.deployment.web open memory',
  ]);
  expect(await run(scene.connect(), both)).toMatchObject([{ state: 'unchanged' }, { state: 'unchanged' }]);
});

test('two runs at once that saw different values end in one of them, and the next run agrees', async () => {
  const scene = await openScene();
  await Promise.all([
    run(scene.connect(), { changes: [changeOf()] }),
    run(scene.connect(), { changes: [changeOf({ limit: 4096 })] }),
  ]);
  await run(scene.connect(), { changes: [changeOf()] });
  expect(scene.server.pulls).toMatchObject([{ state: 'open', title: expect.stringContaining('2560Mi') }]);
  expect(await scene.server.readText('memory/raise.pigo-rel.deployment.nacos', 'k8s/pigo-rel/nacos.yaml')).toContain(
    '2560Mi',
  );
});

import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LIVE } from './cases/limits.ts';
import { deployment, LIMIT } from './manifests.ts';
import { openPullRequest } from './pull-request.ts';
import { placeOf, tell } from './tell.ts';

const CART = 'deploy/cart.yaml';
const branches = {
  base: { [CART]: deployment() },
  head: { [CART]: deployment({ limit: '1200Mi' }) },
  meanwhile: { 'deploy/search.yaml': deployment({ name: 'search' }) },
};

const git = (root: string, ...args: readonly string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'pipe' });

test.each([
  ['only the merge commit, as by default', { depth: 1 }],
  ['the whole history', { depth: 1000 }],
  ['the head in place of the merge', { prepare: (root: string) => git(root, 'checkout', '--quiet', 'HEAD^2') }],
])('with %s checked out', async (_, given) => {
  const pull = await openPullRequest(branches);
  const seen = await pull.run({ cluster: LIVE, ...given });
  await pull.close();
  expect(seen.outputs, tell(seen)).toMatchObject({ outcome: 'findings', 'gate-verdict': 'red' });
  expect(seen.annotations.map(placeOf)).toEqual([`error ${CART}:${LIMIT}`]);
  expect(JSON.parse(seen.outputs.changes ?? '')).toHaveLength(1);
  expect(seen.outputs.headline).toMatch(/^🔴 Memory gate fails: /);
  expect(seen.outputs['summary-markdown']).toContain(seen.outputs.headline);
});

test.each([
  ['without a checkout', (root: string) => rmSync(join(root, '.git/HEAD')), 'actions/checkout'],
  [
    'with too little checked out, and nowhere to fetch the rest from',
    (root: string) => git(root, 'remote', 'remove', 'origin'),
    'fetch-depth',
  ],
])('%s it fails and says what to do', async (_, prepare, fix) => {
  const pull = await openPullRequest(branches);
  const seen = await pull.run({ cluster: LIVE, depth: 1, prepare });
  await pull.close();
  expect(seen.outputs.outcome).toBe('error');
  expect(seen.outputs.headline).toBe('❌ The memory gate could not run');
  expect(JSON.parse(seen.outputs['blocks-json'] ?? '')).not.toEqual([]);
  expect(seen.sentence).toContain(fix);
  expect(seen.sentence).not.toContain('bug');
});

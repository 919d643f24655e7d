import { expect, test } from 'vitest';
import type { GithubServer } from '../github-server/server.mjs';
import { CART, runOn, seen, startRepository } from './run-on-github.ts';

const branchOf = ({ pulls }: GithubServer) => pulls[0]?.head ?? '';
const CHANGED = CART.replace('requests: {memory: 1000Mi}', 'requests: {memory: 1000Mi, cpu: 1}');

test('a pull request that conflicts is built anew once GitHub has worked that out', async () => {
  const github = await startRepository();
  await runOn(github, seen('shop', 1900));
  await github.commitFiles('main', { 'cart.yaml': CHANGED });
  github.state.mergeableAfter = 2;
  expect(await runOn(github, seen('shop', 1900))).toMatchObject([{ state: 'updated', number: 1 }]);
  expect(await github.readText(branchOf(github), 'cart.yaml')).toContain('cpu: 1');
});

test('where GitHub tells only after the report commit, it is built anew then', async () => {
  const github = await startRepository();
  await runOn(github, seen('shop', 1900));
  await github.commitFiles('main', { 'cart.yaml': CHANGED });
  github.state.mergeableKnown = false;
  github.faults.add({
    on: ({ operation }) => operation === 'createCommitOnBranch',
    before: () => {
      github.state.mergeableKnown = true;
    },
  });
  const later = { ...seen('shop', 1900), at: seen('shop', 1900).at + 86_400 };
  expect(await runOn(github, later)).toMatchObject([{ state: 'updated', number: 1 }]);
  const reported = await github.git.text(['log', '-1', '--format=%s', 'main']);
  expect(reported).toMatch(/^Memory report/);
  expect(await github.git.text(['merge-base', 'main', branchOf(github)])).toBe(
    await github.git.text(['rev-parse', 'main']),
  );
  expect(await github.readText(branchOf(github), 'cart.yaml')).toContain('cpu: 1');
});

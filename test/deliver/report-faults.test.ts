import { expect, test } from 'vitest';
import { commitReport, type ReportCommitInput } from '../../src/deliver/commit-report.ts';
import type { FakeRequest } from '../github-server/server.mjs';
import { git, openScene, TOKEN } from './scene.ts';

const FILE = 'reports/memory/2026-11-24.md';
const reportOf = (text: string): ReportCommitInput => ({
  headline: 'Memory report of 2026-11-24',
  files: async () => ({ additions: [{ path: FILE, text }], deletions: [] }),
});
const REPORT = reportOf('# Report\n');
const isCommit = ({ operation }: FakeRequest) => operation === 'createCommitOnBranch';

test('a report commit that was made and never answered is found again', async () => {
  const scene = await openScene();
  scene.server.faults.hang({ on: isCommit, after: true, times: 1 });
  const github = scene.connect(TOKEN, { timeLimit: 1 });
  expect(await commitReport(github, REPORT)).toMatchObject({
    state: 'committed',
    sha: git(scene, 'rev-parse', 'main'),
  });
  expect(git(scene, 'rev-list', '--count', 'main')).toBe('2');
});

test('a report commit that is never answered is asked for twice, and the time it took is told', async () => {
  const scene = await openScene();
  scene.server.faults.hang({ on: isCommit });
  const failed = await commitReport(scene.connect(TOKEN, { timeLimit: 1 }), REPORT);
  expect(failed).toEqual({
    state: 'failed',
    why: expect.stringMatching(/commit the report to main: GitHub did not answer within 3 s \(createCommitOnBranch\)/),
  });
  expect(scene.server.requests.filter(isCommit)).toHaveLength(2);
});

test('a branch that is locked for a moment, or whose reads are behind, gets the report all the same', async () => {
  const scene = await openScene();
  scene.server.faults.lockConflict({ on: isCommit, times: 2 });
  expect(await commitReport(scene.github, REPORT)).toMatchObject({ state: 'committed' });
  await scene.server.commitFiles('main', { 'other.txt': 'by hand' });
  scene.server.state.refLag = 1;
  const catchUp = () => {
    scene.server.state.refLag = 0;
  };
  scene.server.faults.add({ on: isCommit, skip: 2, before: catchUp });
  expect(await commitReport(scene.github, reportOf('# Later\n'))).toMatchObject({ state: 'committed' });
  expect(await scene.server.readText('main', FILE)).toBe('# Later\n');
  expect(await scene.server.readText('main', 'other.txt')).toBe('by hand');
});

test('a run that was started under an old name of the repository commits under the new one', async () => {
  const scene = await openScene();
  scene.server.state.renamedFrom = 'acme/former';
  expect(await commitReport(scene.connect(TOKEN, { repo: 'former' }), REPORT)).toMatchObject({ state: 'committed' });
});

test('an archived repository is told as such', async () => {
  const scene = await openScene();
  scene.server.state.archived = true;
  expect(await commitReport(scene.github, REPORT)).toMatchObject({
    state: 'failed',
    why: expect.stringMatching(/"Repository was archived so is read-only\.".*Unarchive the repository/),
  });
});

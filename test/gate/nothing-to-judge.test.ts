import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/environment.ts';
import { run } from '../../src/run.ts';
import { recordingRunner } from '../inspect/runner.ts';

test('a run for a merge group that is gone passes, and says so in its message', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'gone-'));
  const event = join(workspace, 'event.json');
  const commits = { head_sha: 'a'.repeat(40), base_sha: 'b'.repeat(40) };
  writeFileSync(event, JSON.stringify({ action: 'destroyed', merge_group: commits }));
  const { runner, given } = recordingRunner({});
  const environment = { GITHUB_EVENT_NAME: 'merge_group', GITHUB_EVENT_PATH: event, GITHUB_WORKSPACE: workspace };
  expect(await run(runner, readEnvironment(environment))).toBeUndefined();
  expect(given.outputs).toMatchObject({
    outcome: 'ok',
    headline: 'Memory gate: The merge group is gone: there is nothing to judge.',
    'summary-markdown': expect.stringContaining('nothing to judge'),
  });
  expect(JSON.parse(given.outputs['blocks-json'] ?? '')).toHaveLength(1);
});

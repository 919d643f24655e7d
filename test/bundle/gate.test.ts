import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeRecording } from '../../src/record/recording.ts';
import { LIVE } from '../gate/cases/limits.ts';
import { deployment, LIMIT } from '../gate/manifests.ts';
import { type Branches, openPullRequest } from '../gate/pull-request.ts';
import { type BundleRun, runBundle } from './run-bundle.ts';

const PATH = 'deploy/a,line=1::b%0Ac.yaml';

/** The bundle in the checkout of a pull request; GitHub answers while it runs. */
async function judge(branches: Branches, variables: Readonly<Record<string, string>> = {}): Promise<BundleRun> {
  const pull = await openPullRequest(branches);
  try {
    const workspace = join(mkdtempSync(join(tmpdir(), 'pull-')), 'checkout');
    const { commit, payload } = pull.checkOut(workspace);
    writeFileSync(join(workspace, 'seen.json'), encodeRecording(LIVE, 'seen.json'));
    return await runBundle({
      workspace,
      inputs: { recording: 'seen.json', 'github-token': 'a-token' },
      env: {
        GITHUB_REPOSITORY: `${pull.github.owner}/${pull.github.repo}`,
        GITHUB_API_URL: pull.github.url,
        GITHUB_GRAPHQL_URL: `${pull.github.url}/graphql`,
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_EVENT_PATH: payload,
        GITHUB_SHA: commit,
        MEMORY_INSPECTOR_PACE: 'immediate',
        ...variables,
      },
    });
  } finally {
    await pull.close();
  }
}

const lowered = { base: { [PATH]: deployment() }, head: { [PATH]: deployment({ limit: '1200Mi' }) } };

describe('the bundle as a gate', () => {
  test('marks the line of a file whose name would be a command of its own', async () => {
    const { code, log, outputs } = await judge(lowered);
    expect(code, log).toBe(1);
    expect(outputs).toMatchObject({ outcome: 'findings', 'gate-verdict': 'red' });
    expect(log).toMatch(new RegExp(`^::error [^:]*file=deploy/a%2Cline=1%3A%3Ab%250Ac\\.yaml,line=${LIMIT}`, 'm'));
  });

  test('passes where nothing about memory changes, and asks GitHub for nothing but its comments', async () => {
    const { code, log, outputs } = await judge({ base: lowered.base, head: { 'README.md': 'Shop\n' } });
    expect(code, log).toBe(0);
    expect(outputs).toMatchObject({ outcome: 'ok', 'gate-verdict': 'green' });
  });

  test('is never green where the run ends on the way', async () => {
    const early = join(mkdtempSync(join(tmpdir(), 'early-')), 'early.cjs');
    // The run ends, without a word and without an error, when it first asks git.
    writeFileSync(
      early,
      "const child = require('node:child_process');\nchild.spawn = () => process.exit();\nrequire('node:module').syncBuiltinESMExports();\n",
    );
    const { code, outputs } = await judge(lowered, { NODE_OPTIONS: `--require=${early}` });
    expect(code).toBe(1);
    expect(outputs['gate-verdict']).not.toBe('green');
  });

  test.each([
    ['an event file that is missing', { GITHUB_EVENT_PATH: '/nowhere/event.json' }],
    ['no checkout', { GITHUB_WORKSPACE: mkdtempSync(join(tmpdir(), 'empty-')) }],
  ])('is never green with %s', async (_, variables) => {
    const { code, outputs, errors } = await judge(lowered, variables);
    expect(code).toBe(1);
    expect(outputs.outcome).toBe('error');
    expect(errors.at(-1)).not.toContain('bug');
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../src/environment.ts';
import type { Observation } from '../../src/model/observation.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { run } from '../../src/run.ts';
import { recordingRunner } from '../inspect/runner.ts';
import type { Tree } from './import-commits.ts';

/** The report of an inspection, as the files that it would commit. */
export async function reportsOf(observation: Observation): Promise<Tree> {
  const workspace = mkdtempSync(join(tmpdir(), 'inspected-'));
  try {
    writeFileSync(join(workspace, 'seen.json'), encodeRecording(observation, 'seen.json'));
    const inputs = { recording: 'seen.json', 'commit-report': 'false', 'open-pull-requests': 'false' };
    const { runner } = recordingRunner(inputs);
    await run(runner, readEnvironment({ PATH: process.env.PATH, GITHUB_WORKSPACE: workspace }));
    const written = readdirSync(join(workspace, 'reports'), { recursive: true, withFileTypes: true });
    const files = written.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    return Object.fromEntries(files.map((file) => [file.slice(workspace.length + 1), readFileSync(file, 'utf8')]));
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readEnvironment } from '../../src/environment.ts';
import type { PullRequestResult } from '../../src/model/delivery.ts';
import type { Observation } from '../../src/model/observation.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { run } from '../../src/run.ts';
import { type GithubServer, startGithubServer } from '../github-server/server.mjs';
import { recordingRunner } from '../inspect/runner.ts';
import { type QuickGit, quickenGit } from './quick-git.mjs';

/** A GitHub with a repository behind it, whose clock stands where it was set; each of its answers takes it on by a second. */
export interface Stage {
  readonly server: GithubServer;
  readonly gitDir: string;
  readonly quick: QuickGit;
  /** Sets GitHub's clock (unix seconds). */
  setTime(at: number): void;
  close(): Promise<void>;
}

/** Opens a stage with these files on main, or as a copy of another one, which must be closed after it. */
export async function openStage(from: Readonly<Record<string, string>> | Stage, at: number): Promise<Stage> {
  const gitDir = mkdtempSync(join(tmpdir(), 'stage-'));
  let time = at;
  const clock = () => new Date(time++ * 1000).toISOString().replace('.000', '');
  if (isStage(from)) copyRepository(from.gitDir, gitDir);
  else execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', gitDir]);
  const server = await startGithubServer({ gitDir, clock });
  const quick = quickenGit(server.git, gitDir);
  if (isStage(from)) copyState(from.server, server);
  else await server.commitFiles('main', from, { message: 'Start' });
  return {
    server,
    gitDir,
    quick,
    setTime(next) {
      time = next;
    },
    async close() {
      await server.stop();
      rmSync(gitDir, { recursive: true, force: true });
    },
  };
}

/** The copy has refs of its own; objects, which never change, are shared. */
function copyRepository(from: string, to: string): void {
  for (const name of ['HEAD', 'config', 'refs']) cpSync(join(from, name), join(to, name), { recursive: true });
  symlinkSync(join(from, 'objects'), join(to, 'objects'));
}

function isStage(from: Readonly<Record<string, string>> | Stage): from is Stage {
  return typeof from.gitDir === 'string' && typeof from.server === 'object';
}

function copyState({ state }: GithubServer, to: GithubServer): void {
  const { pulls, logins, nextNumber, nextComment } = state;
  to.pulls.push(...structuredClone(pulls));
  for (const [token, login] of logins) to.state.logins.set(token, login);
  Object.assign(to.state, { nextNumber, nextComment });
}

/** What a person gets to see of a run. */
export interface Seen {
  /** The sentence with which the job fails. */
  readonly sentence?: string;
  readonly outcome: string;
  readonly summary: string;
  readonly pullRequests: readonly PullRequestResult[];
  /** Warnings in the log. */
  readonly warnings: readonly string[];
}

const INPUTS = { recording: 'seen.json', 'github-token': 'a-token' };

/** Puts the files of main into a folder, as a step before the run has checked them out. */
async function checkOut({ quick }: Stage, workspace: string): Promise<void> {
  for (const [path, content] of await quick.readFiles('main')) {
    mkdirSync(join(workspace, dirname(path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
}

/** One whole run of the action in a fresh checkout, from a recorded observation to the end of the job. `url` is GitHub's API. */
export async function runWhole(
  stage: Stage,
  observation: Observation,
  inputs: Readonly<Record<string, string>> = {},
  url = stage.server.url,
): Promise<Seen> {
  const { server } = stage;
  const workspace = mkdtempSync(join(tmpdir(), 'checkout-'));
  try {
    await checkOut(stage, workspace);
    writeFileSync(join(workspace, INPUTS.recording), encodeRecording(observation, INPUTS.recording));
    const { runner, given } = recordingRunner({ ...INPUTS, ...inputs });
    const warnings: string[] = [];
    const log = { ...runner.log, warn: (text: string) => void warnings.push(text) };
    const environment = readEnvironment({
      PATH: process.env.PATH,
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: `${server.owner}/${server.repo}`,
      GITHUB_SERVER_URL: server.url,
      GITHUB_API_URL: url,
      MEMORY_INSPECTOR_PACE: 'immediate',
    });
    const sentence = await run({ ...runner, log }, environment);
    const { outcome = '', 'pull-requests': told = '[]' } = given.outputs;
    return { sentence, outcome, summary: given.summary, pullRequests: JSON.parse(told), warnings };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

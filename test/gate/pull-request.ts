import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../src/environment.ts';
import type { Place } from '../../src/model/gate.ts';
import type { Observation } from '../../src/model/observation.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { run } from '../../src/run.ts';
import { type GithubServer, startGithubServer } from '../github-server/server.mjs';
import { recordingRunner } from '../inspect/runner.ts';
import { PROGRAMS } from '../manifests/test-renderers.ts';
import { importCommits, type Tree } from './import-commits.ts';
import { type EventOf, payloadOf } from './payloads.ts';

/** Files that a commit changes; `null` removes one. */
export type Change = Readonly<Record<string, Tree[string] | null>>;

/** A pull request of a branch against main, behind a fake GitHub. */
export interface Opened {
  readonly github: GithubServer;
  readonly number: number;
  /** One more commit on the branch. */
  push(change: Change): void;
  /** A fresh checkout, as a job for this event has it; gives the merge commit and the file with the event's payload. */
  checkOut(workspace: string, event?: GateEvent, depth?: number): { readonly commit: string; readonly payload: string };
  /** One whole run of the action for it, in a fresh checkout. */
  run(given?: GateRun): Promise<Seen>;
  close(): Promise<void>;
}

export type GateEvent = Partial<Pick<EventOf, 'name' | 'from' | 'action' | 'draft'>>;

export interface GateRun {
  /** What is recorded of the cluster; without it, there is no recording. */
  readonly cluster?: Observation;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: GateEvent;
  /** Where programs are looked for. */
  readonly path?: string;
  /** How many commits are checked out with their parents; 2 where absent. */
  readonly depth?: number;
  /** Puts something into the checkout before the run. */
  readonly prepare?: (workspace: string) => void;
}

export interface Note {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly at?: Place;
}

/** What people get to see of a run. */
export interface Seen {
  /** The sentence with which the job fails. */
  readonly sentence?: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly Note[];
  readonly summary: string;
  readonly log: readonly string[];
  /** The comments of the pull request after it. */
  readonly comments: readonly string[];
}

/** What main has, what the branch changes of it, and what main got since. */
export interface Branches {
  readonly base: Tree;
  readonly head: Change;
  readonly meanwhile?: Change;
}

const BRANCH = 'change-memory';
const NUMBER = 1;

/** Opens a pull request in a real repository: the branch, and what GitHub would make of merging it. */
export async function openPullRequest({ base, head, meanwhile = {} }: Branches): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'gate-'));
  const bare = join(folder, 'infra.git');
  git(['init', '--quiet', '--bare', '--initial-branch=main', '--template=', bare]);
  git(['-C', bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true']);
  let tree = apply(base, head);
  const [start, tip, main, merge] = importCommits(bare, [
    { ref: 'refs/heads/main', tree: base, parents: [] },
    { ref: `refs/heads/${BRANCH}`, tree, parents: [0] },
    { ref: 'refs/heads/main', tree: apply(base, meanwhile), parents: [0] },
    { ref: `refs/pull/${NUMBER}/merge`, tree: apply(apply(base, meanwhile), head), parents: [2, 1] },
  ]);
  if (!start || !tip || !main || !merge) throw new Error('git imported too few commits');
  const commits = { base: main, head: tip, merge };
  const github = await startGithubServer({ gitDir: bare, clock: () => '2025-12-25T22:00:00Z' });
  await github.openPull({ head: BRANCH, title: 'Change memory' });
  let runs = 0;
  const repository = `${github.owner}/${github.repo}`;
  const checkOut = (workspace: string, event: GateEvent = {}, depth = 2) => {
    cloneInto(workspace, bare, commits.merge, depth);
    const payload = join(workspace, '.git', 'event.json');
    const { name = 'pull_request', from = 'same repository', ...rest } = event;
    const head = name === 'merge_group' ? commits.merge : commits.head;
    const named = { ...rest, name, from, repository, number: NUMBER, base: commits.base, head, headRef: BRANCH };
    writeFileSync(payload, payloadOf(named));
    return { commit: name === 'pull_request_target' ? commits.base : commits.merge, payload };
  };
  return {
    github,
    number: NUMBER,
    checkOut,
    push(change) {
      tree = apply(tree, change);
      const [next, merged] = importCommits(bare, [
        { ref: `refs/heads/${BRANCH}`, tree, parents: [commits.head] },
        { ref: `refs/pull/${NUMBER}/merge`, tree: apply(tree, meanwhile), parents: [commits.base, 0] },
      ]);
      if (!next || !merged) throw new Error('git imported too few commits');
      Object.assign(commits, { head: next, merge: merged });
    },
    async run(given = {}) {
      const workspace = join(folder, `checkout-${runs++}`);
      return runIn(workspace, github, checkOut(workspace, given.event, given.depth), given);
    },
    async close() {
      await github.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The tree after a change. */
export function apply(tree: Tree, change: Change): Tree {
  const entries = Object.entries({ ...tree, ...change });
  return Object.fromEntries(entries.flatMap(([path, entry]) => (entry === null ? [] : [[path, entry] as const])));
}

/** As actions/checkout does it: the merge commit and its parents, on no branch. */
function cloneInto(workspace: string, bare: string, commit: string, depth: number): void {
  git(['init', '--quiet', '--template=', workspace]);
  git(['-C', workspace, 'remote', 'add', 'origin', `file://${bare}`]);
  const refspec = `+${commit}:refs/remotes/pull/${NUMBER}/merge`;
  git(['-C', workspace, 'fetch', '--quiet', '--no-tags', `--depth=${depth}`, 'origin', refspec]);
  git(['-C', workspace, 'checkout', '--quiet', '--detach', commit]);
}

const RECORDING = '.recording.json';

async function runIn(
  workspace: string,
  github: GithubServer,
  started: ReturnType<Opened['checkOut']>,
  given: GateRun,
): Promise<Seen> {
  const { name = 'pull_request', from = 'same repository' } = given.event ?? {};
  const { cluster, inputs } = given;
  if (cluster) writeFileSync(join(workspace, RECORDING), encodeRecording(cluster, RECORDING));
  given.prepare?.(workspace);
  const { runner, given: told } = recordingRunner({
    'github-token': 'a-token',
    ...(cluster && { recording: RECORDING }),
    ...inputs,
  });
  const annotations: Note[] = [];
  const log: string[] = [];
  const say = (text: string) => void log.push(text);
  // For both, GitHub gives the job a token that only reads.
  github.state.readOnly = from !== 'same repository';
  const sentence = await run(
    {
      ...runner,
      log: { step: say, debug: say, warn: say, group: (_, work) => work() },
      annotate: (note: Note) => void annotations.push(note),
    },
    readEnvironment({
      PATH: given.path ?? PROGRAMS,
      HOME: workspace,
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
      GITHUB_SERVER_URL: 'https://github.example.invalid',
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
      GITHUB_EVENT_NAME: name,
      GITHUB_EVENT_PATH: started.payload,
      GITHUB_SHA: started.commit,
      GITHUB_REF: name === 'merge_group' ? 'refs/heads/gh-readonly-queue/main/pr-1' : `refs/pull/${NUMBER}/merge`,
      GITHUB_ACTOR: from === 'Dependabot' ? 'dependabot[bot]' : 'octocat',
      MEMORY_INSPECTOR_PACE: 'immediate',
    }),
  );
  const comments = github.pulls.find(({ number }) => number === NUMBER)?.comments.map(({ body }) => body) ?? [];
  return { sentence, outputs: told.outputs, annotations, summary: told.summary, log, comments };
}

function git(args: readonly string[]): string {
  const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

import type { Seen, Stage } from '../../test/deliver/whole-run.ts';
import { branchOf, LIMIT } from './busy-scene.ts';

/** What an attack may cost; each is counted in a column of its own, and none may ever be above 0. */
export const LOSSES = [
  "a person's commit lost",
  'pull requests doubled',
  'comments doubled',
  'over the limit',
  'labels or people lost',
  'never mended',
  'wrong words',
  'undone and unsaid',
  'called a bug',
  "a person's words lost",
  'a no not heard',
] as const;
export type Loss = (typeof LOSSES)[number];

/** An attack that has not been made yet: its row in the table, and what it is in particular. */
export interface Attack {
  readonly row: string;
  readonly what: string;
  readonly make: () => Promise<Outcome>;
}

/** What an attack cost. */
export interface Outcome {
  readonly losses: readonly Loss[];
  /** Whether the attacked run itself came to the end that an undisturbed one comes to. */
  readonly shrugged: boolean;
  readonly said?: string;
}

/** What people see on GitHub, without hashes, numbers and times. */
export interface End {
  readonly branches: readonly string[];
  readonly pulls: readonly string[];
  /** How many comments each of them has. */
  readonly comments: readonly number[];
  readonly reports: readonly string[];
}

export async function describeEnd({ server }: Stage): Promise<End> {
  const { git, pulls } = server;
  const branches = await git.text(['for-each-ref', '--format=%(refname:short)', 'refs/heads/memory-inspector']);
  const manifests = branches.split('\n').map(async (branch) => {
    const tree = branch === '' ? '' : await git.text(['rev-parse', `${await git.ref(`refs/heads/${branch}`)}:k8s`]);
    return `${branch} ${tree}`;
  });
  const sorted = pulls.toSorted((a, b) => (a.head < b.head ? -1 : 1));
  const shown = sorted.map(({ head, state, title, labels, reviewers, assignees }) =>
    [head, state, title, labels, reviewers, assignees].join(' | '),
  );
  const reports = await git.text([
    'ls-tree',
    '-r',
    '--name-only',
    (await git.ref('refs/heads/main')) ?? '',
    'reports/',
  ]);
  return {
    branches: await Promise.all(manifests),
    pulls: shown,
    comments: sorted.map(({ comments }) => comments.length),
    reports: reports.split('\n'),
  };
}

export function isSame(a: End, b: End): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function openPulls({ server }: Stage) {
  return server.pulls.filter(({ state }) => state === 'open');
}

/** What may be wrong with a stage. `most` is how many may be open, `again` whether one that was closed may follow another. */
export async function findLosses(stage: Stage, { most = LIMIT, again = false } = {}): Promise<Loss[]> {
  const { pulls } = stage.server;
  const losses: Loss[] = [];
  if ((await stage.server.readText((await headOf(stage, 'mine')) ?? '', 'MINE.md')) !== 'By hand\n')
    losses.push("a person's commit lost");
  const open = openPulls(stage);
  const counted = again ? open : pulls;
  if (new Set(counted.map(({ head }) => head)).size < counted.length) losses.push('pull requests doubled');
  if (pulls.some(({ comments }) => new Set(comments.map(({ body }) => body)).size < comments.length))
    losses.push('comments doubled');
  if (open.length > most) losses.push('over the limit');
  return losses;
}

function headOf({ server }: Stage, name: string): Promise<string | undefined> {
  return server.git.ref(`refs/heads/${branchOf(name)}`);
}

/** Whether an open pull request lacks what was to be asked for when it was opened. */
export function lacksPeople(stage: Stage): boolean {
  return openPulls(stage).some(
    ({ labels, reviewers, assignees }) => labels.length === 0 || reviewers.length === 0 || assignees.length === 0,
  );
}

/** What is wrong with what a run said. `known` are the pull requests that were there before it. */
export function findWrongWords(stage: Stage, known: ReadonlySet<number>, seen: Seen): Loss[] {
  const losses: Loss[] = [];
  const opened = stage.server.pulls.filter(({ number }) => !known.has(number));
  const told = seen.pullRequests.filter(({ branch }) => opened.some(({ head }) => head === branch));
  if (told.some(({ state }) => state !== 'opened' && state !== 'failed')) losses.push('wrong words');
  if (`${seen.sentence} ${seen.summary}`.includes('This is a bug')) losses.push('called a bug');
  return losses;
}

/** Whether a run said of anything that it failed. */
export function complains({ outcome, pullRequests, warnings }: Seen): boolean {
  return outcome === 'error' || warnings.length > 0 || pullRequests.some(({ state }) => state === 'failed');
}

export function numbersOf({ server }: Stage): ReadonlySet<number> {
  return new Set(server.pulls.map(({ number }) => number));
}

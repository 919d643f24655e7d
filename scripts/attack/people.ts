import { manifestOf } from '../../test/deliver/observe-day.ts';
import type { Stage } from '../../test/deliver/whole-run.ts';
import type { FakePull, FakeRequest } from '../../test/github-server/server.mjs';
import { branchOf, copyStage, runBusy, runLater, SIZES } from './busy-scene.ts';
import { nameOf, type Undisturbed } from './cut-off.ts';
import { type Attack, findLosses, findWrongWords, type Loss, numbersOf, type Outcome } from './losses.ts';

/** What a person does to the pull request of a workload, and what has to be left of it after the next run. */
interface Deed {
  readonly row: string;
  readonly on: 'api' | 'old' | 'web';
  readonly act: (stage: Stage, pull: FakePull) => unknown;
  readonly isKept?: (pull: FakePull) => boolean;
  readonly loss?: Loss;
  /** Whether the deed is a no; otherwise the person closes the pull request after the next run, which is one. */
  readonly isNo?: boolean;
  /** Whether the pull request is merged for good, so that nothing is declined. */
  readonly isYes?: boolean;
}

const CLOSES = 'Closes #77';
const middle = (body: string) => {
  const lines = body.split('\n');
  return [...lines.slice(0, 3), CLOSES, ...lines.slice(3)].join('\n');
};
const edit = (change: (body: string) => string) => (_: Stage, pull: FakePull) => {
  pull.body = change(pull.body ?? '');
};
const says =
  (words: string) =>
  ({ body }: FakePull) =>
    (body ?? '').includes(words);

const DEEDS: readonly Deed[] = [
  ...(['api', 'old', 'web'] as const).map(
    (on): Deed => ({
      row: `a person pushes to the pull request of ${on}`,
      on,
      act: ({ server }, { head }) => server.commitFiles(head, { [`${on}.md`]: 'By hand\n' }),
    }),
  ),
  ...(['api', 'web'] as const).map(
    (on): Deed => ({
      row: `a person closes the pull request of ${on}`,
      on,
      act: ({ server }, { number }) => server.closePull(number),
      isNo: true,
    }),
  ),
  {
    row: 'a person merges it',
    on: 'api',
    act: ({ server }, { number }) => server.mergePull(number),
    isYes: true,
  },
  {
    row: 'a person merges and reverts it',
    on: 'api',
    act: async ({ server }, { number }) => {
      await server.mergePull(number);
      const sizes = SIZES.api;
      await server.commitFiles('main', manifestOf('api', sizes), { message: 'Revert "Raise memory"' });
    },
    isNo: true,
  },
  {
    row: 'a person deletes its branch',
    on: 'api',
    act: ({ server }, { head }) => server.deleteBranch(head),
    isNo: true,
  },
  {
    row: 'a person changes its title',
    on: 'api',
    act: (_, pull) => {
      pull.title = 'More memory for the API';
    },
    isKept: ({ title }) => title === 'More memory for the API',
  },
  { row: 'a person adds words above', on: 'api', act: edit((body) => `${CLOSES}\n\n${body}`), isKept: says(CLOSES) },
  { row: 'a person adds words within', on: 'api', act: edit(middle), isKept: says(CLOSES) },
  { row: 'a person adds words below', on: 'api', act: edit((body) => `${body}\n\n${CLOSES}`), isKept: says(CLOSES) },
  {
    row: 'a person removes the marker',
    on: 'api',
    act: edit((body) => body.replace(/<!--[^>]*-->/g, '')),
  },
  {
    row: 'a person replaces the body',
    on: 'api',
    act: edit(() => 'Mine now'),
    isKept: says('Mine now'),
  },
  {
    row: 'a person adds a label',
    on: 'api',
    act: (_, pull) => void pull.labels.push('urgent'),
    isKept: ({ labels }) => labels.includes('urgent'),
  },
];

/**
 * Between any two requests of a run a person does something. Not just before words are written: GitHub has no write that
 * depends on what was read before.
 */
export function people(busy: Stage, { requests }: Undisturbed): Attack[] {
  const isWriteOfWords = ({ method, body }: FakeRequest) =>
    method === 'PATCH' && typeof body === 'object' && body !== null && 'body' in body;
  // After it only the report is committed.
  const last = requests.findLastIndex(({ write, operation }) => write && operation !== 'createCommitOnBranch');
  return DEEDS.flatMap((deed) =>
    requests.slice(0, last + 2).flatMap((request, n): Attack[] => {
      if (deed.isKept !== undefined && isWriteOfWords(request)) return [];
      return [{ row: deed.row, what: `before ${n} ${nameOf(request)}`, make: () => interfere(busy, deed, n) }];
    }),
  );
}

async function interfere(busy: Stage, deed: Deed, n: number): Promise<Outcome> {
  const stage = await copyStage(busy);
  try {
    const { server } = stage;
    const known = numbersOf(stage);
    const losses = new Set<Loss>();
    let touched: FakePull | undefined;
    const before = async () => {
      touched = server.pulls.find(({ head, state }) => head === branchOf(deed.on) && state === 'open');
      if (touched !== undefined) await deed.act(stage, touched);
    };
    server.faults.add({ on: () => true, skip: n, times: 1, before });
    const seen = await runBusy(stage);
    for (const loss of [...(await findLosses(stage, { again: true })), ...findWrongWords(stage, known, seen)])
      losses.add(loss);
    const pull = touched;
    if (pull === undefined) return { losses: [...losses], shrugged: true };
    await runLater(stage, 1);
    for (const loss of await findLosses(stage, { again: true })) losses.add(loss);
    if (deed.isKept?.(pull) === false) losses.add("a person's words lost");
    if (deed.row.includes('pushes') && !(await holds(stage, deed.on))) losses.add("a person's commit lost");
    if (deed.isYes !== true && deed.on !== 'old' && !(await isHeard(stage, deed, pull))) losses.add('a no not heard');
    const said = seen.pullRequests.map(({ number, state }) => `${number ?? '-'} ${state}`).join(', ');
    return { losses: [...losses], shrugged: losses.size === 0, said };
  } finally {
    await stage.close();
  }
}

async function holds({ server }: Stage, name: string): Promise<boolean> {
  const head = await server.git.ref(`refs/heads/${branchOf(name)}`);
  return head !== undefined && (await server.readText(head, `${name}.md`)) === 'By hand\n';
}

/** Whether nothing is proposed anew once the person has closed it. */
async function isHeard(stage: Stage, { isNo, on }: Deed, pull: FakePull): Promise<boolean> {
  const { server } = stage;
  if (isNo !== true && pull.state === 'open') {
    server.closePull(pull.number);
    if ((await server.git.ref(`refs/heads/${pull.head}`)) !== undefined) await server.deleteBranch(pull.head);
  }
  const made = () => server.pulls.filter(({ head }) => head === branchOf(on)).length;
  const before = isNo === true ? 1 : made();
  await runLater(stage, 2);
  return made() === before;
}

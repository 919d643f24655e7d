import type { Seen, Stage } from '../../test/deliver/whole-run.ts';
import type { FakeRequest } from '../../test/github-server/server.mjs';
import { copyStage, runBusy, runLater } from './busy-scene.ts';
import {
  type Attack,
  complains,
  describeEnd,
  type End,
  findLosses,
  findWrongWords,
  isSame,
  type Loss,
  lacksPeople,
  numbersOf,
  type Outcome,
} from './losses.ts';

/** The run that nobody disturbs: its requests, and the end that each other one must come to. */
export interface Undisturbed {
  readonly requests: readonly FakeRequest[];
  readonly end: End;
}

export async function runUndisturbed(busy: Stage): Promise<Undisturbed> {
  const stage = await copyStage(busy);
  try {
    const start = stage.server.requests.length;
    await runBusy(stage);
    return { requests: stage.server.requests.slice(start), end: await describeEnd(stage) };
  } finally {
    await stage.close();
  }
}

export function nameOf({ method, operation, path }: FakeRequest): string {
  const { 4: first = '', 5: second = '', 6: third = '' } = path.split('/');
  const number = /^\d+$/.test(second) ? ` ${third}` : '';
  return operation ?? `${method} ${first === 'git' ? second : first}${number}`;
}

/** Every request, before and after its work, is the last that a runner makes. */
export function kills(busy: Stage, undisturbed: Undisturbed): Attack[] {
  return [false, true].flatMap((after) =>
    undisturbed.requests.map((request, n): Attack => {
      const row = `killed ${after ? 'after' : 'before'} a request`;
      const begin = ({ server }: Stage) => server.faults.killAt(n, { after });
      return { row, what: `${n} ${nameOf(request)}`, make: () => disturb(busy, undisturbed, begin) };
    }),
  );
}

interface Failure {
  readonly row: string;
  readonly answer: unknown;
  readonly after?: boolean;
  /** More than once: longer than anything tries again. */
  readonly times?: number;
  /** Whether it is GitHub's last word: labels and people that it refuses so need not be asked for again, if that is said. */
  readonly final?: boolean;
}

const answer = (status: number, message: string, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  body: { message },
  headers,
});
const FAILURES: readonly Failure[] = [
  { row: 'status 403', answer: answer(403, 'Resource not accessible by integration'), final: true },
  { row: 'status 404', answer: answer(404, 'Not Found') },
  { row: 'status 409', answer: answer(409, 'Conflict') },
  { row: 'status 422', answer: answer(422, 'Validation Failed'), final: true },
  { row: 'status 429', answer: answer(429, 'Too Many Requests', { 'retry-after': '1' }) },
  { row: 'status 500', answer: answer(500, 'Server Error') },
  { row: 'status 502', answer: answer(502, 'Server Error') },
  { row: 'status 502, however often', answer: answer(502, 'Server Error'), times: 20 },
  { row: 'status 503', answer: answer(503, 'Service Unavailable') },
  { row: 'connection cut', answer: 'drop' },
  { row: 'connection cut, however often', answer: 'drop', times: 20 },
  { row: 'answer lost', answer: 'drop', after: true },
  { row: 'answer lost, however often', answer: 'drop', after: true, times: 20 },
  { row: '200 without a body', answer: { status: 200, body: undefined, headers: {} } },
  {
    row: '200 with a page of HTML',
    answer: { status: 200, body: '<!DOCTYPE html><p>Hello', headers: { 'content-type': 'text/html' } },
  },
];

/** Every request once fails in every way. */
export function faults(busy: Stage, undisturbed: Undisturbed): Attack[] {
  return failEach(busy, undisturbed, FAILURES);
}

function failEach(busy: Stage, undisturbed: Undisturbed, failures: readonly Failure[]): Attack[] {
  return failures.flatMap(({ row, times = 1, final = false, ...fault }) =>
    undisturbed.requests.map((request, n): Attack => {
      let left = n;
      // After the first one, only what tries the very same again.
      const on = (one: FakeRequest) => left-- <= 0 && one.path === request.path && nameOf(one) === nameOf(request);
      const begin = ({ server }: Stage) => void server.faults.add({ ...fault, on, times });
      const mayStay = final && /\/(labels|assignees|requested_reviewers)$/.test(request.path);
      return { row, what: `${n} ${nameOf(request)}`, make: () => disturb(busy, undisturbed, begin, { mayStay }) };
    }),
  );
}

const SILENCES: readonly Failure[] = [
  { row: 'no answer', answer: 'hang' },
  { row: 'no answer, its work done', answer: 'hang', after: true },
  { row: 'no answer, however often', answer: 'hang', times: 20 },
];

/** Every request once hangs. These runs wait for long, and do nothing meanwhile. */
export function silences(busy: Stage, undisturbed: Undisturbed): Attack[] {
  return failEach(busy, undisturbed, SILENCES);
}

/** Every request is the last that a runner makes, and for the run after it, lists and branches are behind. */
export function killsBeforeOldLists(busy: Stage, undisturbed: Undisturbed): Attack[] {
  return undisturbed.requests.map((request, n): Attack => {
    const begin = ({ server }: Stage) => server.faults.killAt(n, { after: true });
    const behind = ({ server }: Stage) =>
      void Object.assign(server.state, { listLag: 2, refLag: 1, mergeableAfter: 1 });
    const make = () => disturb(busy, undisturbed, begin, { behind });
    return { row: 'killed, then everything read is behind', what: `${n} ${nameOf(request)}`, make };
  });
}

interface Aftermath {
  /** Whether what is undone and said may remain so. */
  readonly mayStay?: boolean;
  /** What a first run after it meets, before the one by which all must be well. */
  readonly behind?: (stage: Stage) => void;
}

/** Disturbs a run, lets another one follow, and counts what was lost on the way. */
async function disturb(
  busy: Stage,
  { end }: Undisturbed,
  begin: (stage: Stage) => void,
  { mayStay = false, behind }: Aftermath = {},
): Promise<Outcome> {
  const stage = await copyStage(busy);
  try {
    const known = numbersOf(stage);
    begin(stage);
    const seen = await runBusy(stage);
    stage.server.faults.clear();
    const first = await describeEnd(stage);
    const shrugged = isSame(first, end);
    const losses = new Set<Loss>([...(await findLosses(stage)), ...findWrongWords(stage, known, seen)]);
    if (behind !== undefined) {
      behind(stage);
      await runLater(stage, 1);
      stage.server.faults.clear();
      for (const loss of await findLosses(stage)) losses.add(loss);
    }
    // A comment that is owed is written by a later run, and nobody misses it until then.
    const isUndone = !isSame({ ...first, comments: end.comments }, end);
    if (isUndone && !complains(seen)) losses.add('undone and unsaid');
    if (!shrugged && !(mayStay && complains(seen))) {
      const before = numbersOf(stage);
      const next = await runLater(stage, 2);
      for (const loss of [...(await findLosses(stage)), ...findWrongWords(stage, before, next)]) losses.add(loss);
      if (lacksPeople(stage)) losses.add('labels or people lost');
      if (!isSame(await describeEnd(stage), end)) losses.add('never mended');
    }
    return { losses: [...losses], shrugged, said: sayWhat(seen) };
  } finally {
    await stage.close();
  }
}

function sayWhat({ outcome, pullRequests, sentence }: Seen): string {
  const states = pullRequests.map(({ number, state }) => `${number ?? '-'} ${state}`).join(', ');
  return `${outcome}: ${states}${outcome === 'error' ? ` (${sentence?.slice(0, 300)})` : ''}`;
}

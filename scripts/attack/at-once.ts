import { openGate } from '../../test/deliver/gate.ts';
import { noise } from '../../test/deliver/observe-day.ts';
import type { Seen, Stage } from '../../test/deliver/whole-run.ts';
import { copyStage, LIMIT, observe, observeBusy, runBusy, runLater, using } from './busy-scene.ts';
import { type Attack, findLosses, findWrongWords, type Loss, lacksPeople, numbersOf, type Outcome } from './losses.ts';

const ROUNDS = 100;

/** A number from 0 to below `below` that the words decide. */
function draw(below: number, ...words: readonly (string | number)[]): number {
  return Math.min(below - 1, Math.floor(((noise(...words) + 1) / 2) * below));
}

/** What one of several runs at once may be: other values, another limit, or one that finds nothing left to do. */
const KINDS = [
  { observation: observeBusy(), limit: LIMIT },
  { observation: observe([using('api', 900), using('web', 980), using('more', 800)]), limit: LIMIT },
  { observation: observeBusy(), limit: LIMIT + 1 },
  { observation: observe([]), limit: LIMIT },
];

const CLOSES = 3;

/** Rounds of two to four runs at once, whose requests follow one another as the round's number decides. */
export function runsAtOnce(busy: Stage): Attack[] {
  return Array.from({ length: ROUNDS }, (_, round): Attack => {
    const count = 2 + draw(3, 'runs', round);
    const kinds = Array.from({ length: count }, (__, at) => draw(KINDS.length, 'kind', round, at));
    const what = `round ${round}, kinds ${kinds.join(' ')}`;
    return { row: `${count} runs at once`, what, make: () => playRound(busy, round, kinds) };
  });
}

async function playRound(busy: Stage, round: number, kinds: readonly number[]): Promise<Outcome> {
  const stage = await copyStage(busy);
  let step = 0;
  const gate = await openGate(stage.server.url, kinds.length, (below) => draw(below, 'turn', round, step++));
  const chosen = kinds.flatMap((kind) => KINDS[kind] ?? []);
  const most = Math.max(...chosen.map(({ limit }) => limit));
  try {
    const known = numbersOf(stage);
    const seen = await Promise.all(
      chosen.map(async ({ observation, limit }, at): Promise<Seen> => {
        const more = { 'pull-request-limit': String(limit) };
        const one = await runBusy(stage, observation, more, gate.urls[at]);
        gate.leave(at);
        return one;
      }),
    );
    // What one of the runs found gone and closed, another one may open again.
    const rules = { most, again: kinds.includes(CLOSES) };
    const losses = new Set<Loss>(await findLosses(stage, rules));
    const complaints = seen
      .flatMap((one) => findWrongWords(stage, known, one))
      .filter((loss) => loss === 'called a bug');
    for (const loss of complaints) losses.add(loss);
    const opened = stage.server.pulls.filter(({ number }) => !known.has(number));
    const told = seen.flatMap(({ pullRequests }) => pullRequests.filter(({ state }) => state === 'opened'));
    if (opened.some(({ number }) => told.filter((one) => one.number === number).length !== 1))
      losses.add('wrong words');
    const before = numbersOf(stage);
    const next = await runLater(stage, 1, { 'pull-request-limit': String(most) });
    for (const loss of findWrongWords(stage, before, next)) losses.add(loss);
    for (const loss of await findLosses(stage, rules)) losses.add(loss);
    if (lacksPeople(stage)) losses.add('labels or people lost');
    const last = await runLater(stage, 2, { 'pull-request-limit': String(most) });
    const restless = last.pullRequests.some(({ state }) => ['opened', 'updated', 'closed', 'failed'].includes(state));
    if (restless) losses.add('never mended');
    return { losses: [...losses], shrugged: seen.every(({ outcome }) => outcome !== 'error'), said: sayAll(seen) };
  } finally {
    await gate.close();
    await stage.close();
  }
}

function sayAll(seen: readonly Seen[]): string {
  return seen
    .map(({ pullRequests }) =>
      pullRequests
        .map(({ number, state, why }) => `${number ?? '-'} ${state}${state === 'failed' ? ` (${why})` : ''}`)
        .join(', '),
    )
    .join(' / ');
}

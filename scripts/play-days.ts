/*
 * Plays 30 days of one run each against a GitHub of their own, and prints how often people hear of it:
 * `node scripts/play-days.ts [SCENE...]`; with `DETAILS=1`, each day as well.
 */
import { PLAYS } from '../test/deliver/noisy-plays.ts';
import { type Play, playDays, sumUp, TABLE_HEAD, writeRow } from '../test/deliver/play-days.ts';

const wanted = process.argv.slice(2);
const plays = Object.entries<Play>(PLAYS).filter(([key]) => wanted.length === 0 || wanted.includes(key));
console.log(TABLE_HEAD);
for (const [, play] of plays) {
  const days = await playDays(play);
  console.log(writeRow(play.name, sumUp(days)));
  if (process.env.DETAILS === undefined) continue;
  for (const { day, seen, proposed, ...told } of days) {
    const states = seen.pullRequests.map(({ number, state, why }) => `#${number ?? '-'} ${state} ${why ?? ''}`);
    console.log(day, seen.outcome, JSON.stringify(told), JSON.stringify(proposed), states.join('; '));
  }
}

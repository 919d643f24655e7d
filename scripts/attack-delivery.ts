/*
 * Attacks whole runs upon a GitHub of their own, and counts what they lose: `node scripts/attack-delivery.ts [WORD]`. With a
 * word, only rows that hold it; with `DETAILS=1`, each attack that cost something as well. Ends with 1 if anything was lost.
 * It shares the work with processes of itself, one for each core.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { runsAtOnce } from './attack/at-once.ts';
import { openBusyStage } from './attack/busy-scene.ts';
import { faults, kills, killsBeforeOldLists, runUndisturbed, silences } from './attack/cut-off.ts';
import { type Attack, LOSSES, type Outcome } from './attack/losses.ts';
import { people } from './attack/people.ts';

/** Of one process: a run waits for answers most of the time. */
const AT_ONCE = 8;
/** Seconds that are half a minute for a run, so that a silence is over soon. */
const HALF_MINUTE = 2;

/** An attack that was made. */
interface Made extends Outcome {
  readonly order: number;
  readonly row: string;
  readonly what: string;
}

const [, script = '', word = ''] = process.argv;
const { SHARD: shard, DETAILS: details } = process.env;
if (shard === undefined) process.exitCode = await attackAll();
else await attackShare(shard);

/** Makes one share of the attacks, and prints each as a line of JSON. `share` is its index and how many there are. */
async function attackShare(share: string): Promise<void> {
  const [index = 0, count = 1] = share.split('/').map(Number);
  if (existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm';
  shortenWaits();
  const busy = await openBusyStage();
  const undisturbed = await runUndisturbed(busy);
  const groups = [kills, killsBeforeOldLists, faults, silences, runsAtOnce, people];
  const all = groups.map((group) => group(busy, undisturbed).filter(({ row }) => row.includes(word)));
  const shared = [...all.flat().entries()].filter(([order]) => order % count === index);
  const isSilent = ([, { row }]: Numbered) => row.startsWith('no answer');
  const [silent, loud] = [shared.filter(isSilent).values(), shared.filter((one) => !isSilent(one)).values()];
  await Promise.all(Array.from({ length: 2 * AT_ONCE }, (_, worker) => makeAll(worker < AT_ONCE ? loud : silent)));
  await busy.close();
}

/** A run gives GitHub half a minute to answer. What is shorter takes its time. */
function shortenWaits(): void {
  const { setTimeout: wait } = globalThis;
  const shorten = (work: (...words: unknown[]) => void, ms = 0, ...words: unknown[]) =>
    wait(work, ms < 10_000 ? ms : (ms * HALF_MINUTE) / 30, ...words);
  globalThis.setTimeout = Object.assign(shorten, wait);
}

type Numbered = readonly [order: number, Attack];

async function makeAll(attacks: Iterator<Numbered>): Promise<void> {
  for (let next = attacks.next(); next.done !== true; next = attacks.next()) {
    const [order, { row, what, make }] = next.value;
    const made: Made = { order, row, what, ...(await make()) };
    console.log(JSON.stringify(made));
  }
}

async function attackAll(): Promise<number> {
  const count = availableParallelism();
  const shares = await Promise.all(Array.from({ length: count }, (_, index) => readShare(`${index}/${count}`)));
  const made = shares.flat().sort((a, b) => a.order - b.order);
  printTable(made);
  const costly = made.filter(({ losses }) => losses.length > 0);
  if (details !== undefined)
    for (const { row, what, losses, said } of costly)
      console.log(`${row}: ${what}: ${losses.join(', ')}. ${said ?? ''}`);
  return costly.length === 0 ? 0 : 1;
}

async function readShare(share: string): Promise<Made[]> {
  const child = spawn(process.execPath, [script, word], {
    env: { ...process.env, SHARD: share },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const made: Made[] = [];
  for await (const line of createInterface(child.stdout)) made.push(JSON.parse(line));
  if ((await ended) !== 0) throw new Error(`the share ${share} of the attacks ended early`);
  return made;
}

function printTable(made: readonly Made[]): void {
  const rows = Map.groupBy(made, ({ row }) => row);
  console.log(`| attack | times | no effect | ${LOSSES.join(' | ')} |`);
  console.log(`|---|--:|--:|${LOSSES.map(() => '--:').join('|')}|`);
  const line = (name: string, attacks: readonly Made[]) => {
    const lost = LOSSES.map((loss) => attacks.filter(({ losses }) => losses.includes(loss)).length);
    const cells = [name, attacks.length, attacks.filter(({ shrugged }) => shrugged).length, ...lost];
    console.log(`| ${cells.join(' | ')} |`);
  };
  for (const [row, attacks] of rows) line(row, attacks);
  line('all', made);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { inParallel } from './processes.mjs';
import { requirePrograms } from './programs.mjs';

/**
 * One time series: its value at a time (seconds since the epoch), or undefined
 * where it has no sample.
 *
 * @typedef {object} Series
 * @property {string} metric
 * @property {Record<string, string>} labels
 * @property {(time: number) => number | undefined} value
 * @property {number} [from] no sample before this time
 * @property {number} [to] no sample after this time
 * @property {boolean} [long] kept as far back as the history goes; otherwise only where it is dense
 */

/**
 * A stretch of history: samples every `step` seconds from `from` (included) up
 * to `to` (left out), in blocks of `block` seconds.
 *
 * @typedef {{ from: number, to: number, step: number, block: number, longOnly?: boolean }} Stretch
 */

/** @typedef {Series & { head: string, bytes: Buffer }} Line */

/**
 * Writes series into Prometheus blocks below `data`, two blocks at a time.
 *
 * @param {Series[]} series
 * @param {Stretch[]} stretches
 * @param {{ data: string }} options
 * @returns {Promise<number>} the number of samples
 */
export async function writeHistory(series, stretches, { data }) {
  const { history } = requirePrograms(['history']);
  await mkdir(data, { recursive: true });
  const lines = mergeSame(series);
  const blocks = stretches.flatMap(cutIntoBlocks);
  let samples = 0;
  const halves = [0, 1].map((half) => blocks.filter((_, index) => index % 2 === half));
  await inParallel(halves, 2, async (half) => {
    const child = spawn(history, [data], { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const ended = once(child, 'close');
    // A writer that fails closes its input; what it said is the error to show.
    child.stdin.on('error', () => {});
    for (const block of half) {
      if (child.exitCode !== null) break;
      const sent = await sendBlock(child.stdin, lines, block);
      samples += sent;
    }
    child.stdin.end();
    const [code] = await ended;
    if (code !== 0) throw new Error(`writing the history failed (${code}): ${said.trim()}`);
  });
  return samples;
}

/** @param {Stretch} stretch */
function cutIntoBlocks(stretch) {
  const blocks = [];
  for (let from = stretch.from; from < stretch.to; ) {
    const to = Math.min((Math.floor(from / stretch.block) + 1) * stretch.block, stretch.to);
    blocks.push({ ...stretch, from, to });
    from = to;
  }
  return blocks;
}

/**
 * A series that several pods tell of (their ReplicaSet's owner) is written once,
 * over the time of all of them.
 *
 * @param {Series[]} series
 */
function mergeSame(series) {
  /** @type {Map<string, Line>} */
  const merged = new Map();
  for (const one of series) {
    const pairs = Object.entries({ ...one.labels, __name__: one.metric }).sort(([a], [b]) => (a < b ? -1 : 1));
    const head = pairs.map(([name, value]) => `${name}\0${value}\0`).join('');
    const same = merged.get(head);
    if (!same) merged.set(head, { ...one, head, bytes: Buffer.from(head) });
    else {
      same.from = Math.min(same.from ?? 0, one.from ?? 0);
      same.to = Math.max(same.to ?? Number.POSITIVE_INFINITY, one.to ?? Number.POSITIVE_INFINITY);
    }
  }
  return [...merged.values()];
}

/**
 * Sends a block in the form that the history program documents.
 *
 * @param {import('node:stream').Writable} stream
 * @param {Line[]} lines
 * @param {Stretch} block
 */
async function sendBlock(stream, lines, block) {
  const begin = Buffer.alloc(9);
  begin.write('B');
  begin.writeBigInt64LE(BigInt(block.block), 1);
  /** @type {Buffer[]} */
  let parts = [begin];
  let size = 0;
  let samples = 0;
  for (const line of lines) {
    if (block.longOnly && !line.long) continue;
    const { bytes, count } = encode(line, block);
    if (count === 0) continue;
    parts.push(bytes);
    size += bytes.length;
    samples += count;
    if (size > 1 << 20) {
      await send(stream, parts);
      parts = [];
      size = 0;
    }
  }
  await send(stream, [...parts, Buffer.from('E')]);
  return samples;
}

/**
 * @param {import('node:stream').Writable} stream
 * @param {Buffer[]} parts
 */
function send(stream, parts) {
  // The callback comes as well when the reader is gone, so nothing waits for ever.
  return new Promise((resolve) => stream.write(Buffer.concat(parts), () => resolve(undefined)));
}

/**
 * @param {Line} line
 * @param {Stretch} block
 */
function encode(line, { from, to, step }) {
  const first = from + Math.max(0, Math.ceil(((line.from ?? from) - from) / step)) * step;
  const end = Math.min(to, (line.to ?? to) + 1);
  const length = Math.max(0, Math.ceil((end - first) / step));
  const bytes = Buffer.allocUnsafe(5 + line.bytes.length + 16 + 8 * length);
  bytes.write('S');
  bytes.writeUInt32LE(line.bytes.length, 1);
  line.bytes.copy(bytes, 5);
  let offset = 5 + line.bytes.length;
  bytes.writeBigInt64LE(BigInt(first), offset);
  bytes.writeUInt32LE(step, offset + 8);
  bytes.writeUInt32LE(length, offset + 12);
  offset += 16;
  let count = 0;
  for (let index = 0; index < length; index++) {
    const value = line.value(first + index * step);
    if (value !== undefined) count++;
    offset = bytes.writeDoubleLE(value ?? Number.NaN, offset);
  }
  return { bytes, count };
}

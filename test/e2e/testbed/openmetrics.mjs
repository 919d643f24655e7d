import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel, run } from './processes.mjs';
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
 * to `to` (left out).
 *
 * @typedef {{ from: number, to: number, step: number, longOnly?: boolean }} Stretch
 */

const BLOCK = 2 * 3600;

/**
 * Writes series into Prometheus blocks below `data`. One text file is made for
 * each two-hour block, since promtool reads a file again for every block it spans.
 *
 * @param {Series[]} series
 * @param {Stretch[]} stretches
 * @param {{ directory: string, data: string }} options
 * @returns {Promise<number>} the number of samples
 */
export async function writeHistory(series, stretches, { directory, data }) {
  const { promtool } = requirePrograms(['promtool']);
  const texts = join(directory, 'openmetrics');
  await mkdir(texts, { recursive: true });
  await mkdir(data, { recursive: true });
  const byMetric = [...series].sort((a, b) => (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0));
  const lines = mergeSame(byMetric.map((one) => ({ ...one, head: seriesName(one) })));
  const blocks = stretches.flatMap(cutIntoBlocks);
  let samples = 0;
  await inParallel(blocks, 2, async (block) => {
    const file = join(texts, `${block.from}-${block.step}.txt`);
    const written = await writeText(file, lines, block);
    samples += written;
    if (written > 0) await run(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, data]);
    await rm(file);
  });
  await rm(texts, { recursive: true });
  return samples;
}

/**
 * The size of a folder of blocks in bytes.
 *
 * @param {string} data
 */
export async function historySize(data) {
  let bytes = 0;
  for (const entry of await readdir(data, { recursive: true })) bytes += (await stat(join(data, entry))).size;
  return bytes;
}

/** @param {Stretch} stretch */
function cutIntoBlocks(stretch) {
  const blocks = [];
  for (let from = stretch.from; from < stretch.to; ) {
    const to = Math.min((Math.floor(from / BLOCK) + 1) * BLOCK, stretch.to);
    blocks.push({ ...stretch, from, to });
    from = to;
  }
  return blocks;
}

/**
 * A series that several pods tell of (their ReplicaSet's owner) is written once,
 * over the time of all of them.
 *
 * @param {(Series & { head: string })[]} lines
 */
function mergeSame(lines) {
  /** @type {Map<string, Series & { head: string }>} */
  const merged = new Map();
  for (const line of lines) {
    const same = merged.get(line.head);
    if (!same) merged.set(line.head, line);
    else {
      same.from = Math.min(same.from ?? 0, line.from ?? 0);
      same.to = Math.max(same.to ?? Number.POSITIVE_INFINITY, line.to ?? Number.POSITIVE_INFINITY);
    }
  }
  return [...merged.values()];
}

/** @param {Series} series */
function seriesName({ metric, labels }) {
  const quote = (/** @type {string} */ text) =>
    text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${quote(value)}"`);
  return `${metric}{${pairs.join(',')}} `;
}

/**
 * @param {string} file
 * @param {(Series & { head: string })[]} lines
 * @param {Stretch} block
 */
async function writeText(file, lines, block) {
  const stream = createWriteStream(file);
  let text = '';
  let samples = 0;
  for (const line of lines) {
    if (block.longOnly && !line.long) continue;
    const first = block.from + Math.max(0, Math.ceil(((line.from ?? 0) - block.from) / block.step)) * block.step;
    const end = Math.min(block.to, (line.to ?? Number.POSITIVE_INFINITY) + 1);
    for (let time = first; time < end; time += block.step) {
      const value = line.value(time);
      if (value === undefined) continue;
      text += `${line.head}${value} ${time}\n`;
      samples++;
    }
    if (text.length > 1 << 20) {
      if (!stream.write(text)) await once(stream, 'drain');
      text = '';
    }
  }
  stream.end(`${text}# EOF\n`);
  await once(stream, 'close');
  return samples;
}

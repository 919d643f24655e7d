import type { WorkloadRef } from '../../model/workload.ts';
import { isMadeOf, wordsOf } from '../../text/words.ts';
import { IN_A_UNIT } from '../effort.ts';
import { baseName } from '../reach.ts';
import { rememberSome } from '../remember.ts';
import { type Chart, chartFiles } from './find-charts.ts';
import type { Release } from './release.ts';
import type { Texts } from './texts.ts';

/**
 * Whether a release is likely to make a workload: its files hold what the workload's name and namespace could be made of. A
 * template can make up any name, so this only says which releases to render first.
 */
export type LikelyMakes = (release: Release, ref: WorkloadRef) => Promise<boolean>;

/** Words that are kept, of files and of charts. */
const MOST_WORDS = 500_000;

/** Reads the words of each chart and each file of values once. */
export function createLikelyMakes(texts: Texts, charts: ReadonlyMap<string, Chart>): LikelyMakes {
  const wordsOfFile = rememberSome(
    async (path: string) => {
      const text = (await texts.read(path))?.text ?? '';
      texts.effort.spend(text.length / IN_A_UNIT.looks);
      return wordsOf(text);
    },
    { weigh: ({ size }) => size, most: MOST_WORDS },
  );
  const readChart = async (folder: string) => {
    const files = [...chartFiles(folder, charts, texts)];
    const packed = files.some(([within]) => within.endsWith('.tgz'));
    const words = new Set<string>();
    for (const [, path] of files) for (const word of await wordsOfFile(path)) words.add(word);
    return { words, packed };
  };
  const wordsOfChart = rememberSome(readChart, { weigh: ({ words }) => words.size, most: MOST_WORDS });

  return async ({ name, namespace = '', chart, layers, set }, ref) => {
    if (chart.kind === 'remote') return false;
    const own = await wordsOfChart(chart.folder);
    // What is packed cannot be looked into this cheaply.
    if (own.packed) return true;
    const values = await Promise.all(layers.map(({ path }) => wordsOfFile(path)));
    const given = new Set([name, namespace, baseName(chart.folder), ...set.flatMap((pair) => [...wordsOf(pair)])]);
    const has = (word: string) => given.has(word) || [own.words, ...values].some((words) => words.has(word));
    const here = namespace === '' || namespace === ref.namespace || isMadeOf(ref.namespace, has);
    return here && isMadeOf(ref.name, (word) => has(word) || word === ref.namespace);
  };
}

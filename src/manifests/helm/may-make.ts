import type { WorkloadRef } from '../../model/workload.ts';
import { remember } from '../remember.ts';
import { type Chart, chartFiles, inside } from './find-charts.ts';
import type { Release } from './release.ts';
import type { Texts } from './texts.ts';

/** Whether rendering a release is worth its time: its files hold what the workload's name could be made of. */
export type MayMake = (release: Release, ref: WorkloadRef) => Promise<boolean>;

/** Reads the words of each chart and each file of values once. */
export function createMayMake(texts: Texts, charts: ReadonlyMap<string, Chart>): MayMake {
  const wordsOfFile = remember(async (path: string) => wordsOf((await texts.read(path))?.text ?? ''));
  const wordsOfChart = remember(async (folder: string) => {
    const words = new Set<string>();
    for (const [within, path] of chartFiles(folder, charts, texts)) {
      if (!/\.(ya?ml|tpl|tgz)$/.test(within)) continue;
      // What is packed cannot be looked into this cheaply.
      if (within.endsWith('.tgz')) words.add(ANYTHING);
      else for (const word of await wordsOfFile(path)) words.add(word);
    }
    return words;
  });

  return async ({ name, namespace, chart, layers, set }, ref) => {
    if (chart.kind === 'remote') return false;
    const sources = [
      await wordsOfChart(chart.folder),
      ...(await Promise.all(layers.map(({ path }) => wordsOfFile(path)))),
    ];
    const has = (word: string) =>
      sources.some((words) => words.has(word)) || set.some((pair) => pair.includes(word)) || name === word;
    if (has(ANYTHING)) return true;
    if (namespace !== undefined && namespace !== ref.namespace && !has(ref.namespace)) return false;
    return isMadeOf(ref.name, (word) => has(word) || baseOf(name, chart.folder).includes(word));
  };
}

const ANYTHING = '*';

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*/g));
}

function baseOf(name: string, folder: string): string[] {
  return [name, inside(folder).split('/').at(-2) ?? ''];
}

/** Whether a name is words joined by dashes: `shop-web` of `shop` and `web`, or of `shop-web`. */
function isMadeOf(name: string, has: (word: string) => boolean): boolean {
  const steps = name.split('-');
  const reached = [true, ...steps.map(() => false)];
  for (let from = 0; from < steps.length; from++) {
    if (!reached[from]) continue;
    for (let to = from + 1; to <= steps.length; to++) {
      if (has(steps.slice(from, to).join('-'))) reached[to] = true;
    }
  }
  return reached[steps.length] ?? false;
}

import { resolvePath } from '../reach.ts';
import type { Chart } from './find-charts.ts';

const EXPRESSION = /\{\{|\$\{|%\{/;

/**
 * The folders of the charts that a path, relative to a folder, may mean: the one that it names or, where an expression stands
 * in it that is not evaluated, all below what stands before that.
 */
export function chartsMeant(folder: string, written: string, charts: ReadonlyMap<string, Chart>): readonly string[] {
  const at = written.search(EXPRESSION);
  if (at < 0) {
    const resolved = resolvePath(folder, written);
    return resolved !== undefined && charts.has(resolved) ? [resolved] : [];
  }
  const fixed = written.slice(0, written.lastIndexOf('/', at) + 1);
  const outer = fixed === '' ? undefined : resolvePath(folder, fixed);
  if (outer === undefined) return [];
  return [...charts.keys()].filter((chart) => outer === '' || chart === outer || chart.startsWith(`${outer}/`));
}

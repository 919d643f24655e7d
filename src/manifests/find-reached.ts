import type { LoadGraph } from './kustomize/load-graph.ts';
import { baseName, folderOf } from './reach.ts';

/** What a file is rendered by: the path of the kustomization or of the chart's `Chart.yaml`. */
export type Reach = ReadonlyMap<string, string>;

const CHART_FOLDERS = new Set(['templates', 'crds', 'charts']);

/**
 * Which of the paths a kustomization or a chart of the repository loads. A kustomization that cannot be read is taken to
 * reach everything below it. A file that is only data to one (of a ConfigMap, say) is not rendered by it.
 */
export function findReached(paths: readonly string[], graph: LoadGraph): Reach {
  const reached = new Map<string, string>();
  const unreadableIn = new Map<string, string>();
  for (const { path, folder, files, unreadable } of graph.kustomizations.values()) {
    if (unreadable) unreadableIn.set(folder, path);
    for (const file of files) reached.set(file, path);
  }
  const charts = new Map(paths.filter((path) => baseName(path) === 'Chart.yaml').map((path) => [folderOf(path), path]));
  for (const path of charts.size + unreadableIn.size === 0 ? [] : paths) {
    const by = chartOf(path, charts) ?? reached.get(path) ?? unreadableAbove(path, unreadableIn);
    if (by !== undefined && by !== path) reached.set(path, by);
  }
  return reached;
}

/** The innermost chart that has the path among its templates, CRDs or charts. */
function chartOf(path: string, charts: ReadonlyMap<string, string>): string | undefined {
  const steps = path.split('/');
  for (let depth = steps.length - 2; depth >= 0; depth--) {
    const chart = CHART_FOLDERS.has(steps[depth] ?? '') ? charts.get(folderAt(steps, depth)) : undefined;
    if (chart !== undefined) return chart;
  }
  return undefined;
}

function unreadableAbove(path: string, unreadable: ReadonlyMap<string, string>): string | undefined {
  const steps = path.split('/');
  for (let depth = steps.length - 1; depth >= 0; depth--) {
    const found = unreadable.get(folderAt(steps, depth));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The folder that the first steps of a path make, `` or ending in `/`. */
function folderAt(steps: readonly string[], depth: number): string {
  return steps
    .slice(0, depth)
    .map((step) => `${step}/`)
    .join('');
}

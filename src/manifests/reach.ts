import { isObject, isParsed, type Json, parseManifest } from './documents.ts';

export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** What a file is rendered by: the path of the kustomization or of the chart's `Chart.yaml`. */
export type Reach = ReadonlyMap<string, string>;

const CHART_FOLDERS = new Set(['templates', 'crds', 'charts']);

export function isKustomization(path: string): boolean {
  return KUSTOMIZATION_NAMES.includes(baseName(path));
}

/**
 * Which of the paths a kustomization or a chart of the repository loads. `texts` holds every kustomization; one that
 * cannot be parsed is taken to reach everything below it.
 */
export function findReached(paths: readonly string[], texts: ReadonlyMap<string, string>): Reach {
  const reached = new Map<string, string>();
  const known = new Set(paths);
  for (const [path, text] of texts) {
    const folder = folderOf(path);
    const parsed = parseManifest(text);
    if (!isParsed(parsed)) {
      for (const other of paths) if (other.startsWith(folder) && other !== path) reached.set(other, path);
      continue;
    }
    for (const named of parsed.values.flatMap(filesNamed)) {
      const target = resolvePath(folder, named);
      if (target !== undefined && known.has(target)) reached.set(target, path);
    }
  }
  const charts = new Set(paths.filter((path) => baseName(path) === 'Chart.yaml').map(folderOf));
  for (const path of charts.size === 0 ? [] : paths) {
    const chart = chartOf(path, charts);
    if (chart !== undefined) reached.set(path, `${chart}Chart.yaml`);
  }
  return reached;
}

/** The folder of the innermost chart that has the path among its templates, CRDs or charts. */
function chartOf(path: string, charts: ReadonlySet<string>): string | undefined {
  const steps = path.split('/');
  for (let depth = steps.length - 2; depth >= 0; depth--) {
    const folder = steps
      .slice(0, depth)
      .map((step) => `${step}/`)
      .join('');
    if (CHART_FOLDERS.has(steps[depth] ?? '') && charts.has(folder)) return folder;
  }
  return undefined;
}

/** Every text in a kustomization that may name a file or folder: whatever its key, and however that is spelled. */
export function filesNamed(kustomization: Json): string[] {
  if (typeof kustomization === 'string') {
    if (kustomization === '' || kustomization.includes('\n')) return [];
    const at = kustomization.indexOf('=');
    return at < 0 ? [kustomization] : [kustomization, kustomization.slice(at + 1)];
  }
  if (Array.isArray(kustomization)) return kustomization.flatMap((item: Json) => filesNamed(item));
  return isObject(kustomization) ? Object.values(kustomization).flatMap(filesNamed) : [];
}

/** A relative path from a folder (`` or ending in `/`), without `.` and `..`; `undefined` when it leaves the repository. */
export function resolvePath(folder: string, relative: string): string | undefined {
  if (relative.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(relative)) return undefined;
  const steps: string[] = [];
  for (const step of `${folder}${relative}`.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}

/** The folder of a path, `` for the root, else ending in `/`. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

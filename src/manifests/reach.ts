import { isObject, isParsed, type Json, parseManifest } from './documents.ts';

export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** What a file is rendered by: the path of the kustomization or of the chart's `Chart.yaml`. */
export type Reach = ReadonlyMap<string, string>;

const FILE_LISTS = ['resources', 'bases', 'components', 'patchesStrategicMerge', 'transformers', 'generators', 'crds'];
const CHART_FOLDERS = ['templates', 'crds', 'charts'];

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
  for (const chart of paths.filter((path) => baseName(path) === 'Chart.yaml')) {
    for (const path of paths) {
      if (CHART_FOLDERS.some((folder) => path.startsWith(`${folderOf(chart)}${folder}/`))) reached.set(path, chart);
    }
  }
  return reached;
}

/** Every file or folder that a kustomization names, as written in it. */
export function filesNamed(kustomization: Json): string[] {
  if (!isObject(kustomization)) return [];
  const lists = FILE_LISTS.flatMap((key) => strings(kustomization[key]));
  const patches = ['patches', 'patchesJson6902', 'replacements'].flatMap((key) => {
    const entries = kustomization[key];
    return Array.isArray(entries)
      ? entries.flatMap((entry: Json) => (isObject(entry) ? strings([entry.path ?? '']) : []))
      : [];
  });
  return [...lists, ...patches].filter((name) => name !== '' && !name.includes('\n'));
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item: Json): item is string => typeof item === 'string') : [];
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

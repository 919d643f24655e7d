export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export function isKustomization(path: string): boolean {
  return KUSTOMIZATION_NAMES.includes(baseName(path));
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

/** A folder and all that it lies in, innermost first; none ends in `/`, and the root is empty. */
export function foldersAbove(folder: string): string[] {
  const steps = folder === '' ? [] : folder.split('/');
  return Array.from({ length: steps.length + 1 }, (_, left) => steps.slice(0, steps.length - left).join('/'));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** A private folder for renderings: what a rendered file names is in its copy or nowhere. */
export interface Scratch {
  /** Empty, and the home of every program that renders. */
  readonly home: string;
  /** A new, empty folder; `prefix` only helps a person who looks. */
  folder(prefix: string): string;
  remove(path: string): void;
  close(): void;
}

/** Makes the folder below `parent`, readable by nobody else. */
export function openScratch(parent: string): Scratch {
  const root = mkdtempSync(join(parent, 'memory-inspector-'));
  const home = join(root, 'home');
  mkdirSync(home, { mode: 0o700 });
  const remove = (path: string) => rmSync(path, { recursive: true, force: true });
  return {
    home,
    folder: (prefix) => mkdtempSync(join(root, `${prefix}-`)),
    remove,
    close: () => remove(root),
  };
}

/** Writes all entries as new files below a folder; the first path that cannot be one of a copy is given back. */
export function copyBelow(
  folder: string,
  entries: Iterable<readonly [path: string, content: string | Uint8Array]>,
): string | undefined {
  for (const [path, content] of entries) {
    try {
      writeBelow(folder, path, content);
    } catch {
      return path;
    }
  }
  return undefined;
}

/**
 * Writes a new file below a folder of a scratch, and nowhere else: the path comes from a repository. Throws a RangeError
 * for one that is absolute, that climbs, or that is no plain path; what is there already is never written over.
 */
export function writeBelow(folder: string, path: string, content: string | Uint8Array): void {
  const plain = path !== '' && !/[\\\0]/.test(path) && path.split('/').every((step) => !['', '.', '..'].includes(step));
  const target = join(folder, path);
  if (!plain || !target.startsWith(`${normalize(folder)}${sep}`)) {
    throw new RangeError(`the path ${JSON.stringify(path)} does not stay in the scratch copy`);
  }
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  writeFileSync(target, content, { mode: 0o600, flag: 'wx' });
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { placeInFolder, type ReportPlace } from '../inspect/report-places.ts';
import type { OptionName } from '../options/schema.ts';
import { explainRefused, makeFolder, openWorkspace, type Workspace } from '../repository/workspace.ts';

/** The folder of the checkout around `folder`; `folder` itself where there is none. */
export function findCheckout(folder: string): string {
  for (let candidate = resolve(folder); ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, '.git'))) return candidate;
    if (candidate === dirname(candidate)) return resolve(folder);
  }
}

/** Options whose files a person names from where they are, also outside the checkout. */
const TYPED = ['record', 'recording', 'sarif', 'junit'] as const satisfies readonly OptionName[];

/** A workspace that knows files which were typed by names that nothing else has. */
export interface TypedPaths {
  readonly workspace: Workspace;
  /** The values with these names instead of the paths. */
  readonly values: ReadonlyMap<OptionName, string>;
  /** The paths as they were typed, by name. */
  readonly names: ReadonlyMap<string, string>;
}

/** The checkout, and beside it the files that were typed. Throws a `UserError` for those that cannot be. */
export function openTyped(folder: string, values: ReadonlyMap<OptionName, string>): TypedPaths {
  const checkout = openWorkspace(findCheckout(folder));
  const named = new Map(values);
  const names = new Map<string, string>();
  const typed = new Map<string, string>();
  for (const option of TYPED) {
    const path = values.get(option);
    if (path === undefined) continue;
    const file = resolve(folder, path);
    if (option === 'recording' && !existsSync(file))
      throw new UserError(`--recording names "${path}", but there is no such file.`);
    const name = `typed as --${option}/${basename(file)}`;
    typed.set(name, file);
    names.set(name, path);
    named.set(option, name);
  }
  return { workspace: withTyped(checkout, typed), values: named, names };
}

function withTyped(checkout: Workspace, typed: ReadonlyMap<string, string>): Workspace {
  const at = <T>(path: string, work: (workspace: Workspace, path: string) => T): T => {
    const file = typed.get(path);
    return file === undefined ? work(checkout, path) : work(openFolderOf(file), basename(file));
  };
  return {
    root: checkout.root,
    list: checkout.list,
    read: (path, mostBytes) => at(path, (place, name) => place.read(name, mostBytes)),
    readBytes: (path, mostBytes) => at(path, (place, name) => place.readBytes(name, mostBytes)),
    write: (path, content) => at(path, (place, name) => place.write(name, content)),
    readStart: checkout.readStart,
    remove: checkout.remove,
  };
}

function openFolderOf(file: string): Workspace {
  return explainRefused(`The file "${file}" cannot be used`, () => {
    makeFolder(dirname(file));
    return openWorkspace(dirname(file));
  });
}

/** What an earlier run left begins so, and nothing else that has these names. */
const OWN_FILES = {
  'README.md': '# Memory reports',
  'index.html': '<meta name="generator" content="Kubernetes Memory Inspector">',
};
const BEGINNING = 2000;

/** Throws a `UserError` where a run would write over files of somebody else. */
function refuseForeign(path: string, output: string): void {
  for (const [name, mark] of Object.entries(OWN_FILES)) {
    const file = join(path, name);
    if (!existsSync(file) || readFileSync(file, 'utf8').slice(0, BEGINNING).includes(mark)) continue;
    throw new UserError(`--output names "${output}", where there is another ${name}: choose a folder of its own.`);
  }
}

export const USUAL_OUTPUT = 'memory-report';

/** The folder for what a run leaves; git does not see it where nobody has named it and the run made it. */
export function placeInOutput(folder: string, output: string): ReportPlace {
  const path = resolve(folder, output);
  const isNew = output === USUAL_OUTPUT && !existsSync(path);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) refuseForeign(path, output);
  const place = placeInFolder(path);
  return {
    ...place,
    write(written) {
      place.write(written);
      if (isNew) openWorkspace(path).write('.gitignore', '*\n');
    },
  };
}

/** A path as it is shortest to type from `folder`. */
export function shorten(folder: string, path: string): string {
  const way = relative(folder, path);
  return way === '' ? '.' : way.startsWith('..') ? path : way;
}

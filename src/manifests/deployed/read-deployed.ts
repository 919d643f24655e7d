import type { Json } from '../documents.ts';
import { type Effort, IN_A_UNIT } from '../effort.ts';
import {
  type ApplyingObject,
  type Deployed,
  type DeployedList,
  type Home,
  mayBe,
  UNKNOWN,
  type Unreadable,
} from './deployed.ts';
import { expandSet } from './expand-set.ts';
import { ARGO_GROUP, readApplicationFolders } from './read-argo.ts';
import { FLUX_GROUP, readFluxKustomization, SOURCE_GROUP } from './read-flux.ts';

/** What the list of applications is read from. */
export interface DeployedContext {
  /** The objects that stand in files as they are. */
  readonly objects: readonly ApplyingObject[];
  readonly paths: readonly string[];
  readonly home: Home;
  /** What reading the list may take; over it, `OverEffort` is thrown. */
  readonly effort: Effort;
  /** The plain values of a file's documents; `undefined` where it cannot be read. */
  read(path: string): Promise<readonly Json[] | undefined>;
  /** The objects that are written by what some objects apply (a chart of Applications, say), each asked for once. */
  written(objects: readonly ApplyingObject[]): Promise<WrittenObjects>;
}

export interface WrittenObjects {
  readonly objects: readonly ApplyingObject[];
  readonly unreadable: readonly Unreadable[];
}

/** Applications of applications of applications; deeper ones nobody keeps apart. */
const DEEPEST = 4;
/** More than any repository has. */
const MOST_OBJECTS = 10_000;

/** What the repository's own objects say is applied, those that sets and charts write included. */
export async function readDeployed(context: DeployedContext): Promise<DeployedList> {
  const folders = foldersIn(context.paths);
  const objects: ApplyingObject[] = [];
  const unreadable: Unreadable[] = [];
  let fresh: readonly ApplyingObject[] = context.objects;
  // Charts may write the first of them.
  for (let depth = 0; depth < DEEPEST && (depth === 0 || fresh.length > 0); depth++) {
    const expanded: ApplyingObject[] = [];
    for (const one of fresh) {
      const made = one.kind === 'ApplicationSet' ? await expandSet(one, { ...context, folders }) : [one];
      for (const each of made) {
        if ('why' in each) unreadable.push(each);
        else if (objects.length + expanded.length < MOST_OBJECTS) expanded.push(each);
      }
    }
    objects.push(...expanded);
    const written = await context.written(expanded);
    unreadable.push(...written.unreadable);
    fresh = written.objects;
  }
  const sources = objects.filter(({ group }) => group === SOURCE_GROUP);
  const all: Deployed[] = [];
  for (const object of objects) {
    for (const one of readObject(object, sources, context.home)) {
      if ('why' in one) unreadable.push(one);
      else for (const each of inFolders(one, folders, context.effort)) all.push(each);
    }
  }
  return { all, unreadable, objects };
}

function readObject(
  object: ApplyingObject,
  sources: readonly ApplyingObject[],
  home: Home,
): readonly (Deployed | Unreadable)[] {
  if (object.group === ARGO_GROUP) return readApplicationFolders(object, home);
  const flux = object.group === FLUX_GROUP ? readFluxKustomization(object, sources, home) : undefined;
  return flux === undefined ? [] : [flux];
}

/** A folder of which a part is not known stands for every folder that it may be. */
function inFolders(one: Deployed, folders: readonly string[], effort: Effort): Deployed[] {
  if (!one.folder.includes(UNKNOWN)) return [one];
  effort.spend(folders.length / IN_A_UNIT.folders);
  const meant = folders.filter((folder) => mayBe(one.folder, folder));
  effort.spend(meant.length * 10);
  return meant.map((folder) => ({ ...one, folder }));
}

function foldersIn(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return [...folders].sort();
}

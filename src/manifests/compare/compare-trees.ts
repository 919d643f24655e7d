import type { Application, DeclaredContainer, Unread } from '../../model/declared.ts';
import type { TreeChanges } from '../../model/gate.ts';
import type { RepositoryFiles } from '../../model/repository-files.ts';
import { OVER_EFFORT, withinEffort } from '../effort.ts';
import type { ApplicationInputs, Way } from '../way.ts';
import type { ManifestTree } from '../ways.ts';
import { describeChanges, type ShownLines } from './describe-changes.ts';
import { findLeft, type Left } from './find-left.ts';
import { openMemoryLines } from './memory-lines.ts';
import { type ContainerPair, isAlike, pairContainers } from './pair-containers.ts';
import { findUnapplied } from './unapplied.ts';
import { findUnexplained } from './unexplained.ts';

/** The two sides of a change. */
export interface TreePair {
  readonly base: ManifestTree;
  readonly head: ManifestTree;
  /** The paths that differ. */
  readonly changed: ReadonlySet<string>;
  readonly lines: ShownLines;
  /** Where the trees leave files out: all paths that differ, and all files of the head. */
  readonly whole?: { readonly changed: ReadonlySet<string>; readonly files: RepositoryFiles };
}

/**
 * Every container whose memory differs between two trees, in every application that the change reaches, and what of these
 * could not be read. Only these applications are rendered.
 */
export async function compareTrees({ base, head, changed, lines, whole }: TreePair): Promise<TreeChanges> {
  const read: ReadSides = {
    before: [],
    after: [],
    unreadBefore: [],
    unreadAfter: [],
    loaded: new Map(),
    filesBefore: new Map(),
    filesAfter: new Set(),
    applied: new Set(),
  };
  // One after the other, so that a budget runs out at the same place every time.
  for (const [index, own] of head.ways.entries()) {
    const other = base.ways[index];
    if (other !== undefined) await readReached(other, own, { changed, read });
  }
  const found = pairContainers(read.before, read.after).filter((pair) => isSeen(pair, read));
  const left = await findLeft(
    found.flatMap(({ before, after }) => (before && after === undefined ? [before] : [])),
    { changed, files: head.files, ...whole, loaded: read.filesAfter, index: head.index },
  );
  const pairs = found.flatMap((pair) => withLeft(pair, left) ?? []);
  const containers = await describeChanges(pairs, read.after, {
    base: base.ways,
    head: head.ways,
    lines,
    changedIn: ({ path }) => [...(read.loaded.get(path) ?? [])].sort(),
  });
  const memory = openMemoryLines({ base: base.files, head: head.files });
  const unexplained = await findUnexplained({
    before: read.unreadBefore,
    after: read.unreadAfter,
    pairs,
    changed,
    loadedBy(path) {
      const loaded = read.loaded.get(path);
      if (loaded !== undefined) return [...loaded];
      return changed.has(path) ? [path] : undefined;
    },
    lines: memory,
  });
  const said = new Set(unexplained.map(({ path }) => path));
  const unapplied = await findUnapplied({
    paths: [...changed].filter((path) => !read.applied.has(path)).sort(),
    head: head.index,
    lines: memory,
  });
  const more = [...left.unread, ...unapplied].filter(({ path }) => !said.has(path));
  return { containers, unread: [...unexplained, ...more] };
}

/** What is left somewhere is not gone; nor is it known to be where something that cannot be read has its place. */
function withLeft(pair: ContainerPair, { containers, unread }: Left): ContainerPair | undefined {
  if (pair.before === undefined || pair.after !== undefined) return pair;
  const { path } = pair.before.application;
  if (unread.some((link) => path === link.path || path.startsWith(`${link.path}/`))) return undefined;
  const after = containers.get(pair.before);
  return after === undefined || isAlike(pair.before, after) ? pair : { before: pair.before, after };
}

/**
 * What is not seen is not gone where the head could not be read, and what is applied by itself only because of that is not
 * new.
 */
function isSeen({ before, after }: ContainerPair, { unreadAfter, filesBefore }: ReadSides): boolean {
  if (before !== undefined && after !== undefined) return true;
  const { path } = (after ?? before).application;
  return !unreadAfter.some((one) => one.path === path || (after && filesBefore.get(one.path)?.has(path)));
}

/** What the change reaches on both sides, of all ways. */
interface ReadSides {
  readonly before: DeclaredContainer[];
  readonly after: DeclaredContainer[];
  readonly unreadBefore: Unread[];
  readonly unreadAfter: Unread[];
  /** The changed files that each application loads, by the path that describes it. */
  readonly loaded: Map<string, Set<string>>;
  /** All files that each application of the base loads, by the same. */
  readonly filesBefore: Map<string, ReadonlySet<string>>;
  /** All files that the applications of the head load. */
  readonly filesAfter: Set<string>;
  /** The changed files that something renders, or that declare a container as they stand. */
  readonly applied: Set<string>;
}

async function readReached(
  base: Way,
  head: Way,
  { changed, read }: { readonly changed: ReadonlySet<string>; readonly read: ReadSides },
): Promise<void> {
  const reached = await withinEffort(() => findReached(base, head, { changed, read }));
  if ('reason' in reached) {
    read.unreadAfter.push({ path: '', reason: OVER_EFFORT.reason, why: OVER_EFFORT.why });
    return;
  }
  const scope = { only: reached, valuesOnly: true };
  const [before, after] = [await base.read(scope), await head.read(scope)];
  read.before.push(...before.containers);
  read.after.push(...after.containers);
  read.unreadBefore.push(...before.unread);
  read.unreadAfter.push(...after.unread);
  if (head.renders) return;
  for (const { application } of [...before.containers, ...after.containers]) read.applied.add(application.path);
}

/** The names of the applications that load a changed file, are described otherwise, or are on one side only. */
async function findReached(
  base: Way,
  head: Way,
  { changed, read }: { readonly changed: ReadonlySet<string>; readonly read: ReadSides },
): Promise<ReadonlySet<string>> {
  const [before, after] = [byName(await base.inputs()), byName(await head.inputs())];
  for (const { files } of after.values()) for (const path of files) read.filesAfter.add(path);
  const names = new Set<string>();
  for (const name of new Set([...after.keys(), ...before.keys()])) {
    const [own, other] = [before.get(name), after.get(name)];
    const sides = [own, other].filter((side) => side !== undefined);
    const paths = sides.flatMap((side) => loadedOf(side, changed));
    if (paths.length === 0 && own?.described === other?.described) continue;
    names.add(name);
    for (const { application } of sides) addAll(read.loaded, application, paths);
    if (head.renders) for (const path of paths) read.applied.add(path);
    if (own !== undefined) read.filesBefore.set(own.application.path, own.files);
  }
  return names;
}

function loadedOf({ files }: ApplicationInputs, changed: ReadonlySet<string>): string[] {
  return files.size < changed.size
    ? [...files].filter((path) => changed.has(path))
    : [...changed].filter((path) => files.has(path));
}

function addAll(loaded: ReadSides['loaded'], { path }: Application, paths: readonly string[]): void {
  const known = loaded.get(path) ?? new Set();
  for (const one of paths) known.add(one);
  loaded.set(path, known);
}

/** Two of one name count as one. */
function byName(inputs: readonly ApplicationInputs[]): Map<string, ApplicationInputs> {
  const found = new Map<string, ApplicationInputs>();
  for (const one of inputs) {
    const before = found.get(one.application.name);
    found.set(one.application.name, before ? merge(before, one) : one);
  }
  return found;
}

function merge(a: ApplicationInputs, b: ApplicationInputs): ApplicationInputs {
  return { ...a, files: new Set([...a.files, ...b.files]), described: `${a.described}\n${b.described}` };
}

import { addTo } from '../../text/add-to.ts';
import { matchesGlob } from '../../text/glob.ts';
import { type Effort, IN_A_UNIT } from '../effort.ts';
import type { Kustomization, LoadGraph } from '../kustomize/load-graph.ts';
import { folderOf, foldersAbove } from '../reach.ts';
import { type Deployed, type DeployedList, isWithin, mayBe, UNKNOWN, type Unreadable } from './deployed.ts';

/** Who applies what lies where. */
export interface Claims {
  /** Whether an object of the repository says what of it is applied. */
  readonly says: boolean;
  /** The applications of this repository that apply each kustomization by itself. */
  readonly roots: ReadonlyMap<Kustomization, readonly Deployed[]>;
  /** The applications of this repository that apply a file as it stands. */
  ofFile(path: string): readonly Deployed[];
  /** What cannot be read and may apply what lies at a path, be it known that something else does or not. */
  unknownAt(path: string, isClaimed: boolean): Unreadable | undefined;
}

/** Where nothing is said. */
export const NOTHING_SAID: Claims = {
  says: false,
  roots: new Map(),
  ofFile: () => [],
  unknownAt: () => undefined,
};

/** Reads which kustomizations and files the applications of this repository apply. Throws `OverEffort`. */
export function readClaims(
  { all, unreadable }: DeployedList,
  { graph, paths }: { readonly graph: LoadGraph; readonly paths: readonly string[] },
  effort: Effort,
): Claims {
  const here = all.filter(({ source }) => source.state === 'here');
  const kustomizations = new Map([...graph.kustomizations.values()].map((one) => [one.folder.replace(/\/$/, ''), one]));
  const charts = new Set(paths.filter((path) => /(^|\/)Chart\.yaml$/.test(path)).map((path) => bare(folderOf(path))));
  const roots = new Map<Kustomization, Deployed[]>();
  const byFolder = new Map<string, Taking[]>();
  for (const one of here) {
    const own = kustomizations.get(one.folder);
    if (own !== undefined) addTo(roots, own, one);
    else if (one.takes.kind === 'flux' || !charts.has(one.folder)) addTo(byFolder, one.folder, takingOf(one));
  }
  for (const [folder, appliers] of byFolder) {
    const flux = appliers.filter(({ one }) => one.takes.kind === 'flux');
    if (flux.length === 0) continue;
    effort.spend(kustomizations.size / IN_A_UNIT.folders);
    for (const inner of topmost(folder, kustomizations)) {
      effort.spend(1 + flux.length);
      for (const { one } of flux) addTo(roots, inner, one);
    }
  }
  // Each file is held against all that apply a folder it lies in.
  effort.spend((paths.length * mostAbove(byFolder)) / IN_A_UNIT.folders);
  const unknowns = groupUnknown(unreadable);
  return {
    says: here.length > 0 || unreadable.length > 0,
    roots,
    ofFile(path) {
      const folder = bare(folderOf(path));
      return foldersAbove(folder).flatMap((outer) =>
        (byFolder.get(outer) ?? []).flatMap((taking) =>
          takesFile(taking, path, folder, kustomizations) ? [taking.one] : [],
        ),
      );
    },
    unknownAt(path, isClaimed) {
      const folders = foldersAbove(bare(folderOf(path)));
      const exact = folders.find((folder) => unknowns.exact.has(folder));
      if (exact !== undefined) return unknowns.exact.get(exact);
      const found = unknowns.patterns.find((one) => folders.some((folder) => mayBe(one.folder, folder, false)));
      // What may apply anything says nothing of what something else applies.
      return found ?? (isClaimed ? undefined : unknowns.anything);
    },
  };
}

function bare(folder: string): string {
  return folder.replace(/\/$/, '');
}

/** The kustomizations below a folder that lie in no other one: Flux makes up one that includes them. */
function topmost(folder: string, kustomizations: ReadonlyMap<string, Kustomization>): Kustomization[] {
  return [...kustomizations].flatMap(([own, one]) => {
    if (own === folder || !isWithin(own, folder)) return [];
    const between = foldersAbove(own).slice(1);
    const outer = between.find((above) => isWithin(above, folder) && kustomizations.has(above));
    return outer === undefined ? [one] : [];
  });
}

/** An application of a folder's files, with its globs read. */
interface Taking {
  readonly one: Deployed;
  /** Whether Argo CD takes a file, by its path within the folder. */
  fits(within: string): boolean;
}

function takingOf(one: Deployed): Taking {
  const { takes } = one;
  if (takes.kind === 'flux') return { one, fits: () => true };
  const [include, exclude] = [takes.include, takes.exclude].map((glob) => glob && alternativesOf(glob));
  const isIn = (globs: readonly string[], within: string) => globs.some((glob) => matchesGlob(glob, within));
  return {
    one,
    fits: (within) => (!include || isIn(include, within)) && (!exclude || !isIn(exclude, within)),
  };
}

function takesFile(
  { one: { takes, folder: outer }, fits }: Taking,
  path: string,
  folder: string,
  kustomizations: ReadonlyMap<string, Kustomization>,
): boolean {
  if (takes.kind === 'flux') {
    return !foldersAbove(folder).some((above) => isWithin(above, outer) && kustomizations.has(above));
  }
  return (folder === outer || takes.recurse) && fits(path.slice(outer === '' ? 0 : outer.length + 1));
}

const MOST_ALTERNATIVES = 20;
/** Nobody writes a longer one. */
const LONGEST_GLOB = 1000;

/** A glob of Argo CD, whose stars cross folders, without its `{a,b}`; none where it has more than anybody writes. */
function alternativesOf(glob: string): readonly string[] {
  const done: string[] = [];
  const waiting = [glob.slice(0, LONGEST_GLOB)];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (done.length + waiting.length > MOST_ALTERNATIVES) return [];
    const found = /\{([^{}]*)\}/.exec(one);
    if (!found) {
      done.push(one);
      continue;
    }
    const [before, after] = [one.slice(0, found.index), one.slice(found.index + found[0].length)];
    waiting.push(...(found[1] ?? '').split(',', MOST_ALTERNATIVES + 1).map((part) => `${before}${part}${after}`));
  }
  return done;
}

/** How many apply a folder or one above it, at most. */
function mostAbove(byFolder: ReadonlyMap<string, readonly Taking[]>): number {
  let most = 0;
  for (const folder of byFolder.keys()) {
    const count = foldersAbove(folder).reduce((sum, above) => sum + (byFolder.get(above)?.length ?? 0), 0);
    most = Math.max(most, count);
  }
  return most;
}

/** More ways to write a folder of which not all is known nobody has; the rest may apply anything. */
const MOST_UNKNOWN = 100;

/** What cannot be read, by the folders that it may apply. */
function groupUnknown(unreadable: readonly Unreadable[]) {
  const exact = new Map<string, Unreadable>();
  const patterns = new Map<string, Unreadable>();
  let anything: Unreadable | undefined;
  for (const one of unreadable) {
    if (one.folder === UNKNOWN || (one.folder.includes(UNKNOWN) && patterns.size >= MOST_UNKNOWN)) anything ??= one;
    else if (!one.folder.includes(UNKNOWN)) exact.set(one.folder, exact.get(one.folder) ?? one);
    else patterns.set(one.folder, patterns.get(one.folder) ?? one);
  }
  return { exact, patterns: [...patterns.values()], anything };
}

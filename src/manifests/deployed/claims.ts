import { addTo } from '../../text/add-to.ts';
import { pathMatcher } from '../../text/glob.ts';
import type { Kustomization, LoadGraph } from '../kustomize/load-graph.ts';
import { folderOf } from '../reach.ts';
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

/** Reads which kustomizations and files the applications of this repository apply. */
export function readClaims({ all, unreadable }: DeployedList, graph: LoadGraph, paths: readonly string[]): Claims {
  const here = all.filter(({ source }) => source.state === 'here');
  const kustomizations = new Map([...graph.kustomizations.values()].map((one) => [one.folder.replace(/\/$/, ''), one]));
  const charts = new Set(paths.filter((path) => /(^|\/)Chart\.yaml$/.test(path)).map((path) => bare(folderOf(path))));
  const roots = new Map<Kustomization, Deployed[]>();
  const byFolder = new Map<string, Deployed[]>();
  for (const one of here) {
    const own = kustomizations.get(one.folder);
    if (own !== undefined) addTo(roots, own, one);
    else if (one.takes.kind === 'flux' || !charts.has(one.folder)) addTo(byFolder, one.folder, one);
  }
  for (const [folder, appliers] of byFolder) {
    const flux = appliers.filter(({ takes }) => takes.kind === 'flux');
    if (flux.length === 0) continue;
    for (const inner of topmost(folder, kustomizations)) for (const one of flux) addTo(roots, inner, one);
  }
  return {
    says: here.length > 0 || unreadable.length > 0,
    roots,
    ofFile(path) {
      const folder = bare(folderOf(path));
      return foldersAbove(folder).flatMap((outer) =>
        (byFolder.get(outer) ?? []).filter((one) => takesFile(one, path, folder, kustomizations)),
      );
    },
    unknownAt(path, isClaimed) {
      const folders = foldersAbove(bare(folderOf(path)));
      // What may apply anything says nothing of what something else applies.
      const telling = unreadable.filter(({ folder }) => !isClaimed || folder !== UNKNOWN);
      return telling.find((one) => folders.some((folder) => mayBe(one.folder, folder, false)));
    },
  };
}

function bare(folder: string): string {
  return folder.replace(/\/$/, '');
}

/** A folder and all that it lies in, innermost first. */
function foldersAbove(folder: string): string[] {
  const steps = folder === '' ? [] : folder.split('/');
  return Array.from({ length: steps.length + 1 }, (_, left) => steps.slice(0, steps.length - left).join('/'));
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

function takesFile(
  { takes, folder: outer }: Deployed,
  path: string,
  folder: string,
  kustomizations: ReadonlyMap<string, Kustomization>,
): boolean {
  if (takes.kind === 'flux') {
    return !foldersAbove(folder).some((above) => isWithin(above, outer) && kustomizations.has(above));
  }
  if (folder !== outer && !takes.recurse) return false;
  const within = path.slice(outer === '' ? 0 : outer.length + 1);
  const fits = (glob: string) => braces(glob).some((one) => pathMatcher(one)(within));
  return (takes.include === undefined || fits(takes.include)) && (takes.exclude === undefined || !fits(takes.exclude));
}

/** `{a,b}` as Argo CD writes several globs. */
function braces(glob: string): string[] {
  const inner = /^\{([^{}]*)\}$/.exec(glob)?.[1];
  return inner === undefined ? [glob] : inner.split(',').slice(0, 20);
}

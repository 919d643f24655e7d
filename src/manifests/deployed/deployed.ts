import type { OriginHints, Workload } from '../../model/workload.ts';
import type { Json, Path } from '../documents.ts';

/** The repository that is edited, as objects that apply it name it. What is unknown is not held against a source. */
export interface Home {
  /** `owner/name`. */
  readonly repository?: string;
  /** The branch that a change is proposed to. */
  readonly branch?: string;
}

/** An object that says what is applied. Where a template writes it, `path` and `at` are the template's place. */
export interface ApplyingObject {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly value: Json;
  /** The file that it stands in, or that of what writes it. */
  readonly path: string;
  /** Where in the file the object stands, or what its `spec` is filled in from; a rendering has none. */
  readonly place?: { readonly document: number; readonly at: Path };
  /** What writes it, where it does not stand in its file as it is: an ApplicationSet, a chart, a kustomization. */
  readonly writtenBy?: string;
  /** What its value is filled in from, placeholders and all. */
  readonly template?: Json;
  /** The cluster that it is made for, where its destination does not say it. */
  readonly cluster?: string;
  /** It is made once for each cluster that only the cluster knows. */
  readonly onEachCluster?: boolean;
}

/** Whether what an application applies is this repository at the branch that is edited. */
export type AppliedSource =
  | { readonly state: 'here' }
  /** `why` completes "… applies it from". */
  | { readonly state: 'elsewhere'; readonly from: string };

/** How an application takes what lies in its folder. */
export type Takes =
  /** Flux: the kustomization of the folder, or one made up of everything below it. */
  | { readonly kind: 'flux' }
  /** Argo CD: the chart or the kustomization of the folder, else the files in it. */
  | { readonly kind: 'argo'; readonly recurse: boolean; readonly include?: string; readonly exclude?: string };

/** What an application changes of what its folder renders to: patches, variables, a prefix. */
export interface Overrides {
  /** Of Flux the `spec`, of Argo CD the `source.kustomize`. */
  readonly value: { readonly [key: string]: Json };
  /** Where it stands; missing where something writes it. */
  readonly place?: { readonly path: string; readonly document: number; readonly at: Path };
}

/** A folder that an object of this repository says is applied: from where, to which namespace and cluster. */
export interface Deployed {
  readonly by: 'argo' | 'flux';
  /** The object's name; `UNKNOWN` stands in it for what only the cluster knows. */
  readonly name: string;
  readonly objectNamespace?: string;
  /** The file that describes it. */
  readonly definedIn: string;
  readonly source: AppliedSource;
  /** Without a slash at its end; empty for the root. */
  readonly folder: string;
  readonly takes: Takes;
  /** The namespace that it gives: Flux to everything, Argo CD to what has none. */
  readonly namespace?: string;
  readonly cluster?: string;
  readonly onEachCluster: boolean;
  readonly overrides?: Overrides;
}

/** An object of which it could not be read what it applies. */
export interface Unreadable {
  readonly definedIn: string;
  /** `ApplicationSet apps`. */
  readonly what: string;
  readonly why: string;
  /** The folders that it may apply: a path with `UNKNOWN` for what is not known. */
  readonly folder: string;
}

/** What the repository's own objects say is applied. */
export interface DeployedList {
  readonly all: readonly Deployed[];
  readonly unreadable: readonly Unreadable[];
  /** The objects themselves, those that templates write filled in: Helm reads releases from them. */
  readonly objects: readonly ApplyingObject[];
}

/** Stands in a text for what only the cluster knows. */
export const UNKNOWN = '\u{F0000}';

/** Whether a text with `UNKNOWN` in it may stand for another; each stands for any text, `within` a folder without a slash. */
export function mayBe(pattern: string, text: string, within = true): boolean {
  const parts = pattern.split(UNKNOWN);
  if (parts.length === 1) return pattern === text;
  const [first = '', ...rest] = parts;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const found = isLast ? text.length - part.length : text.indexOf(part, at);
    if (found < at || !text.startsWith(part, found) || (within && text.slice(at, found).includes('/'))) return false;
    at = found + part.length;
  }
  return at === text.length;
}

/** Whether a folder lies in another or is it. */
export function isWithin(folder: string, outer: string): boolean {
  return outer === '' || folder === outer || folder.startsWith(`${outer}/`);
}

/** Which object applied a workload, as the live object says. */
export interface Maker {
  readonly by: Deployed['by'];
  readonly name: string;
  readonly namespace?: string;
}

/** The maker that a live object names for itself: operators copy a tracking id to what they create. */
export function makerOf({ ref, hints }: Pick<Workload, 'ref' | 'hints'>): Maker | undefined {
  return argoMaker(ref, hints) ?? fluxMaker(hints);
}

function argoMaker(ref: Workload['ref'], { argoTrackingId }: OriginHints): Maker | undefined {
  const [, application, object] = /^([^:]+):(.+)$/.exec(argoTrackingId ?? '') ?? [];
  if (application === undefined || object !== `${ref.group}/${ref.kind}:${ref.namespace}/${ref.name}`) return undefined;
  // An application outside Argo CD's own namespace is named with its own before it.
  const at = application.indexOf('_');
  return at < 0
    ? { by: 'argo', name: application }
    : { by: 'argo', name: application.slice(at + 1), namespace: application.slice(0, at) };
}

function fluxMaker({ fluxKustomization }: OriginHints): Maker | undefined {
  if (fluxKustomization === undefined) return undefined;
  const [first = '', name] = fluxKustomization.split('/');
  return name === undefined ? { by: 'flux', name: first } : { by: 'flux', name, namespace: first };
}

/** Whether an application is the one that a live object names. */
export function isMaker({ by, name, objectNamespace }: Deployed, maker: Maker): boolean {
  const near = objectNamespace === undefined || maker.namespace === undefined || objectNamespace === maker.namespace;
  return by === maker.by && near && mayBe(name, maker.name);
}

/** `Argo CD application shop`. */
export function sayMaker({ by, name }: Pick<Maker, 'by' | 'name'>): string {
  return `the ${by === 'argo' ? 'Argo CD Application' : 'Flux Kustomization'} ${name.replaceAll(UNKNOWN, '*')}`;
}

/** The place of a part of an object, where the object has one. */
export function placeWithin({ path, place }: ApplyingObject, steps: Path): Pick<Overrides, 'place'> {
  return place ? { place: { path, document: place.document, at: [...place.at, ...steps] } } : {};
}

import type { NotLocatedReason } from '../model/location.ts';
import type { WorkloadRef } from '../model/workload.ts';
import type { Claims } from './deployed/claims.ts';
import type { Deployed, Unreadable } from './deployed/deployed.ts';
import { isMadeBy } from './deployed/find-makers.ts';
import { type InNamespace, judgeNamespace } from './deployed/find-namespace.ts';
import { type FoundWorkload, findObjects, isParsed } from './documents.ts';
import type { ManifestFile, ManifestIndex } from './index-manifests.ts';

/** An object of the repository that is the workload. */
export interface Definition {
  readonly file: ManifestFile;
  readonly found: FoundWorkload;
  readonly appliedBy: readonly Deployed[];
}

/** A file that names a workload, and why that does not count. */
export interface Mention {
  readonly path: string;
  readonly reason: NotLocatedReason;
  readonly why: string;
}

/** What the repository says of a workload: where it is defined, or what else names it. */
export interface Definitions {
  readonly matches: readonly Definition[];
  readonly mentions: readonly Mention[];
}

/** Who applies what, and which applications made the workload, where the live object says so. */
export interface Appliers {
  readonly claims: Claims;
  readonly makers?: readonly Deployed[];
  readonly clusterName?: string;
}

/**
 * Every object of the indexed files with the workload's group, kind, name and namespace that something applies. One that
 * only a folder's name gives the namespace counts where no other one has it.
 */
export function findDefinitions(index: ManifestIndex, ref: WorkloadRef, appliers: Appliers): Definitions {
  const matches: (Definition & { readonly place: InNamespace })[] = [];
  const mentions: Mention[] = [];
  for (const file of index.manifests) {
    if (!hasWord(file.text, ref.name)) continue;
    const parsed = index.parse(file);
    if (!isParsed(parsed)) {
      if (names(file.text, ref)) mentions.push({ path: file.path, ...(file.refusal ?? parsed) });
      continue;
    }
    for (const found of findObjects(parsed)) {
      if (found.kind !== ref.kind || found.group !== ref.group || found.name !== ref.name) continue;
      const judged = judgeDefinition({ file, found }, ref, appliers);
      if (judged === undefined) continue;
      if ('place' in judged) matches.push(judged);
      else mentions.push(judged);
    }
  }
  for (const [path, refusal] of index.unread) {
    if (path.slice(path.lastIndexOf('/') + 1).includes(ref.name)) mentions.push({ path, ...refusal });
  }
  const sure = matches.filter(({ place }) => place === 'here');
  return { matches: sure.length > 0 ? sure : matches, mentions };
}

/** Whether an object of the workload's name is the workload; `undefined` where it is another one. */
function judgeDefinition(
  { file, found }: Omit<Definition, 'appliedBy'>,
  ref: WorkloadRef,
  { claims, makers }: Appliers,
): (Definition & { readonly place: InNamespace }) | Mention | undefined {
  const { path, renderedBy } = file;
  if (found.namespace !== undefined && /[{$(]/.test(found.namespace)) {
    return { path, reason: 'template', why: 'its namespace is filled in from a template' };
  }
  const appliedBy = renderedBy === undefined ? claims.ofFile(path) : [];
  const place = judgeNamespace(found.namespace, { appliedBy, path }, ref.namespace);
  if (place === 'elsewhere') return undefined;
  if (place === 'not said') {
    return renderedBy === undefined
      ? { path, reason: 'no manifest', why: sayNoNamespace(ref) }
      : { path, reason: 'rendered', why: sayNotRendered(renderedBy, ref, claims) };
  }
  const unknown = claims.unknownAt(path, appliedBy.length > 0);
  if (unknown !== undefined && renderedBy === undefined)
    return { path, reason: 'not applied', why: sayUnknown(unknown) };
  if (renderedBy === undefined && !isMadeBy(appliedBy, makers)) return undefined;
  if (renderedBy === undefined && claims.says && appliedBy.length === 0) {
    return { path, reason: 'not applied', why: 'no application of this repository applies it: a mapping settles it' };
  }
  return { file, found, appliedBy, place };
}

function sayNoNamespace({ namespace }: WorkloadRef): string {
  return `it has no namespace, and nothing that applies it says ${namespace}: write the namespace there, or map it`;
}

function sayNotRendered(by: string, { namespace }: WorkloadRef, { says }: Claims): string {
  const what = says ? 'nothing that an application of this repository applies' : 'nothing';
  return `it is rendered by ${by}, and ${what} renders it in ${namespace}: a namespace in an overlay or a mapping settles it`;
}

/** Why it is not known who applies something. */
export function sayUnknown({ what, definedIn, why }: Unreadable): string {
  return `who applies it is not known: ${what} in ${definedIn} may, and ${why}; a mapping settles it`;
}

/** Whether a name stands in a text by itself, not within a longer one. */
function hasWord(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = [text[at - 1] ?? ' ', text[at + name.length] ?? ' '];
    if (!around.some((letter) => /[\w.-]/.test(letter))) return true;
  }
  return false;
}

/** Whether a text that does not parse looks as if it defined the workload. */
function names(text: string, ref: WorkloadRef): boolean {
  const kinds = text.matchAll(/(?:^|[\s,{])["']?kind["']?\s*:\s*["']?([A-Za-z]+)/gm);
  const namesFound = text.matchAll(/(?:^|[\s,{])["']?name["']?\s*:\s*["']?([^\s"',}#]+)/gm);
  return [...kinds].some((kind) => kind[1] === ref.kind) && [...namesFound].some((name) => name[1] === ref.name);
}

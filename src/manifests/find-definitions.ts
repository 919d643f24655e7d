import type { NotLocatedReason } from '../model/location.ts';
import { type Workload, type WorkloadRef, workloadKey } from '../model/workload.ts';
import { type FoundWorkload, findObjects, isParsed } from './documents.ts';
import type { ManifestFile, ManifestIndex } from './index-manifests.ts';

/** An object of the repository that is the workload. */
export interface Definition {
  readonly file: ManifestFile;
  readonly found: FoundWorkload;
}

/** What the repository says of a workload: where it is defined, or what else names it and why that does not count. */
export interface Definitions {
  readonly matches: readonly Definition[];
  readonly mentions: readonly { readonly path: string; readonly reason: NotLocatedReason; readonly why: string }[];
}

/**
 * Every object of the indexed files with the workload's group, kind, name and namespace. One without a namespace counts
 * only when a single inspected namespace has such a workload.
 */
export function findDefinitions(index: ManifestIndex, ref: WorkloadRef, namespaces: readonly string[]): Definitions {
  const matches: Definition[] = [];
  const mentions: { path: string; reason: NotLocatedReason; why: string }[] = [];
  const others = namespaces.filter((namespace) => namespace !== ref.namespace);
  for (const file of index.manifests) {
    if (!hasWord(file.text, ref.name)) continue;
    const parsed = index.parse(file);
    if (!isParsed(parsed)) {
      if (names(file.text, ref)) mentions.push({ path: file.path, ...(file.refusal ?? parsed) });
      continue;
    }
    for (const found of findObjects(parsed)) {
      if (found.kind !== ref.kind || found.group !== ref.group || found.name !== ref.name) continue;
      if (found.namespace === ref.namespace || (found.namespace === undefined && others.length === 0)) {
        matches.push({ file, found });
      } else if (found.namespace === undefined) {
        const why = `it names no namespace, and ${[ref.namespace, ...others].sort().join(', ')} have such a workload`;
        mentions.push({ path: file.path, reason: 'ambiguous', why });
      } else if (/[{$(]/.test(found.namespace)) {
        mentions.push({ path: file.path, reason: 'template', why: 'its namespace is filled in from a template' });
      }
    }
  }
  for (const [path, refusal] of index.unread) {
    if (path.slice(path.lastIndexOf('/') + 1).includes(ref.name)) mentions.push({ path, ...refusal });
  }
  return { matches, mentions };
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

/** The inspected namespaces that have a workload of this group, kind and name. */
export function namespacesWith(ref: WorkloadRef, workloads: readonly Workload[]): string[] {
  const same = workloads.filter((other) => {
    return workloadKey({ ...other.ref, namespace: '' }) === workloadKey({ ...ref, namespace: '' });
  });
  return [...new Set(same.map((workload) => workload.ref.namespace))];
}

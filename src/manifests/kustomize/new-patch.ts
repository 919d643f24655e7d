import { stringify } from 'yaml';
import { placePodSpec } from '../../model/kinds.ts';
import type { NewFile, TextEdit } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import { type TemplateContainer, type Workload, workloadKey } from '../../model/workload.ts';
import { formatQuantity } from '../../quantity.ts';
import { findObjects, isParsed } from '../documents.ts';
import type { Section } from '../memory.ts';
import { eolOf } from '../memory-style.ts';
import type { Parser } from '../parser.ts';
import { addToList } from './add-to-list.ts';

export interface PatchFile {
  readonly newFile: NewFile;
  readonly edits: readonly TextEdit[];
}

/** An object by the name that it has before an overlay's transformers. */
export interface BaseName {
  readonly apiVersion: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface Wanted {
  readonly suggestion: Suggestion;
  readonly live: TemplateContainer;
  readonly sections: readonly Section[];
  /** The containers that stand before it. */
  readonly before: readonly string[];
  /** Whether another container of the namespace would give its patch the same short name. */
  readonly hasTwin: boolean;
}

const NUMBERS = [2, 3, 4];

/** The names under which files define what is rendered as this workload: candidates, the proof decides. */
export function findBaseNames(texts: Iterable<string>, suggestion: Suggestion, parser: Parser): BaseName[] {
  const { kind, name: rendered, group } = suggestion.workload;
  const names = new Map<string, BaseName>();
  for (const text of texts) {
    if (!text.includes(kind)) continue;
    const parsed = parser.parse(text);
    for (const found of isParsed(parsed) ? findObjects(parsed) : []) {
      if (found.kind !== kind || !rendered.includes(found.name)) continue;
      const base = { apiVersion: group === '' ? 'v1' : `${group}/v1`, name: found.name, namespace: found.namespace };
      names.set(`${found.namespace ?? ''}/${found.name}`, base);
    }
  }
  return [...names.values()].sort((a, b) => b.name.length - a.name.length);
}

/**
 * A strategic merge patch beside a kustomization, under a name that is not taken, and the lines that add it there;
 * `undefined` where none can be added. Patches planned from the same text can be added together: the edit that begins the
 * list is the same for each, and the entries follow one another.
 */
export function planPatch(
  kustomization: { readonly path: string; readonly folder: string; readonly text: string },
  base: BaseName,
  wanted: Wanted,
  isTaken: (path: string) => boolean,
): PatchFile | undefined {
  const stem = stemOf(base, wanted);
  const names = [`${stem}.yaml`, ...NUMBERS.map((number) => `${stem}-${number}.yaml`)];
  const name = names.find((one) => !isTaken(`${kustomization.folder}${one}`));
  if (name === undefined) return undefined;
  // Last, so that it wins.
  const splices = addToList(kustomization.text, 'patches', { block: `path: ${name}`, flow: `{path: ${name}}` });
  if (!splices) return undefined;
  const eol = eolOf(kustomization.text);
  const text = patchText(base, wanted).replaceAll('\n', eol);
  return {
    newFile: { path: `${kustomization.folder}${name}`, text },
    edits: splices.map((splice) => ({ path: kustomization.path, ...splice })),
  };
}

/** No name has an underscore, so that what it parts is told apart. */
function stemOf({ name }: BaseName, { live, suggestion, hasTwin }: Wanted): string {
  const { kind } = suggestion.workload;
  if (live.kind === 'pod') return `memory-${name}__pod`;
  return hasTwin ? `memory-${kind.toLowerCase()}-${name}_${live.name}` : `memory-${name}-${live.name}`;
}

/** Whether another container's patch would have the short name, too. */
export function hasTwin({ workload, container }: Suggestion, workloads: readonly Workload[]): boolean {
  const key = workloadKey(workload);
  const short = `${workload.name}-${container}`;
  return workloads.some(({ ref, containers }) => {
    if (ref.namespace !== workload.namespace || !short.startsWith(ref.name)) return false;
    const isOther = (name: string) => name !== container || workloadKey(ref) !== key;
    return containers.some(({ name }) => `${ref.name}-${name}` === short && isOther(name));
  });
}

/** Whether something stands at a path already: a file, also one that only differs in case, or a folder. */
export function takenBy(paths: readonly string[]): (path: string) => boolean {
  const known = paths.map((path) => path.toLowerCase());
  return (path) => {
    const wanted = path.toLowerCase();
    return known.some((one) => one === wanted || one.startsWith(`${wanted}/`));
  };
}

function patchText(base: BaseName, { suggestion, live, sections, before }: Wanted): string {
  const value = (section: string) => (section === 'limits' ? suggestion.limit?.to : suggestion.request?.to);
  const resources = Object.fromEntries(
    sections.flatMap((section) => {
      const size = value(section);
      return size === undefined ? [] : [[section, { memory: formatQuantity(size, 'Mi') }]];
    }),
  );
  const list = live.kind === 'sidecar' ? 'initContainers' : 'containers';
  // Kustomize puts what a patch names first: named before it, the others keep their places.
  const inList = { [list]: [...before.map((name) => ({ name })), { name: live.name, resources }] };
  const spec = live.kind === 'pod' ? { resources } : inList;
  const { apiVersion, name, namespace } = base;
  const { kind } = suggestion.workload;
  return stringify({
    apiVersion,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
    ...placePodSpec(kind, spec),
  });
}

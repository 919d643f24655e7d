import type { NewFile, TextEdit } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import type { Path } from '../documents.ts';
import type { Section } from '../memory.ts';
import { isWanted, reaches, type Target } from '../rendering/prove-change.ts';
import { compareRendered, type Difference, type RenderedObject, type RenderedText } from '../rendering/rendered.ts';
import { editedTexts, type NewTexts, type Root, type Roots } from './roots.ts';

/** A container in what a root renders to. */
export interface Aimed {
  readonly root: Root;
  readonly before: readonly RenderedText[];
  readonly object: RenderedObject;
  readonly resources: Path;
  readonly suggestion: Suggestion;
}

export interface TriedChange {
  readonly edits: readonly TextEdit[];
  readonly newFiles: readonly NewFile[];
}

/**
 * What a change does. `nothing`: the container's values stay, whatever else moves; `more here`: other values of the root
 * change with them; `elsewhere`: another root that loads an edited file changes; `over`: rendering `root` takes more than
 * it may.
 */
export type Effects =
  | {
      readonly effect: 'only this';
      readonly differences: readonly Difference[];
      /** How many other roots load an edited file and render as before. */
      readonly others: number;
    }
  | { readonly effect: 'nothing' | 'more here' | 'elsewhere' }
  | { readonly effect: 'over'; readonly root: string; readonly why: string };

/** What a change does to every root that loads one of its files: proof, not judgement. */
export function effectOf(
  change: TriedChange,
  aimed: Aimed,
  sections: readonly Section[],
  roots: Roots,
): Promise<Effects> {
  return effectOfAll(change, aimed, [targetOf(aimed, sections)], roots);
}

/** The same of a change that is meant for several containers of what one root renders to. */
export async function effectOfAll(
  change: TriedChange,
  { root, before }: Pick<Aimed, 'root' | 'before'>,
  targets: readonly Target[],
  roots: Roots,
): Promise<Effects> {
  const edited = await editedTexts(roots, root, change.edits);
  if (!edited) return { effect: 'nothing' };
  const texts = new Map([...edited, ...change.newFiles.map((file) => [file.path, file.text] as const)]);
  const after = await roots.renderedWith(root, texts);
  if (after.state === 'over') return overBudget(root, after.why);
  const differences = after.state === 'rendered' ? compareRendered(before, after.documents, '') : undefined;
  if (!differences || differences.length === 0) return { effect: 'nothing' };
  const wanted = targets.map((target) => differences.filter((one) => isWanted(one, target)));
  if (wanted.every((own) => own.length === 0)) return { effect: 'nothing' };
  const moved = new Set(wanted.flat()).size;
  const all = targets.every((target, number) => reaches(wanted[number] ?? [], target));
  if (moved < differences.length || !all) return { effect: 'more here' };
  const loading = roots.loading([...texts.keys()], root);
  const strange = await findChanged(loading, texts, roots);
  if (strange) return strange;
  return { effect: 'only this', differences, others: loading.length };
}

/** What a change of the sections shall do to the container. */
export function targetOf({ object, resources, suggestion }: Aimed, sections: readonly Section[]): Target {
  const wanted = {
    ...(sections.includes('limits') && suggestion.limit ? { limits: suggestion.limit.to } : {}),
    ...(sections.includes('requests') && suggestion.request ? { requests: suggestion.request.to } : {}),
  };
  return { object, resources, wanted };
}

const AT_ONCE = 4;

/** The first few of the other roots most often tell already that a file is shared. */
async function findChanged(others: readonly Root[], texts: NewTexts, roots: Roots): Promise<Effects | undefined> {
  for (let start = 0; start < others.length; start += AT_ONCE) {
    const batch = others.slice(start, start + AT_ONCE);
    const seen = await Promise.all(batch.map((other) => effectElsewhere(other, texts, roots)));
    const over = seen.find((one) => one?.effect === 'over');
    const changed = over ?? seen.find((one) => one !== undefined);
    if (changed) return changed;
  }
  return undefined;
}

/** `undefined` where a root renders the same with new texts. */
async function effectElsewhere(root: Root, texts: NewTexts, roots: Roots): Promise<Effects | undefined> {
  const before = await roots.rendered(root);
  const after = before.state === 'rendered' ? await roots.renderedWith(root, texts) : before;
  if (after.state === 'over') return overBudget(root, after.why);
  if (before.state !== 'rendered' || after.state !== 'rendered') return { effect: 'elsewhere' };
  const same = after.documents.length === before.documents.length;
  return same && after.documents.every((text, index) => text === before.documents[index])
    ? undefined
    : { effect: 'elsewhere' };
}

function overBudget(root: Root, why: string): Effects {
  return { effect: 'over', root: root.kustomization.path, why };
}

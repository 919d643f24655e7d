import type { NewFile, TextEdit } from '../../model/location.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import { sayMaker } from '../deployed/deployed.ts';
import { givenNamespaces } from '../deployed/find-namespace.ts';
import { ARGO_GROUP } from '../deployed/read-argo.ts';
import { FLUX_GROUP } from '../deployed/read-flux.ts';
import type { Path } from '../documents.ts';
import type { Section } from '../memory.ts';
import { isWanted, reaches, type Target } from '../rendering/prove-change.ts';
import { compareRendered, type Difference, type RenderedObject, type RenderedText } from '../rendering/rendered.ts';
import { mayReachLeftOut } from './broad-patches.ts';
import type { Root } from './find-roots.ts';
import { editedTexts, type NewTexts, type Roots } from './roots.ts';

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
      /** Roots of the same kustomization for other clusters: the same containers of them change alike. */
      readonly alike: readonly Root[];
    }
  | { readonly effect: 'nothing' | 'more here' }
  | { readonly effect: 'elsewhere'; readonly root: string }
  | { readonly effect: 'over'; readonly root: string; readonly why: string };

/** What a change does to every root that loads one of its files: proof, not judgement. */
export function effectOf(
  change: TriedChange,
  aimed: Aimed,
  sections: readonly Section[],
  roots: Roots,
): Promise<Effects> {
  return effectOfAll(change, aimed, [targetIn(aimed, sections)], roots);
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
  const [plainly] = roots.plainly([...edited.keys()].filter((path) => path !== root.overrides?.place?.path));
  if (plainly) return { effect: 'elsewhere', root: `what ${sayMaker(plainly)} applies` };
  const loading = roots.loading([...texts.keys()], root);
  const left = [root, ...loading].find((one) => mayReachLeftOut(one, change.edits, texts));
  if (left) return { effect: 'elsewhere', root: left.kustomization.path };
  const elsewhere = await findChanged(loading, texts, { root, targets, roots });
  if ('effect' in elsewhere) return elsewhere;
  const { alike } = elsewhere;
  return { effect: 'only this', differences, others: loading.length - alike.length, alike };
}

/** What a change of the sections shall do to the container. */
export function targetIn({ object, resources, suggestion }: Aimed, sections: readonly Section[]): Target {
  const wanted = {
    ...(sections.includes('limits') && suggestion.limit ? { limits: suggestion.limit.to } : {}),
    ...(sections.includes('requests') && suggestion.request ? { requests: suggestion.request.to } : {}),
  };
  return { object, resources, wanted };
}

const AT_ONCE = 4;

interface Meant {
  readonly root: Root;
  readonly targets: readonly Target[];
  readonly roots: Roots;
}

/** The first few of the other roots most often tell already that a file is shared. */
async function findChanged(
  others: readonly Root[],
  texts: NewTexts,
  meant: Meant,
): Promise<Effects | { readonly alike: readonly Root[] }> {
  const alike: Root[] = [];
  for (let start = 0; start < others.length; start += AT_ONCE) {
    const batch = others.slice(start, start + AT_ONCE);
    const seen = await Promise.all(batch.map((other) => effectElsewhere(other, texts, meant)));
    const over = seen.find((one) => typeof one === 'object' && one.effect === 'over');
    const changed = over ?? seen.find((one) => typeof one === 'object');
    if (typeof changed === 'object') return changed;
    alike.push(...batch.filter((_, index) => seen[index] === 'alike'));
  }
  return { alike };
}

/** What a root that loads a changed file renders to now: the same, or the same workload with the same change. */
async function effectElsewhere(root: Root, texts: NewTexts, meant: Meant): Promise<Effects | 'same' | 'alike'> {
  const { roots } = meant;
  const elsewhere: Effects = { effect: 'elsewhere', root: root.kustomization.path };
  const before = await roots.rendered(root);
  const after = before.state === 'rendered' ? await roots.renderedWith(root, texts) : before;
  if (after.state === 'over') return overBudget(root, after.why);
  if (before.state !== 'rendered' || after.state !== 'rendered') return elsewhere;
  if (before.without?.some((path) => texts.has(path))) return elsewhere;
  const same = after.documents.length === before.documents.length;
  if (same && after.documents.every((text, index) => text === before.documents[index])) return 'same';
  const differences = compareRendered(before.documents, after.documents, '');
  // The object in which an application's own patches stand is itself applied by something.
  const others = differences?.filter(({ id }) => !isApplication(id));
  if (others?.length === 0) return 'same';
  return isAlike(root, others, meant) ? 'alike' : elsewhere;
}

/** Whether a root of the same kustomization, which nothing but clusters tells apart, changes as the meant one does. */
function isAlike(root: Root, differences: readonly Difference[] | undefined, { root: own, targets }: Meant): boolean {
  if (root.kustomization !== own.kustomization || differences === undefined) return false;
  const wanted = targets.map((target) => differences.filter((one) => isWanted(one, target)));
  if (new Set(wanted.flat()).size < differences.length) return false;
  return targets.every((target, number) => {
    const { namespace } = target.object.found;
    const [here, there] = [own, root].map(({ appliedBy }) => givenNamespaces(namespace, appliedBy).join());
    return here === there && reaches(wanted[number] ?? [], target);
  });
}

function isApplication(id: string): boolean {
  return id.includes(`/${FLUX_GROUP}/`) || id.includes(`/${ARGO_GROUP}/`);
}

function overBudget(root: Root, why: string): Effects {
  return { effect: 'over', root: root.kustomization.path, why };
}

import type { TextEdit } from '../../model/location.ts';
import { applyEdits } from '../../text/apply-edits.ts';
import { sayMaker } from '../deployed/deployed.ts';
import { givenNamespaces } from '../deployed/find-namespace.ts';
import type { Json, ParsedFile } from '../documents.ts';
import { mayReachLeftOut } from '../kustomize/broad-patches.ts';
import type { Effects, TriedChange } from '../kustomize/effect.ts';
import type { Root } from '../kustomize/find-roots.ts';
import { editedTexts, type NewTexts, type Roots } from '../kustomize/roots.ts';
import type { WhyNot } from '../readable.ts';
import { compareRendered, type Difference, objectsOf, type RenderedText } from '../rendering/rendered.ts';
import { checkValues } from './set-values.ts';

/** A monitor as it shall be rendered. */
export interface WantedMonitor {
  /** The rendered object's, `namespace/group/kind/name`. */
  readonly id: string;
  isRight(value: Json): boolean;
}

/** A change of what one root renders to. */
export interface RootChange extends TriedChange {
  readonly root: Root;
  readonly before: readonly RenderedText[];
  readonly wanted: WantedMonitor;
}

/** A change of a file that is applied as it stands. */
export interface FileChange extends TriedChange {
  readonly path: string;
  readonly text: string;
  readonly parsed: ParsedFile;
  /** The file's documents with the change made; those before it are made already. */
  expect(values: readonly Json[]): readonly Json[];
}

/** What changes of one root do to every root that loads one of their files: proof, not judgement. */
export async function effectInRoots(changes: readonly [RootChange, ...RootChange[]], roots: Roots): Promise<Effects> {
  const [{ root, before }] = changes;
  const edits = changes.flatMap((one) => one.edits);
  const wanted = changes.map((one) => one.wanted);
  const edited = await editedTexts(roots, root, edits);
  if (!edited) return { effect: 'nothing' };
  const added = changes.flatMap(({ newFiles }) => newFiles.map(({ path, text }) => [path, text] as const));
  const texts = new Map([...edited, ...added]);
  const after = await roots.renderedWith(root, texts);
  if (after.state === 'over') return { effect: 'over', root: root.kustomization.path, why: after.why };
  const differences = after.state === 'rendered' ? compareRendered(before, after.documents, '') : undefined;
  if (!differences || differences.length === 0) return { effect: 'nothing' };
  if (!areWanted(differences, wanted, roots)) return { effect: 'more here' };
  const [plainly] = roots.plainly([...texts.keys()]);
  if (plainly) return { effect: 'elsewhere', root: `what ${sayMaker(plainly)} applies` };
  const loading = roots.loading([...texts.keys()], root);
  const left = [root, ...loading].find((one) => mayReachLeftOut(one, edits, texts));
  if (left) return { effect: 'elsewhere', root: left.kustomization.path };
  const alike: Root[] = [];
  for (const other of loading) {
    const effect = await effectElsewhere(other, { root, texts, wanted, roots });
    if (typeof effect === 'object') return effect;
    if (effect === 'alike') alike.push(other);
  }
  return { effect: 'only this', differences, others: loading.length - alike.length, alike };
}

/** Whether two renderings differ by the monitors alone, each as it shall be. */
function areWanted(
  differences: readonly Difference[],
  wanted: readonly WantedMonitor[],
  { parser }: Pick<Roots, 'parser'>,
): boolean {
  const afterOf = new Map(differences.map(({ id, texts: [, after] }) => [id, after]));
  if (afterOf.size !== wanted.length) return false;
  return wanted.every(({ id, isRight }) => {
    const text = afterOf.get(id);
    const object = text === undefined ? undefined : objectsOf(text, '', parser)?.find((one) => one.id === id);
    return object !== undefined && isRight(object.value);
  });
}

interface Meant {
  readonly root: Root;
  readonly texts: NewTexts;
  readonly wanted: readonly WantedMonitor[];
  readonly roots: Roots;
}

/** What a root that loads a changed file renders to now: the same, or the same monitors for another cluster. */
async function effectElsewhere(
  other: Root,
  { root, texts, wanted, roots }: Meant,
): Promise<Effects | 'same' | 'alike'> {
  const elsewhere: Effects = { effect: 'elsewhere', root: other.kustomization.path };
  const before = await roots.rendered(other);
  const after = before.state === 'rendered' ? await roots.renderedWith(other, texts) : before;
  if (after.state === 'over') return { effect: 'over', root: other.kustomization.path, why: after.why };
  if (before.state !== 'rendered' || after.state !== 'rendered') return elsewhere;
  if (before.without?.some((path) => texts.has(path))) return elsewhere;
  const differences = compareRendered(before.documents, after.documents, '');
  if (differences?.length === 0) return 'same';
  if (differences === undefined || other.kustomization !== root.kustomization) return elsewhere;
  const [here, there] = [root, other].map(({ appliedBy }) => givenNamespaces(undefined, appliedBy).join());
  return here === there && areWanted(differences, wanted, roots) ? 'alike' : elsewhere;
}

/** Why changes of one file that is applied as it stands are not made; `undefined` where they do what they shall. */
export function checkInFile(changes: readonly [FileChange, ...FileChange[]]): WhyNot | undefined {
  const [{ text, parsed, path }] = changes;
  const edits: readonly TextEdit[] = changes.flatMap((one) => one.edits.filter((edit) => edit.path === path));
  const expected = changes.reduce<readonly Json[]>((values, one) => one.expect(values), parsed.values);
  try {
    return checkValues(parsed, applyEdits(text, edits), expected);
  } catch {
    return { reason: 'not editable', why: 'its edits overlap' };
  }
}

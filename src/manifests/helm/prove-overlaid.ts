import { parseQuantity } from '../../quantity.ts';
import type { Root } from '../kustomize/find-roots.ts';
import type { Roots } from '../kustomize/roots.ts';
import type { WhyNot } from '../readable.ts';
import { compareRendered, type Difference } from '../rendering/rendered.ts';
import type { KeyChange } from './edit-values.ts';
import type { Release } from './release.ts';

/**
 * Why an edit of the files that make up a `HelmRelease` must not be made: every root that loads one of them is rendered
 * again, and only the values of this object may differ, to what is wanted. `undefined` where that is so.
 */
export async function whyNotOverlaid(
  { root, object }: Release,
  texts: ReadonlyMap<string, string>,
  changes: readonly KeyChange[],
  rendering: Roots | undefined,
): Promise<WhyNot | undefined> {
  if (root === undefined || object === undefined || !rendering) return undefined;
  const loading = rendering.loading([...texts.keys()]);
  const files = [...texts.keys()].join(' and ');
  for (const one of loading) {
    const { path } = one.kustomization;
    const differences = await differencesOf(one, texts, rendering);
    if ('reason' in differences) return { ...differences, why: `${files} is loaded by ${path}: ${differences.why}` };
    const strange = differences.find((difference) => one !== root || !isWanted(difference, object, changes));
    if (strange) return { reason: 'rendered', why: `a change in ${files} would also change what ${path} makes` };
    const missing = one === root && changes.some((change) => !differences.some((found) => isOf(found, change)));
    if (missing) return { reason: 'rendered', why: `a change in ${files} does not reach what ${path} makes of it` };
  }
  return undefined;
}

/** What was done to show that an edit is all that a kustomization makes of it; empty where none makes the release. */
export function sayOverlaid({ root, object }: Release): string {
  if (root === undefined || object === undefined) return '';
  return ` ${root.kustomization.path} was rendered with kubectl kustomize before and after: only these values of its HelmRelease changed.`;
}

async function differencesOf(
  root: Root,
  texts: ReadonlyMap<string, string>,
  rendering: Roots,
): Promise<readonly Difference[] | WhyNot> {
  const before = await rendering.rendered(root);
  const after = before.state === 'rendered' ? await rendering.renderedWith(root, texts) : before;
  if (after.state === 'over') return { reason: 'over budget', why: after.why };
  const same = before.state === 'rendered' && after.state === 'rendered';
  const differences = same ? compareRendered(before.documents, after.documents, '') : undefined;
  return differences ?? { reason: 'rendered', why: 'it cannot be rendered, so it may change too' };
}

function isWanted(difference: Difference, object: string, changes: readonly KeyChange[]): boolean {
  return difference.id === object && changes.some((change) => isOf(difference, change));
}

function isOf({ path, after }: Difference, { key, size }: KeyChange): boolean {
  const wanted = ['spec', 'values', ...key.path];
  const same = path.length === wanted.length && path.every((step, index) => String(step) === String(wanted[index]));
  return same && (typeof after === 'string' || typeof after === 'number') && parseQuantity(String(after)) === size;
}

import type { Proof } from '../../model/location.ts';
import type { WhyNot } from '../readable.ts';
import { differencesAsDiff, isWanted, reaches, type Target } from '../rendering/prove-change.ts';
import { compareRendered, type Difference, type RenderedText } from '../rendering/rendered.ts';
import type { Rendering } from '../rendering/rendering.ts';
import { sayCharts } from './absent-charts.ts';
import type { LoadedRelease } from './load-release.ts';
import { sayRelease } from './release.ts';
import type { ReleaseRenderer } from './render.ts';
import { templateOf } from './template-of.ts';

/** A release with its rendering of the repository as it is. */
export interface Rendered {
  readonly loaded: LoadedRelease;
  readonly documents: readonly RenderedText[];
}

/** What an edit shall do to what a release renders to. */
export interface ReleaseTarget extends Rendered, Target {}

/** Another release that loads an edited file, or why it cannot be rendered. */
export type Other = Rendered | (WhyNot & { readonly name: string });

/**
 * Renders the release with the changed files: only the aim's values may differ, to what is wanted. Then every other
 * release that loads one of the files: nothing may differ.
 */
export async function prove(
  aim: ReleaseTarget,
  texts: ReadonlyMap<string, string>,
  others: readonly Other[],
  renderer: ReleaseRenderer,
): Promise<Proof | WhyNot> {
  const files = [...texts.keys()].join(' and ');
  const after = await renderer.render(aim.loaded, { texts });
  const differences = await findDifferences(aim, after, renderer);
  if (!Array.isArray(differences)) return differences as WhyNot;
  const strange = differences.find((difference) => !isWanted(difference, aim));
  if (strange) return { reason: 'rendered', why: `a change in ${files} would also change ${sayDifference(strange)}` };
  if (!reaches(differences, aim))
    return { reason: 'rendered', why: `a change in ${files} does not give the container the new value` };
  for (const other of others) {
    const changed = await findChange(other, texts, renderer);
    if (changed) return { ...changed, why: `${files} is loaded by more than one release: ${changed.why}` };
  }
  return {
    kind: 'helm',
    how: sayProof(aim, others.length),
    renderDiff: differencesAsDiff(differences, (text) => templateOf(text) ?? 'rendered.yaml'),
  };
}

async function findChange(
  other: Other,
  texts: ReadonlyMap<string, string>,
  renderer: ReleaseRenderer,
): Promise<WhyNot | undefined> {
  if ('reason' in other) {
    const reason = other.reason === 'over budget' ? other.reason : 'rendered';
    return { reason, why: `${other.name} cannot be rendered (${other.why}), so it may change too` };
  }
  const name = sayRelease(other.loaded.release);
  const after = await renderer.render(other.loaded, { texts });
  const differences = await findDifferences(other, after, renderer);
  if (!Array.isArray(differences)) {
    const { reason, why } = differences as WhyNot;
    return { reason, why: `${name} could not be compared (${why})` };
  }
  return differences[0]
    ? { reason: 'rendered', why: `${name} would change too: set it in values that only this release loads` }
    : undefined;
}

/** The leaves that differ, but for those that differ in every rendering of the chart (random names, dates). */
async function findDifferences(
  { loaded, documents }: Rendered,
  after: Rendering,
  renderer: ReleaseRenderer,
): Promise<Difference[] | WhyNot> {
  const failed = (why: string): WhyNot => ({ reason: 'rendered', why });
  if (after.state === 'over') return { reason: 'over budget', why: after.why };
  if (after.state !== 'rendered') return failed(after.state === 'failed' ? after.why : 'helm was not found');
  const { namespace } = loaded.release;
  const differences = compareRendered(documents, after.documents, namespace);
  if (!differences) return failed('what was rendered cannot be compared');
  if (differences.every(({ path }) => path.at(-1) === 'memory')) return differences;
  const again = await renderer.render(loaded);
  const restless = again.state === 'rendered' ? compareRendered(documents, again.documents, namespace) : undefined;
  const ignored = new Set(restless?.map(({ id, path }) => JSON.stringify([id, path])));
  return differences.filter(({ id, path }) => !ignored.has(JSON.stringify([id, path])));
}

function sayDifference({ id, path }: Difference): string {
  const [namespace, , kind, name] = id.split('/');
  return `${path.join('.')} of ${kind} ${name} in ${namespace}`;
}

function sayProof({ loaded }: ReleaseTarget, others: number): string {
  const { release } = loaded;
  const more =
    others === 0
      ? ''
      : others === 1
        ? ' Another release or environment that loads the edited file renders as before.'
        : ` ${others} other releases or environments that load the edited file render as before.`;
  const hidden = release.hidden.length === 0 ? '' : ` The values in ${release.hidden.join(' and ')} were not known.`;
  const { absent } = loaded;
  const without = absent.length === 0 ? '' : ` It was rendered without ${sayCharts(absent)}, which charts/ lacks.`;
  const what = `The Helm release ${sayRelease(release)} was rendered before and after the edit`;
  return `${what}: 1 container changed, nothing else.${more}${hidden}${without}`;
}

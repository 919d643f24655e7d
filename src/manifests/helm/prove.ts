import { unifiedDiff } from '../../deliver/unified-diff.ts';
import type { Proof } from '../../model/delivery.ts';
import { parseQuantity } from '../../quantity.ts';
import { type Json, type Path, valueAt } from '../documents.ts';
import type { Refusal } from '../readable.ts';
import type { LoadedRelease } from './load-release.ts';
import { sayRelease } from './release.ts';
import type { Renderer, Rendering } from './render.ts';
import { compareRendered, type Difference, type RenderedObject, type RenderedText } from './rendered.ts';

/** A release with its rendering of the repository as it is. */
export interface Rendered {
  readonly loaded: LoadedRelease;
  readonly documents: readonly RenderedText[];
}

/** What an edit shall do: give one container's `resources` these values, in bytes. */
export interface Aim extends Rendered {
  readonly object: RenderedObject;
  readonly resources: Path;
  readonly wanted: { readonly limits?: number; readonly requests?: number };
}

/** Another release that loads an edited file, or why it cannot be rendered. */
export type Other = Rendered | (Refusal & { readonly name: string });

/**
 * Renders the release with the changed files: only the aim's values may differ, to what is wanted. Then every other
 * release that loads one of the files: nothing may differ.
 */
export async function prove(
  aim: Aim,
  texts: ReadonlyMap<string, string>,
  others: readonly Other[],
  renderer: Renderer,
): Promise<Proof | Refusal> {
  const files = [...texts.keys()].join(' and ');
  const after = await renderer.render(aim.loaded, { texts });
  const differences = await findDifferences(aim, after, renderer);
  if (!Array.isArray(differences)) return differences as Refusal;
  const strange = differences.find((difference) => !isWanted(difference, aim));
  if (strange) return { reason: 'rendered', why: `a change in ${files} would also change ${sayDifference(strange)}` };
  const reached = Object.entries(aim.wanted).every(([section, size]) =>
    differences.some(({ path, after }) => path.at(-2) === section && sizeOf(after) === size),
  );
  if (!reached) return { reason: 'rendered', why: `a change in ${files} does not give the container the new value` };
  for (const other of others) {
    const changed = await findChange(other, texts, renderer);
    if (changed !== undefined)
      return { reason: 'rendered', why: `${files} is loaded by more than one release: ${changed}` };
  }
  return { kind: 'helm', how: sayProof(aim, others.length), renderDiff: differencesAsDiff(differences) };
}

async function findChange(
  other: Other,
  texts: ReadonlyMap<string, string>,
  renderer: Renderer,
): Promise<string | undefined> {
  if ('reason' in other) return `${other.name} cannot be rendered (${other.why}), so it may change too`;
  const name = sayRelease(other.loaded.release);
  const after = await renderer.render(other.loaded, { texts });
  const differences = await findDifferences(other, after, renderer);
  if (!Array.isArray(differences)) return `${name} could not be compared (${(differences as Refusal).why})`;
  return differences[0] ? `${name} would change too` : undefined;
}

/** The leaves that differ, but for those that differ in every rendering of the chart (random names, dates). */
async function findDifferences(
  { loaded, documents }: Rendered,
  after: Rendering,
  renderer: Renderer,
): Promise<Difference[] | Refusal> {
  const failed = (why: string): Refusal => ({ reason: 'rendered', why });
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

function isWanted({ id, path, after }: Difference, { object, resources, wanted }: Aim): boolean {
  const section = path[resources.length];
  if (id !== object.id || path.length !== resources.length + 2 || path.at(-1) !== 'memory') return false;
  if (!resources.every((step, index) => path[index] === step)) return false;
  const size = section === 'limits' || section === 'requests' ? wanted[section] : undefined;
  return size !== undefined && sizeOf(after) === size;
}

function sizeOf(value: Json | undefined): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(String(value)) : undefined;
}

function sayDifference({ id, path }: Difference): string {
  const [namespace, , kind, name] = id.split('/');
  return `${path.join('.')} of ${kind} ${name} in ${namespace}`;
}

function sayProof({ loaded }: Aim, others: number): string {
  const { release } = loaded;
  const more =
    others === 0
      ? ''
      : others === 1
        ? ' Another release or environment that loads the edited file renders as before.'
        : ` ${others} other releases or environments that load the edited file render as before.`;
  const hidden = release.hidden.length === 0 ? '' : ` The values in ${release.hidden.join(' and ')} were not known.`;
  const what = `The Helm release ${sayRelease(release)} was rendered before and after the edit`;
  return `${what}: 1 container changed, nothing else.${more}${hidden}`;
}

function differencesAsDiff(differences: readonly Difference[]): string {
  const pairs = new Map(differences.map(({ texts }) => [`${texts[0]}\0${texts[1]}`, texts]));
  const diffs = [...pairs.values()].map(([before = '', after = '']) => {
    const source = /^# Source: (.+)$/m.exec(after)?.[1]?.trim() ?? 'rendered.yaml';
    return unifiedDiff({ path: source, before, after });
  });
  return diffs.join('');
}

/** The value of a rendered container's `resources`. */
export function resourcesOf({ object, resources }: Pick<Aim, 'object' | 'resources'>): Json | undefined {
  return valueAt(object.value, resources);
}

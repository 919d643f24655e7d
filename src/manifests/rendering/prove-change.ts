import { parseQuantity } from '../../quantity.ts';
import { unifiedDiff } from '../../text/unified-diff.ts';
import { type Json, type Path, valueAt } from '../documents.ts';
import type { Difference, RenderedObject } from './rendered.ts';

/** What an edit shall do: give one rendered container's `resources` these values, in bytes. */
export interface Target {
  readonly object: RenderedObject;
  readonly resources: Path;
  readonly wanted: { readonly limits?: number; readonly requests?: number };
}

/** Whether a difference is one that the edit shall make. */
export function isWanted({ id, path, after }: Difference, { object, resources, wanted }: Target): boolean {
  const section = path[resources.length];
  if (id !== object.id || path.length !== resources.length + 2 || path.at(-1) !== 'memory') return false;
  if (!resources.every((step, index) => path[index] === step)) return false;
  const size = section === 'limits' || section === 'requests' ? wanted[section] : undefined;
  return size !== undefined && sizeOf(after) === size;
}

/** Whether the differences give the container all that is wanted. */
export function reaches(differences: readonly Difference[], { wanted }: Target): boolean {
  return Object.entries(wanted).every(([section, size]) =>
    differences.some(({ path, after }) => path.at(-2) === section && sizeOf(after) === size),
  );
}

function sizeOf(value: Json | undefined): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(String(value)) : undefined;
}

/** The documents that differ as one unified diff; `nameOf` gives the path to show for a document. */
export function differencesAsDiff(differences: readonly Difference[], nameOf: (after: string) => string): string {
  const pairs = new Map(differences.map(({ texts }) => [`${texts[0]}\0${texts[1]}`, texts]));
  const diffs = [...pairs.values()].map(([before = '', after = '']) =>
    unifiedDiff({ path: nameOf(after), before, after }),
  );
  return diffs.join('');
}

/** The value of a rendered container's `resources`. */
export function resourcesOf({ object, resources }: Pick<Target, 'object' | 'resources'>): Json | undefined {
  return valueAt(object.value, resources);
}

import type { Setting } from '../model/workload.ts';
import { parseQuantity } from '../quantity.ts';
import { type Json, valueAt } from './documents.ts';

/** The two halves of a `resources` map. */
export type Section = 'limits' | 'requests';

export const SECTIONS: readonly Section[] = ['limits', 'requests'];

/** The memory that a `resources` map sets; `unknown` where what stands there is no quantity. */
export function memoryOf(resources: Json | undefined, section: Section): Setting {
  const value = valueAt(resources, [section, 'memory']);
  if (value === undefined || value === null) return { state: 'absent' };
  const size = typeof value === 'string' || typeof value === 'number' ? parseQuantity(String(value)) : undefined;
  return size === undefined ? { state: 'unknown' } : { state: 'set', bytes: size };
}

/** Longer than any quantity. */
const LONGEST_WRITTEN = 60;

/** What stands in place of a quantity, as one short line. */
export function writtenIn(resources: Json | undefined, section: Section): string {
  const value = valueAt(resources, [section, 'memory']);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.slice(0, LONGEST_WRITTEN).replace(/\s+/g, ' ');
}

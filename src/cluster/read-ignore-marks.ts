import type { IgnoreMark } from '../model/workload.ts';
import type { ObjectMeta } from './api-types.ts';

const NAME = 'memory-inspector/ignore';
/** Of one, in characters: a reason and a date take a third of it. An annotation may hold 256 KB. */
const LONGEST = 500;
/** Of one object; as many containers as that no pod has. */
const MOST = 50;

/** The annotations by which the objects' makers ask that they are ignored, those of the first object first. */
export function readIgnoreMarks(...objects: readonly (ObjectMeta | undefined)[]): readonly IgnoreMark[] {
  return objects.flatMap((object) => marksOf(object?.annotations ?? {})).slice(0, MOST);
}

function marksOf(annotations: Readonly<Record<string, string>>): readonly IgnoreMark[] {
  return Object.entries(annotations).flatMap(([name, value]): IgnoreMark[] => {
    const text = String(value);
    // A slice would keep the whole text alive.
    const mark = text.length > LONGEST ? { text: '', cut: true } : { text };
    if (name === NAME) return [mark];
    const container = name.startsWith(`${NAME}.`) ? name.slice(NAME.length + 1) : '';
    return container === '' ? [] : [{ container, ...mark }];
  });
}

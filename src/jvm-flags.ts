import type { Bytes } from './bytes.ts';
import type { HeapFlag, JvmFlags, JvmSizing } from './model/jvm.ts';
import { isPercentage, sizeOf } from './plausible.ts';

/** What of a container's spec may size a heap. */
export interface JvmSpec {
  readonly name?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

const VARIABLES = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', 'JAVA_OPTS'];
const PLACES = [...VARIABLES.map((name) => `env ${name}`), 'command', 'args'];
const UNITS: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const MAX_HEAP = /(?:^|[\s"'=])(-(?:Xmx|XX:MaxHeapSize=)(\d+)([kKmMgGtT]?))(?=[\s"']|$)/g;
const MAX_RAM_PERCENTAGE = /(-XX:MaxRAMPercentage=(\d+(?:\.\d+)?))/g;
const STACK = /(?:^|[\s"'=])(-Xss(\d+)([kKmMgGtT]?))(?=[\s"']|$)/g;
const HEAP_FLAG = /^-(?:(?:Xmx|XX:MaxHeapSize=)\d+[kKmMgGtT]?|XX:MaxRAMPercentage=\d+(?:\.\d+)?)$/;
/** Far more than a number of bytes has. */
const LONGEST_FLAG = 40;

/** A flag with its value. */
interface Found<T> extends HeapFlag {
  readonly value: T;
}

/**
 * The heap flags that stand in a container's own spec. The JVM takes the last of several; the command line comes after
 * the variables. Nothing else of the variables is kept, which may hold secrets.
 */
export function readJvmSizing(container: JvmSpec): JvmSizing | undefined {
  const { maxHeap, maxRamPercentage } = findHeapFlags(container);
  if (maxHeap === undefined && maxRamPercentage === undefined) return undefined;
  return {
    ...(maxHeap && { maxHeap: maxHeap.value }),
    ...(maxRamPercentage && { maxRamPercentage: maxRamPercentage.value }),
  };
}

/** The flag that decides the heap's size as it is written, and the size of a thread's stack. Again, nothing else is kept. */
export function readJvmFlags(container: JvmSpec): JvmFlags | undefined {
  const { maxHeap, maxRamPercentage } = findHeapFlags(container);
  const heap = maxHeap ?? maxRamPercentage;
  const stack = lastOf(container, STACK, sizeIn)?.value;
  const isShown = heap !== undefined && isHeapFlag(heap);
  if (!isShown && !stack) return undefined;
  return { ...(isShown && { heap: { text: heap.text, where: heap.where } }), ...(stack && { stack }) };
}

/** Whether it is a flag, and nothing more, in a place where one is looked for. */
export function isHeapFlag({ text, where }: HeapFlag): boolean {
  return text.length <= LONGEST_FLAG && HEAP_FLAG.test(text) && PLACES.includes(where);
}

function findHeapFlags(container: JvmSpec) {
  const maxHeap = lastOf(container, MAX_HEAP, sizeIn);
  const maxRamPercentage = lastOf(container, MAX_RAM_PERCENTAGE, ([, , share]) => shareOf(Number(share)));
  return { maxHeap, maxRamPercentage };
}

/** The texts of a container's spec, that which counts most last. */
function textsOf({ command = [], args = [], env = [] }: JvmSpec): string[] {
  const variables = VARIABLES.map((name) => env.find((variable) => variable.name === name)?.value ?? '');
  return [...variables, command.join(' '), args.join(' ')];
}

function sizeIn([, , size, unit = '']: RegExpMatchArray): Bytes | undefined {
  return sizeOf(Number(size) * (UNITS[unit.toLowerCase()] ?? 1));
}

function shareOf(percentage: number): number | undefined {
  return isPercentage(percentage) ? percentage : undefined;
}

function lastOf<T>(
  container: JvmSpec,
  pattern: RegExp,
  read: (match: RegExpMatchArray) => T | undefined,
): Found<T> | undefined {
  const found = textsOf(container).flatMap((text, index) =>
    [...text.matchAll(pattern)].map((match) => ({ match, where: PLACES[index] ?? '' })),
  );
  const last = found.at(-1);
  const value = last && read(last.match);
  return last === undefined || value === undefined
    ? undefined
    : { value, text: last.match[1] ?? '', where: last.where };
}

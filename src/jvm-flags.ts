import type { Bytes } from './bytes.ts';
import type { JvmSizing } from './model/workload.ts';
import { isPercentage, sizeOf } from './plausible.ts';

/** What of a container's spec may size a heap. */
export interface JvmFlags {
  readonly name?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

const VARIABLES = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', 'JAVA_OPTS'];
const UNITS: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/**
 * The heap flags that stand in a container's own spec. The JVM takes the last of several; the command line comes after
 * the variables. Nothing else of the variables is kept, which may hold secrets.
 */
export function readJvmSizing(container: JvmFlags): JvmSizing | undefined {
  const variables = VARIABLES.map((name) => container.env?.find((variable) => variable.name === name)?.value ?? '');
  const text = [...variables, ...(container.command ?? []), ...(container.args ?? [])].join(' ');
  const maxHeap = lastOf(text, /(?:^|[\s"'=])-(?:Xmx|XX:MaxHeapSize=)(\d+)([kKmMgGtT]?)(?=[\s"']|$)/g, heapOf);
  const maxRamPercentage = lastOf(text, /-XX:MaxRAMPercentage=(\d+(?:\.\d+)?)/g, ([, share]) => shareOf(Number(share)));
  if (maxHeap === undefined && maxRamPercentage === undefined) return undefined;
  return {
    ...(maxHeap === undefined ? {} : { maxHeap }),
    ...(maxRamPercentage === undefined ? {} : { maxRamPercentage }),
  };
}

function heapOf([, size, unit = '']: RegExpMatchArray): Bytes | undefined {
  return sizeOf(Number(size) * (UNITS[unit.toLowerCase()] ?? 1));
}

function shareOf(percentage: number): number | undefined {
  return isPercentage(percentage) ? percentage : undefined;
}

function lastOf<T>(text: string, pattern: RegExp, read: (match: RegExpMatchArray) => T | undefined): T | undefined {
  const match = [...text.matchAll(pattern)].at(-1);
  return match ? read(match) : undefined;
}

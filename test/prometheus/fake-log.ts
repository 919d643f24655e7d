import type { Log } from '../../src/log.ts';

/** Keeps what is written. */
export function createFakeLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (text: string): void => void lines.push(text);
  return { lines, step: write, debug: write, warn: write, group: (_title, work) => work() };
}

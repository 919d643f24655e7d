import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Compares a text with the file of that name in a folder beside the test; `UPDATE_GOLDEN=1` writes it instead. */
export function goldenIn(test: string): (name: string, text: string) => void {
  const folder = new URL('golden/', test);
  return (name, text) => {
    const file = new URL(name, folder);
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
  };
}

import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyBelow, openScratch, writeBelow } from '../../../src/manifests/rendering/scratch.ts';

const parent = mkdtempSync(join(tmpdir(), 'scratch-test-'));

test('writes what stays below, and nothing twice', () => {
  const folder = openScratch(parent).folder('copy');
  writeBelow(folder, 'a/b.yaml', 'x');
  expect(readFileSync(join(folder, 'a/b.yaml'), 'utf8')).toBe('x');
  expect(() => writeBelow(folder, 'a/b.yaml', 'y')).toThrow();
  expect(readFileSync(join(folder, 'a/b.yaml'), 'utf8')).toBe('x');
});

test.each(['', '.', '..', '../x', 'a/../../x', '/x', 'a//b', './a', 'a\\b', 'a\0b', 'a/..', '..\\x'])(
  'does not write %j',
  (path) => {
    const folder = openScratch(parent).folder('copy');
    expect(() => writeBelow(folder, path, 'x')).toThrow(RangeError);
    expect(copyBelow(folder, [[path, 'x']])).toBe(path);
  },
);

test('nothing lands outside, whatever the path', () => {
  const step = fc.oneof(fc.constantFrom('..', '.', '', '~', 'a', 'b', '\\', '%2e%2e'), fc.string({ maxLength: 5 }));
  const path = fc.array(step, { maxLength: 6 }).map((steps) => steps.join('/'));
  fc.assert(
    fc.property(path, (given) => {
      const outside = mkdtempSync(join(parent, 'outside-'));
      const folder = join(outside, 'in', 'copy');
      mkdirSync(folder, { recursive: true });
      const wrong = copyBelow(folder, [[given, 'x']]);
      if (wrong === undefined) expect(existsSync(join(folder, given))).toBe(true);
      expect(existsSync(join(outside, 'x'))).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('removing a scratch follows no link out of it', () => {
  const kept = join(mkdtempSync(join(parent, 'kept-')), 'file');
  writeFileSync(kept, 'x');
  const scratch = openScratch(parent);
  symlinkSync(join(kept, '..'), join(scratch.folder('copy'), 'link'));
  scratch.close();
  expect(existsSync(kept)).toBe(true);
});

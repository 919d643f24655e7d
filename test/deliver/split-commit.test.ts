import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FileChanges, fitsCommit, splitCommit } from '../../src/deliver/split-commit.ts';

const REQUEST = 4 * 1024 * 1024;
const file = fc.record({ path: fc.stringMatching(/^[a-z]{1,9}$/), size: fc.integer({ min: 0, max: 3_000_000 }) });

/** As large as what is sent of it: base64. */
function sizeOf({ additions, deletions }: FileChanges): number {
  const added = additions.map(({ path, text }) => path.length + Buffer.from(text).toString('base64').length);
  return [...added, ...deletions.map((path) => path.length)].reduce((sum, size) => sum + size, 0);
}

test('a series holds the same changes in their order, and each commit is one that GitHub takes', () => {
  const property = fc.property(
    fc.array(file, { maxLength: 20 }),
    fc.nat({ max: 250 }),
    fc.nat({ max: 250 }),
    (files, small, gone) => {
      const few = Array.from({ length: small }, (_, index) => ({ path: `small-${index}`, text: 'é' }));
      const additions = [...few, ...files.map(({ path, size }) => ({ path, text: 'x'.repeat(size) }))];
      const deletions = Array.from({ length: gone }, (_, index) => `gone-${index}`);
      const series = splitCommit({ additions, deletions });
      expect(series.flatMap((commit) => commit.additions)).toEqual(additions);
      expect(series.flatMap((commit) => commit.deletions)).toEqual(deletions);
      for (const commit of series) {
        expect(sizeOf(commit)).toBeLessThanOrEqual(REQUEST);
        expect(commit.additions.length + commit.deletions.length).toBeLessThanOrEqual(100);
        expect(commit.additions.length + commit.deletions.length).toBeGreaterThan(0);
      }
      const firstDeletion = series.findIndex((commit) => commit.deletions.length > 0);
      const lastAddition = series.findLastIndex((commit) => commit.additions.length > 0);
      if (firstDeletion >= 0) expect(firstDeletion).toBeGreaterThanOrEqual(lastAddition);
    },
  );
  fc.assert(property, { numRuns: 30 });
});

test('a file fits where a series can be made of it alone', () => {
  const property = fc.property(fc.integer({ min: 3_145_600, max: 3_145_800 }), (size) => {
    const addition = { path: 'index.html', text: 'x'.repeat(size) };
    const split = () => splitCommit({ additions: [addition], deletions: [] });
    if (fitsCommit(addition)) expect(split()).toHaveLength(1);
    else expect(split).toThrow('too large');
  });
  fc.assert(property, { numRuns: 20 });
});

test('a small report is one commit', () => {
  const additions = Array.from({ length: 90 }, (_, index) => ({ path: `${index}.md`, text: 'x'.repeat(30_000) }));
  expect(splitCommit({ additions, deletions: ['old.md'] })).toHaveLength(1);
});

test('a file that no request holds is named', () => {
  const additions = [{ path: 'large.json', text: 'x'.repeat(REQUEST) }];
  expect(() => splitCommit({ additions, deletions: [] })).toThrow(/large\.json is too large to commit/);
});

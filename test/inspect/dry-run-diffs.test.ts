import { expect, test } from 'vitest';
import { dryRunDiffs } from '../../src/inspect/publish.ts';

const pull = (name: string) => ({
  state: 'dry run' as const,
  branch: name,
  title: name,
  suggestions: [],
  diff: `diff --git a/${name} b/${name}\n${'+x\n'.repeat(100)}`,
});

test('diffs that have no room are counted, and none is cut', () => {
  const pullRequests = [pull('a.yaml'), pull('b.yaml'), pull('c.yaml')];
  const whole = dryRunDiffs({ pullRequests }, 10_000);
  expect(whole.match(/^```diff$/gm)).toHaveLength(3);
  for (const room of [0, 50, 200, 500, 900, Buffer.byteLength(whole)]) {
    const text = dryRunDiffs({ pullRequests }, room);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(room);
    expect(text.match(/^\+x$/gm)?.length ?? 0).toBe(100 * (text.match(/^```diff$/gm)?.length ?? 0));
  }
  expect(dryRunDiffs({ pullRequests }, 900)).toContain('Not shown for lack of room: 1 more');
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FileChange, unifiedDiff } from '../../src/text/unified-diff.ts';

/** What `git apply` makes of a diff. */
function applyDiff({ path, before, after }: FileChange): string {
  const folder = mkdtempSync(join(tmpdir(), 'diff-'));
  try {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (before !== undefined) writeFileSync(file, before);
    const input = unifiedDiff({ path, before, after });
    execFileSync('git', ['-c', 'core.autocrlf=false', 'apply', '--whitespace=nowarn'], {
      cwd: folder,
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the change of one value, with three lines around it', () => {
  const before = 'a\nb\nc\nd\nmemory: 2000Mi\nf\ng\nh\ni\n';
  const after = before.replace('2000', '2560');
  expect(unifiedDiff({ path: 'k8s/nacos.yaml', before, after })).toBe(`diff --git a/k8s/nacos.yaml b/k8s/nacos.yaml
--- a/k8s/nacos.yaml
+++ b/k8s/nacos.yaml
@@ -2,7 +2,7 @@
 b
 c
 d
-memory: 2000Mi
+memory: 2560Mi
 f
 g
 h
`);
});

test('git apply takes every diff of every text', () => {
  const line = fc.constantFrom('a', 'b', 'c', '', '  memory: 1Gi', '-x', '+y', '\\ No', 'ä', '\ta');
  const end = fc.constantFrom('\n', '\r\n');
  const lines = fc.array(fc.tuple(line, end), { minLength: 1, maxLength: 40 });
  const text = fc.tuple(lines, fc.boolean()).map(([parts, closed]) => {
    const joined = parts.map((part) => part.join('')).join('');
    return closed ? joined : `${joined}last`;
  });
  const path = fc.constantFrom('a.yaml', 'k8s/a b.yaml', 'ä/ö.yaml', 'a"b.yaml', "it's.yaml");
  fc.assert(
    fc.property(path, text, text, (name, before, after) => {
      fc.pre(before !== after);
      expect(applyDiff({ path: name, before, after })).toBe(after);
    }),
    { numRuns: 150 },
  );
});

test('a new file', () => {
  expect(applyDiff({ path: 'overlays/rel/memory.yaml', after: 'a\nb' })).toBe('a\nb');
});

test('nothing for nothing, and a large file with changes at both ends stays short', () => {
  expect(unifiedDiff({ path: 'a', before: 'x\n', after: 'x\n' })).toBe('');
  const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
  const after = ['first', ...lines.slice(1, -1), 'last'].join('\n');
  const diff = unifiedDiff({ path: 'a', before: lines.join('\n'), after });
  expect(diff.split('\n').length).toBeLessThan(20);
});

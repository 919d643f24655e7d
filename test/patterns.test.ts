import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { check } from 'recheck';
import ts from 'typescript';
import { expect, test } from 'vitest';

/*
 * Every regular expression of the sources, however it is used: the text that it sees may come from a repository, a cluster or
 * Prometheus, and one that backtracks holds a run for minutes.
 */

const root = join(import.meta.dirname, '..', 'src');

interface Pattern {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

function readPatterns(): { readonly patterns: Pattern[]; readonly dynamic: string[] } {
  const patterns: Pattern[] = [];
  const dynamic: string[] = [];
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter(({ name }) => name.endsWith('.ts'))) {
    const path = join(entry.parentPath, entry.name);
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const placeOf = (node: ts.Node) =>
      `${relative(root, path)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    const visit = (node: ts.Node) => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        patterns.push({ place: placeOf(node), source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
      }
      const made = ts.isNewExpression(node) || ts.isCallExpression(node);
      if (made && node.expression.getText() === 'RegExp') dynamic.push(placeOf(node));
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { patterns, dynamic };
}

const { patterns, dynamic } = readPatterns();

test('no expression is put together from a text', () => {
  expect(dynamic).toEqual([]);
});

test('every expression takes time in proportion to the text', { timeout: 300_000 }, async () => {
  const slow: string[] = [];
  for (const { place, source, flags } of patterns) {
    const { status } = await check(source, flags, { timeout: 60_000 });
    if (status !== 'safe') slow.push(`${place} /${source}/${flags} ${status}`);
  }
  // A reader that finds none would let every one pass.
  expect(patterns.length).toBeGreaterThan(50);
  expect(slow).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/*
 * Which part of `src/` may know which is the table "Where things are" in docs/DESIGN.md. A part is a folder (`cluster/`) or
 * a file directly in `src/` (`errors.ts`).
 */

const EVERYBODY = 'every part may know';

interface Import {
  readonly file: string;
  readonly imported: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const parts = readParts(readFileSync(`${root}/docs/DESIGN.md`, 'utf8'));
const imports = readImports();

test('every part of src is in the table of docs/DESIGN.md', () => {
  const there = readdirSync(`${root}/src`, { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? `${entry.name}/` : entry.name,
  );
  expect([...parts.keys()].toSorted()).toEqual(there.toSorted());
});

test('a part knows only what the table allows it', () => {
  const known = [...parts.values()].flatMap(({ knows }) => knows);
  expect(known.filter((part) => !parts.has(part))).toEqual([]);
  expect(imports.filter((one) => !isAllowed(partOf(one.file), partOf(one.imported))).map(refuse)).toEqual([]);
});

test('no parts know each other in a circle', () => {
  const circles = imports.flatMap((one) => {
    const way = findWay(partOf(one.imported), partOf(one.file));
    return way === undefined ? [] : [`${one.file} imports ${one.imported}, and back the way is ${way.join(' → ')}.`];
  });
  expect(circles).toEqual([]);
});

function isAllowed(from: string, to: string): boolean {
  const wanted = parts.get(to);
  if (parts.get(from)?.knows.includes(to)) return true;
  return from === 'main.ts' || (wanted?.byEverybody ?? false);
}

function refuse({ file, imported }: Import): string {
  return `${file} imports ${imported}, but ${partOf(file)} may not know ${partOf(imported)}.`;
}

/** The shortest way along imports from one part to another; `undefined` where there is none. */
function findWay(from: string, to: string): readonly string[] | undefined {
  const ways = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const last = way.at(-1);
    if (last === to) return way;
    for (const one of imports) {
      const next = partOf(one.imported);
      if (partOf(one.file) !== last || seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** The rows of the table that stand for parts; rows of deeper folders explain only. */
function readParts(design: string) {
  const table = /## Where things are\n\n[^|]*((?:\|.*\n)+)/.exec(design)?.[1] ?? '';
  const rows = table.split('\n').map((row) => row.split('|').map((cell) => cell.trim()));
  return new Map(
    rows.flatMap(([, places = '', , knowledge = '']) => {
      const row = { knows: namesIn(knowledge), byEverybody: knowledge.includes(EVERYBODY) };
      return namesIn(places)
        .filter((place) => /^src\/[^/]+\/?$/.test(place))
        .map((place) => [place.slice('src/'.length), row] as const);
    }),
  );
}

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

/** The imports of `src/` that cross from one part to another, of types too. */
function readImports(): readonly Import[] {
  const files = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  return files.flatMap((path) => {
    const file = `src/${path.replaceAll('\\', '/')}`;
    const found = readFileSync(`${root}/${file}`, 'utf8').matchAll(/\b(?:from|import)[ (]*'(\.[^']+)'/g);
    return [...found]
      .map(([, target = '']) => ({ file, imported: posix.join(posix.dirname(file), target) }))
      .filter(({ imported }) => partOf(imported) !== partOf(file));
  });
}

function partOf(file: string): string {
  const [, first = '', ...below] = file.split('/');
  return below.length === 0 ? first : `${first}/`;
}

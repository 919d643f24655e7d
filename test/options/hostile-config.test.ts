import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { readFile } from './read.ts';

const SIZE = 950_000;

function fill(part: string): string {
  return part.repeat(Math.floor(SIZE / part.length));
}

/** Lines, each from its number, as many as have room. */
function lines(write: (index: number) => string): string {
  const found: string[] = [];
  for (let size = 0; size < SIZE; size += (found.at(-1)?.length ?? 0) + 1) found.push(write(found.length));
  return found.join('\n');
}

/** What costs time or stack that grows faster than the file, or sentences without end. */
const files: Readonly<Record<string, string>> = {
  'lists in lists': fill('['),
  'mappings in mappings': fill('{'),
  'lists in lists on one line': fill('- '),
  'keys of keys': fill('? '),
  'indented mappings': lines((index) => `${' '.repeat(index)}a:`),
  'indented lists': lines((index) => `${' '.repeat(index)}-`),
  'indented mappings, a hundred thousand': `a: ${'{b: '.repeat(100_000)}`,
  'as many keys as there is room for': lines((index) => `k${index}: 1`),
  'the same in one line': `{${lines((index) => `k${index}: 1,`)}}`,
  'nothing but commas': `[${fill(',')}`,
  'tags upon tags': fill('!!str '),
  anchors: fill('- &a b\n'),
  aliases: `a: &a x\nb: [${fill('*a,')}]`,
  'an alias bomb': [
    'a0: &a0 [x]',
    ...Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(20).fill(`*a${n}`)}]`),
  ].join('\n'),
  merges: fill('<<: *a\n'),
  'colon after colon': fill(': '),
  comments: fill('#\n'),
  'documents upon documents': fill('---\n'),
  'one long key': `${fill('x')}: 1`,
  'one long known key': `overrides: [{ ? ${'x'.repeat(500_000)}\n : 1 }]`,
  'one long text': `fail-on: ${fill('x')}`,
  'slashes without end': `prometheus-url: "http://x${fill('/')}y?"`,
  'slashes in a folder': `report-directory: "a${fill('/')}\\\\"`,
  'credentials without an end': `prometheus-url: "${fill('//a:')}"`,
  'colons without an end': `prometheus-url: "${fill(':')}"`,
  'blanks in a header': `prometheus-headers: "a:${fill(' ')}\\u0001 b"`,
  'quotes in matchers': `prometheus-matchers: '${fill('"\\')}'`,
  'braces in matchers': `prometheus-matchers: '${fill('{}')}'`,
  'dots of a mapping': `mappings: [{ match: { name: a }, file: a, path: "${fill('a.')}" }]`,
  'labels that are none': `labels: [${'"\\u0001", '.repeat(15_000)}]`,
  'overrides that contradict': `overrides: [${'{match: {name: a}, usage-yellow: 90},'.repeat(3_000)}]`,
  'unknown options': lines((index) => `colour-${index}-${'x'.repeat(70)}: 1`),
};

describe('a hostile config file', () => {
  it.each(Object.entries(files))('of %s ends in one short sentence', (_, text) => {
    let thrown: unknown;
    try {
      readFile(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UserError);
    expect(String(thrown).length).toBeLessThan(3000);
    expect(String(thrown)).toMatch(/\.github\/memory-inspector\.yml|overrides\[/);
  });

  it('of slashes in an address is read in no time', () => {
    const slashes = '/'.repeat(400_000);
    const options = readFile(`prometheus-url: "http://x${slashes}y"\nreport-directory: "a${slashes}b"`);
    expect([options.prometheusUrl?.length, options.reportDirectory]).toEqual([400_009, 'a/b']);
  });

  it('is not read beyond a megabyte', () => {
    expect(() => readFile(`#${' '.repeat(2 ** 20)}`)).toThrow('.github/memory-inspector.yml is larger than 1 MB.');
  });

  it('says on which line it is broken, and which key stands there twice', () => {
    expect(() => readFile('a: 1\nb: [c')).toThrow(/is not valid YAML: .* \(line 2, column \d+\)/);
    expect(() => readFile('draft: true\nusage-red: 80\ndraft: false')).toThrow(
      /the key "draft" appears twice in one mapping \(line 3, column 1\)/,
    );
    expect(() => readFile('overrides: [{match: {name: a, name: b}}]')).toThrow(/the key "name" appears twice/);
  });
});

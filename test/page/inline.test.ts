import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inlineOf, readInline } from '../../src/page/inline.ts';
import type { Sentence } from '../../src/page/page-data.ts';
import { code, escapeMarkdown, link, toSingleLine } from '../../src/text/markdown.ts';

const plain = (sentence: Sentence) =>
  sentence
    .map((part) => (typeof part === 'string' ? part : 'b' in part ? part.b : 'c' in part ? part.c : part.a))
    .join('');

/** Without backticks: around plain words, the report shows them as code. */
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({
      unit: fc.constantFrom('*', '_', '[', ']', '(', ')', '<', '>', '&', '#', '1', ';', 'a', ' ', '@', ':', '/'),
      maxLength: 80,
    }),
  )
  .map((one) => one.replaceAll('`', "'"));

test('what the report has escaped is read as it was, and as text alone', () => {
  fc.assert(
    fc.property(text, (hostile) => {
      const sentence = readInline(escapeMarkdown(hostile));
      expect(sentence.every((part) => typeof part === 'string')).toBe(true);
      expect(plain(sentence)).toBe(toSingleLine(hostile));
    }),
  );
});

test('what a phrase holds is cleaned and bounded, whatever part of it', () => {
  const [line] = inlineOf([`waits: a\u202eb\u2028c${'x'.repeat(5000)}`]);
  expect(line).toMatch(/^waits: a\ufffdb cx{900,1000}…$/);
  expect(inlineOf([{ name: 'a\nb' }, ' is ', { strong: '7 <b>' }])).toEqual([{ c: 'a b' }, ' is ', { b: '7 <b>' }]);
});

test('a name is read as a name', () => {
  fc.assert(
    fc.property(
      text.filter((one) => toSingleLine(one, 300) !== ''),
      (name) => {
        expect(readInline(code(name))).toEqual([{ c: toSingleLine(name, 300) }]);
      },
    ),
  );
});

test.each([
  ['**2017Mi** of `web`', [{ b: '2017Mi' }, ' of ', { c: 'web' }]],
  [
    `in ${link(code('apps/web.yaml'), 'https://github.example/o/r/blob/main/web.yaml')}, line 3`,
    ['in ', { a: 'apps/web.yaml', to: 'https://github.example/o/r/blob/main/web.yaml' }, ', line 3'],
  ],
  ['[x](javascript:alert)', ['x']],
  ['[x](data:text/html,x)', ['x']],
  ['a &lt;b&gt; &#96;c&#96; &#1114112;', ['a <b> `c` &#1114112;']],
] as const)('%s', (markdown, sentence) => {
  expect(readInline(markdown)).toEqual(sentence);
});

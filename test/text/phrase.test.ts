import { expect, test } from 'vitest';
import { name, say, strong, toMarkdown, toPlain } from '../../src/text/phrase.ts';

test('a phrase keeps the spaces between its parts', () => {
  const phrase = say`uses ${strong('2Mi')} of ${name('a b')} now`;
  expect(toMarkdown(phrase)).toBe('uses **2Mi** of `a b` now');
  expect(toPlain(phrase)).toBe('uses 2Mi of a b now');
});

test.each(['\r', '\n\n# heading', 'x\r\n\r\n- item\n'])(
  'text from elsewhere (%j) stays on its line in Markdown',
  (text) => {
    expect(toMarkdown(say`it said: ${text}.`)).not.toMatch(/[\r\n]/);
  },
);

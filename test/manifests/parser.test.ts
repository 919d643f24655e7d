import { expect, test } from 'vitest';
import { createEffort, OverEffort, withinEffort } from '../../src/manifests/effort.ts';
import { createParser } from '../../src/manifests/parser.ts';
import { rememberSome } from '../../src/manifests/remember.ts';

test('a text that is asked for again is not parsed again, while it is kept', () => {
  const parser = createParser(createEffort(), 10);
  const first = parser.parse('a: 1\n');
  expect(parser.parse('a: 1\n')).toBe(first);
  parser.parse(`b: [${'1,'.repeat(20)}]\n`);
  expect(parser.parse('a: 1\n')).not.toBe(first);
});

test('what a repository takes in all is bounded', async () => {
  const parser = createParser(createEffort(10));
  expect(parser.parse('a: 1\n')).toHaveProperty('values', [{ a: 1 }]);
  expect(() => parser.parse(`b: [${'1,'.repeat(20)}]\n`)).toThrow(OverEffort);
  expect(await withinEffort(async () => parser.parse('c: 1\n'))).toMatchObject({ reason: 'over budget' });
  await expect(withinEffort(() => Promise.reject(new Error('else')))).rejects.toThrow('else');
});

test('what is forgotten is done again, and what failed, too', async () => {
  const asked: string[] = [];
  const length = rememberSome(
    async (text: string) => {
      asked.push(text);
      if (text === 'bad') throw new Error('bad');
      return text.length;
    },
    { weigh: (size) => size, most: 10 },
  );
  for (const text of ['aaaa', 'aaaa', 'bbbbbbbb', 'aaaa']) expect(await length(text)).toBe(text.length);
  for (const _ of [1, 2]) await expect(length('bad')).rejects.toThrow('bad');
  expect(asked).toEqual(['aaaa', 'bbbbbbbb', 'aaaa', 'bad', 'bad']);
});

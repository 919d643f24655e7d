import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { readWords } from '../../src/terminal/read-words.ts';

const read = (...words: string[]) => readWords(words, '1.0.0', 80);

test.each([
  [['--constructor'], 'There is no flag --constructor.'],
  [['--toString', '1'], 'There is no flag --toString.'],
  [['--hasOwnProperty=1'], 'There is no flag --hasOwnProperty.'],
  [['--__proto__', '1'], 'There is no flag --__proto__.'],
  [['--no-namespaces'], '--namespaces cannot be negated'],
  [['--no-output'], '--output cannot be negated'],
  [['--json=maybe'], '--json is on or off'],
  [['--diff=3'], '--diff is on or off'],
  [['--output='], '--output is empty'],
  [['--output', ' '], '--output is empty'],
  [[''], '"" is no command. See --help.'],
  [['--', '--namespaces'], '"--namespaces" is no command. See --help.'],
  [['\u001b[2J'], 'is no command. See --help.'],
  [['--\u001b[2J'], 'There is no flag --'],
])('%j is refused in a sentence that a terminal can show', async (words, sentence) => {
  const refused = read(...words);
  await expect(refused).rejects.toThrow(UserError);
  await expect(refused).rejects.toThrow(sentence);
  await expect(refused).rejects.toSatisfy((error: Error) => !error.message.includes('\u001b'));
});

test.each([[['help']], [['--help']], [['--version']], [['completion']]])('%j only prints', async (words) => {
  expect(await read(...words)).toMatchObject({ kind: 'print', text: expect.stringMatching(/\S/) });
});

test.each([[['--no-json']], [['--json=false']], [['--no-color', 'inspect'].reverse()]])(
  '%j inspects',
  async (words) => {
    expect(await read(...words)).toMatchObject({ kind: 'inspect', own: { json: false } });
  },
);

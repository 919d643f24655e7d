import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createRunner, type Note } from '../src/actions.ts';

const MOST = 1024 * 1024;

test('a job summary that is as large as GitHub takes does not grow when it is written', async () => {
  const summaryFile = join(mkdtempSync(join(tmpdir(), 'summary-')), 'summary.md');
  const runner = createRunner({ summaryFile });
  await runner.writeSummary(`${'x'.repeat(MOST - 1)}\n`);
  expect(statSync(summaryFile).size).toBe(MOST);
  await runner.writeSummary('# A title');
  expect(readFileSync(summaryFile, 'utf8')).toBe('# A title\n');
});

/** What the toolkit prints for a note, line by line. */
function printed(note: Note): readonly string[] {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(...String(text).split(/\r\n|\r|\n/));
    return true;
  });
  try {
    createRunner({}).annotate(note);
  } finally {
    write.mockRestore();
  }
  return lines.filter((line) => line !== '');
}

/** A command as the runner takes it apart. */
function readCommand(line: string) {
  const [, level, properties = '', message = ''] = /^::(\w+)(?: (.*?))?::(.*)$/s.exec(line) ?? [];
  const plain = (text: string) =>
    text.replace(/%(0D|0A|3A|2C|25)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const pairs = properties.split(',').map((pair) => pair.split('=', 1).concat(pair.slice(pair.indexOf('=') + 1)));
  const given = Object.fromEntries(pairs.map(([name = '', value = '']) => [name, plain(value)]));
  return { level, ...given, message: plain(message) };
}

test('a note stands at a line of a file, at a file, or beside the run alone', () => {
  const note = { title: 'shop/web', message: 'the limit is too low' } as const;
  expect(printed({ ...note, level: 'notice', at: { path: 'k8s/web.yaml', line: 7 } })).toEqual([
    '::notice title=shop/web,file=k8s/web.yaml,line=7::the limit is too low',
  ]);
  expect(printed({ ...note, level: 'error', at: { path: 'k8s/web.yaml' } })).toEqual([
    '::error title=shop/web,file=k8s/web.yaml::the limit is too low',
  ]);
  expect(printed({ ...note, level: 'warning' })).toEqual(['::warning title=shop/web::the limit is too low']);
});

test('whatever a file is called, a note is one command, and says the same', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom('a.yaml\n::stop-commands::x', 'a,line=1::b.yaml', '%0A::set-env name=x::y', '\r##[error]x'),
  );
  fc.assert(
    fc.property(text, text, text, (path, title, message) => {
      const [line = '', ...more] = printed({ level: 'error', title, message, at: { path, line: 3 } });
      expect(more).toEqual([]);
      expect(readCommand(line)).toEqual({ level: 'error', title, file: path, line: '3', message });
    }),
  );
});

import { describe, expect, it } from 'vitest';
import { readJvmSizing } from '../../src/jvm-flags.ts';
import { explainFailure } from '../../src/kubectl/explain-failure.ts';
import { readOutcome } from '../../src/prometheus/access/exec-tools.ts';
import { excerpt, QueryFailure } from '../../src/prometheus/access/failure.ts';
import { judgeAnswer } from '../../src/prometheus/access/verdict.ts';
import { parseQuantity } from '../../src/quantity.ts';
import { createRedactor } from '../../src/text/redact.ts';

const redact = createRedactor(['s3cr3t-token']);

function judge(status: number, body: string, location?: string): void {
  expect(() => judgeAnswer({ status, body, location }, () => undefined, redact)).toThrow(QueryFailure);
}

const ofKubectl = (stderr: string) => ({ exitCode: 1, stdout: '', stderr });

/** Whatever takes foreign text apart by expressions. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'a page': (text) => judge(200, `<html>${text}`),
  'a text for an answer': (text) => judge(200, `x${text}`),
  'a broken answer': (text) => judge(200, `{"status":"success",${text}`),
  'the text of an error': (text) => judge(500, text),
  'a redirect': (text) => judge(302, '', text),
  'what kubectl says': (text) => explainFailure(ofKubectl(text)),
  'what wget says': (text) => readOutcome('wget', ofKubectl(text)),
  'what curl says': (text) => readOutcome('curl', { ...ofKubectl(text), exitCode: 0, stdout: text }),
  'an excerpt': (text) => excerpt(text),
  'the flags of a JVM': (text) => readJvmSizing({ name: 'a', args: [text] }),
  'a quantity': (text) => parseQuantity(text),
};

const parts = [
  '<title',
  '<title ',
  '<title>',
  '<',
  ' ',
  '\n',
  '//',
  '/',
  '@',
  '?',
  '#',
  '\\',
  '"',
  '{',
  '[',
  'User "',
  '0',
  '1',
  '0.',
  'E',
  'HTTP/1',
  'exit code ',
  '%',
  '&#',
  'invalid header',
  'error: ',
  '-Xmx',
  '-Xmx1',
  'services "',
  'connection to the server ',
];

describe.each(Object.entries(readers))('%s', (_, read) => {
  it.each(parts)('full of %j costs time by its length, not by its square', (part) => {
    const text = part.repeat(Math.floor(1_000_000 / part.length));
    read(text);
    read(`1.${text}`);
    read(`1.${text}x`);
  });
});

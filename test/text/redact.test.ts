import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/text/redact.ts';

/** What a server may make of a text that it echoes. */
const encoders: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  percent: (text) => encodeURIComponent(text),
  'every byte in percent': (text) => Buffer.from(text).toString('hex').replace(/../g, '%$&'),
  form: (text) => new URLSearchParams([['', text]]).toString().slice(1),
  json: (text) => JSON.stringify(text),
  'every character in json': (text) => each(text, (unit) => `\\u${unit.toString(16).padStart(4, '0')}`),
  'json in capitals': (text) => each(text, (unit) => `\\u${unit.toString(16).toUpperCase().padStart(4, '0')}`),
  'a log with \\x': (text) => Buffer.from(text).toString('hex').replace(/../g, '\\x$&'),
  html: (text) =>
    text.replace(/[&<>"']/g, (found) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[found] ?? '&#39;'),
  'every character in html': (text) => each(text, (unit) => `&#${unit};`),
  'hexadecimal html': (text) => each(text, (unit) => `&#x${unit.toString(16)};`),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
};

function each(text: string, encode: (unit: number) => string): string {
  return Array.from(text, (unit) => encode(unit.charCodeAt(0))).join('');
}

const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const secret = fc.string({ unit: printable, minLength: 8, maxLength: 60 }).filter((text) => !/^\*+$/.test(text));
const around = fc.string({ unit: printable, maxLength: 20 });
const escapes = fc.constantFrom(...Object.keys(encoders).filter((name) => !name.startsWith('base64')));

/** The secret and its base64, wherever it began. */
function traces(text: string): readonly string[] {
  return [
    text,
    ...Object.keys(encoders)
      .filter((name) => name.startsWith('base64'))
      .map((name) => encode(name, text)),
  ];
}

function encode(name: string, text: string): string {
  return encoders[name]?.(text) ?? text;
}

describe('createRedactor', () => {
  it('hides a secret in whatever a server makes of it, and of that again', () => {
    fc.assert(
      fc.property(
        secret,
        around,
        around,
        fc.constantFrom(...Object.keys(encoders)),
        escapes,
        (text, before, after, one, two) => {
          const echoed = `${before} ${encode(two, encode(one, text))} ${after}`;
          const shown = createRedactor([text])(echoed);
          expect(shown).toContain('***');
          for (const trace of traces(text)) expect(shown).not.toContain(trace.replace(/=+$/, ''));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('hides a secret in the base64 of a longer value, wherever in it the secret stands', () => {
    fc.assert(
      fc.property(
        secret,
        around,
        around,
        fc.constantFrom('base64', 'base64url'),
        escapes,
        (text, before, after, how, two) => {
          const shown = createRedactor([text])(`Basic ${encode(two, encode(how, before + text + after))}`);
          const found = /[A-Za-z0-9+/_-]{4,}/g;
          for (const [run] of shown.replace('Basic', '').matchAll(found)) {
            expect(Buffer.from(run, 'base64').toString('latin1')).not.toContain(text);
          }
          expect(shown).toContain('***');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('gives a text that holds none back as it is, escapes and all', () => {
    const redact = createRedactor(['s3cr3t-token']);
    for (const text of ['', 'a%20b \\u0061 &amp; \\n', '{"a":"\\\\"}', '%zz %', '&#1114112; &#xffffff; \\u{ffffff}']) {
      expect(redact(text)).toBe(text);
    }
  });

  it('leaves values alone that are too short to be secrets', () => {
    const redact = createRedactor(['', 'a', '1', 'on']);
    expect(redact('a Mi on 1 node')).toBe('a Mi on 1 node');
  });

  it('leaves nothing of a secret that another one is a part of', () => {
    const redact = createRedactor(['abcd', 'Bearer abcdefgh', 'abcdefgh']);
    expect(redact('x Bearer abcdefgh abcdefgh abcd')).toBe('x *** *** ***');
  });

  it('hides characters beyond ASCII in each form', () => {
    const redact = createRedactor(['pässwörd-😀']);
    for (const name of ['percent', 'json', 'base64', 'hexadecimal html']) {
      expect(
        redact(name === 'hexadecimal html' ? 'p&#xe4;ssw&#xf6;rd-&#x1F600;' : encode(name, 'pässwörd-😀')),
      ).toContain('***');
    }
  });

  it('takes large bodies, hostile ones too, in their stride', () => {
    const redact = createRedactor(['s3cr3t-bearer-token', 'Bearer another-one', 'user:password']);
    const row = '{"metric":{"namespace":"shop","pod":"app-1"},"values":[[1795500000,"123456789"]]},';
    const bodies = [row.repeat(600_000), '\\u0062'.repeat(2e6), '\\'.repeat(2e7), '&'.repeat(2e7), '%41'.repeat(4e6)];
    for (const body of bodies) expect(redact(body) === body).toBe(true);
  });
});

import fc from 'fast-check';
import { lexer, type Token, type Tokens } from 'marked';
import { expect, test } from 'vitest';
import { buildGateReport } from '../../src/gate-report/build-gate-report.ts';
import type { GateReport } from '../../src/gate-report/gate-report.ts';
import type { GateFact } from '../../src/model/gate.ts';
import { byteLength } from '../../src/text/format.ts';
import { goldenIn } from '../golden.ts';
import { AT, change, inputOf, mi, verdictOf } from './make-verdict.ts';

const expectGolden = goldenIn(import.meta.url);

const HOSTILE = [
  '| a | b |',
  '`code` ``two`` ```three```',
  '<script>alert(1)</script><!-- -->',
  '--> <!-- kubernetes-memory-inspector:gate -->',
  '[text](javascript:alert(1)) ![x](http://example.invalid/x.png)',
  '@everyone #123 GH-7 octo/repo#9 www.example.invalid',
  '::error::title\n::set-output name=x::y',
  '\u202egnp.exe\u2066\u200b\u0000\u001b[31m',
  '\\|',
  'x\r\n\r\n# heading\n\n- item',
  '',
  '"'.repeat(600),
  '1. *bold* __under__ ~~gone~~ ***',
  '../../..//etc/passwd?x#y',
  '\ud800 lone 世界 é 🔥',
] as const;

/** A report in which every text that comes from the repository or the cluster is this one, or begins with it. */
function reportOf(text: string, rows: number): GateReport {
  const facts: readonly GateFact[] = [
    { kind: 'limit', reason: 'below what was used', limit: mi(1500), peak: mi(2017), enough: mi(2560) },
    { kind: 'no quantity', field: 'limit', written: text },
    { kind: 'steered', by: text, mode: text },
    { kind: 'other cluster', cluster: text },
    { kind: 'in the place of', former: text },
    { kind: 'ignored', why: text },
  ];
  const changes = Array.from({ length: rows }, (_, index) => {
    const own = text + 'b'.repeat(index % 50) + Math.floor(index / 50);
    return ['one', 'two'].map((name) =>
      change({
        name: own,
        namespace: text,
        container: `${text}c`,
        path: own,
        application: { way: 'helm', name: `${text} ${name}`, path: text, cluster: text },
        limit: [2000, text],
        findings: facts.map((fact, at) => [at < 2 ? 'red' : at < 4 ? 'yellow' : 'unknown', fact] as const),
        evidence: { peak: mi(2017) },
      }),
    );
  }).flat();
  const verdict = verdictOf(changes, {
    unread: Array.from({ length: rows }, () => ({ path: text, reason: 'over budget', why: text }) as const),
    source: { kind: 'reports', path: text, count: 2, at: AT, age: 5, instead: { kind: 'not reached', said: text } },
    notes: Array.from({ length: rows }, () => text),
  });
  return buildGateReport(inputOf(verdict, { clusterName: text, runUrl: text }));
}

function allTokens(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const table = token.type === 'table' ? (token as Tokens.Table) : undefined;
    const cells = table === undefined ? [] : [...table.header, ...table.rows.flat()];
    const items = token.type === 'list' ? (token as Tokens.List).items : [];
    const inner = [...cells, ...items].flatMap((one) => one.tokens);
    return [token, ...allTokens([...inner, ...('tokens' in token ? (token.tokens ?? []) : [])])];
  });
}

const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const HEADINGS = /^#+ (?:🔴|What to do|What is not known|Not judged|One file|What it costs|Where this)/u;

function expectIntact(markdown: string): void {
  expect(markdown.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
  for (const token of allTokens(lexer(markdown, { gfm: true }))) {
    if (token.type === 'html') expect(token.raw).toMatch(/^<\/?code>$/);
    if (token.type === 'image' || token.type === 'del') expect.unreachable(token.raw);
    if (token.type === 'link') expect(token.href).toMatch(/^https:\/\/example\.invalid\//);
    if (token.type === 'table') for (const row of token.rows) expect(row).toHaveLength(8);
    if (token.type === 'heading') expect(token.raw).toMatch(HEADINGS);
  }
  const bars = markdown.split('\n').flatMap((line) => (line.startsWith('|') ? [line.split('|').length] : []));
  expect(new Set(bars)).toEqual(new Set([10]));
}

function expectFit({ comment, summary, annotations, headline }: GateReport): void {
  expectIntact(comment);
  expectIntact(summary);
  expect(comment.length).toBeLessThan(65_000);
  expect(byteLength(summary)).toBeLessThan(1024 * 1024);
  expect(headline).not.toMatch(UNPRINTABLE);
  expect(annotations.length).toBeLessThanOrEqual(20);
  for (const { title, message } of annotations) {
    expect(title + message).not.toMatch(UNPRINTABLE);
    expect(Array.from(title + message).length).toBeLessThanOrEqual(700);
  }
}

test.each(HOSTILE)('stays whole with %j for every text', (text) => {
  expectFit(reportOf(text, 2));
  expectFit(reportOf(text, 60));
});

test('stays whole with any text', () => {
  const piece = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'|`\\<>[]()!*_#@\n\r $&;"-+=.1:~') }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => expectFit(reportOf(pieces.join(''), 3))),
    { numRuns: 30 },
  );
});

test('shows hostile names as they are', () => {
  const { comment } = reportOf('<img src=x> | `@octo` #1 $(x) ::error:: [a](b)', 1);
  expectGolden('hostile.md', comment);
});

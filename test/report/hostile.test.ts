import fc from 'fast-check';
import { lexer, type Token, type Tokens } from 'marked';
import { expect, test } from 'vitest';
import { mebibytes } from '../../src/bytes.ts';
import type { Inspection } from '../../src/model/inspection.ts';
import type { JvmMetrics, JvmMetricsState } from '../../src/model/jvm-metrics.ts';
import type { Location } from '../../src/model/location.ts';
import type { Suggestion } from '../../src/model/suggestion.ts';
import { workloadKey } from '../../src/model/workload.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { writeFollowUpComment } from '../../src/report/follow-up-comment.ts';
import { goldenIn } from '../golden.ts';
import { changesOf, SCORECARD } from './follow-ups.ts';
import { type ContainerSpec, makeInput, makeInspection, ramp, setting, type WorkloadSpec } from './make-inspection.ts';

const expectGolden = goldenIn(import.meta.url);

const HOSTILE = [
  '| a | b |',
  '`code` ``two`` ```three```',
  '<script>alert(1)</script><!-- -->',
  '</summary></details><b>',
  '[text](javascript:alert(1)) ![x](http://example.invalid/x.png)',
  '@everyone #123 GH-7 octo/repo#9',
  '::error::title\n::set-output name=x::y',
  '$(reboot) `reboot` $x$',
  '\u202egnp.exe\u2066\u200b\u0000\u001b[31m',
  '\\',
  '\\|',
  'x\r\n\r\n# heading\n\n- item',
  '"] line "%%{init: {}}%% --> ```',
  '',
  'a'.repeat(5000),
  '1. *bold* __under__ ~~gone~~ ***',
  '&lt;img src=x onerror=alert(1)&gt;',
  'https://example.invalid/?a=1 www.example.invalid a@example.invalid',
  '\ud800 lone 世界 é 🔥',
] as const;

/** So many workloads that some are told in full and others have a row of a table. */
const MANY = 13;

/** One inspection in which every text that comes from a cluster is this one, or begins with it. */
function inspectionOf(text: string, workloads: number): Inspection {
  const limit = { from: setting(100), to: mebibytes(256), why: text };
  const container: ContainerSpec = { name: text, used: 95, limit: 100, request: 50, averages: ramp(60, 95) };
  const workload = (name: string, more: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
    namespace: text,
    name,
    kind: text,
    pods: { [text]: [container], [`${text}2`]: [container] },
    ...more,
  });
  const suggestion = { limit, notes: [text], confidence: { level: 'low' as const, why: text } };
  const names = Array.from({ length: workloads }, (_, index) => text + 'b'.repeat(index));
  return makeInspection(
    [
      ...names.map((name) => workload(name)),
      workload('i', {
        ignoreMarks: [{ text }, { container: `${text}3`, text }],
        pods: { p: [{ ...container, ignored: { reason: text, until: text } }] },
      }),
    ],
    {
      suggestions: Object.fromEntries(names.map((name) => [[text, text, name, text].join('/'), suggestion])),
      access: { way: 'exec', url: text, through: text },
      notes: [
        { kind: 'incomplete', text, namespaces: [text] },
        { kind: 'info', text },
      ],
      availability: { exporter: true, cadvisor: true, jvm: { state: 'unavailable', why: text } },
    },
  );
}

/** Where a change goes: alternately nowhere and to a file of that name. */
function locate(suggestion: Suggestion, index: number, text: string): Location {
  if (index % 2 === 0) {
    return { state: 'not located', suggestion, reason: 'drift', why: text, lookedAt: [text], snippet: text };
  }
  const proof = { kind: 'not proved', how: text, why: text } as const;
  const newFiles = [{ path: text, text }];
  const place = { by: text, path: text, cluster: text, namespace: text };
  return { state: 'located', suggestion, path: text, line: 1, edits: [], newFiles, proof, reaches: [place, place] };
}

/** JVMs of which all that the cluster names is that text. */
function jvmsOf(text: string): readonly JvmMetrics[] {
  const monitor = { kind: 'ServiceMonitor', namespace: text, name: text } as const;
  const labels = { [text]: text };
  const add = {
    kind: 'add monitor',
    namespace: text,
    name: text,
    selects: labels,
    labels,
    port: text,
    path: text,
  } as const;
  const change = (field: 'port' | 'path') =>
    ({ kind: 'change monitor', monitor, change: { field, endpoint: 0, from: text, to: text } }) as const;
  const states: readonly JvmMetricsState[] = [
    { state: 'broken', link: { kind: 'no monitor', service: text }, fix: add },
    { state: 'broken', link: { kind: 'port', monitor, wanted: text, there: [text, text] }, fix: change('port') },
    { state: 'broken', link: { kind: 'path', monitor, path: text, answers: text }, fix: change('path') },
    { state: 'broken', link: { kind: 'labels', monitor, service: text, wanted: labels, found: labels } },
    { state: 'broken', link: { kind: 'endpoint', pod: text, url: text, answer: text } },
    { state: 'broken', link: { kind: 'not selected', monitor, prometheus: text, by: 'labels', labels } },
    { state: 'broken', link: { kind: 'target down', monitor, error: text } },
    { state: 'another way', how: 'another collector', by: text },
    { state: 'covered' },
  ];
  const workload = { namespace: text, group: text, kind: text, name: text };
  return states.map((state) => ({ ...state, workload, container: text, recognised: 'image' }));
}

function reportOf(text: string, workloads = MANY) {
  const inspection = inspectionOf(text, workloads);
  const suggestions = inspection.workloads.flatMap(({ containers }) =>
    containers.flatMap(({ suggestion }) => suggestion ?? []),
  );
  const keys = suggestions.map(({ workload, container }) => `${workloadKey(workload)}/${container}`);
  const delivery = { branch: text, title: text, url: text };
  return buildReport(
    makeInput(inspection, {
      clusterName: 'c',
      failures: [text],
      previousIgnored: text,
      runUrl: text,
      repositoryUrl: 'https://example.invalid/',
      deliveries: [
        { ...delivery, state: 'failed', suggestions: keys.filter((_, index) => index % 4 < 2), why: text },
        { ...delivery, state: 'opened', suggestions: keys.filter((_, index) => index % 4 > 1) },
      ],
      locations: suggestions.map((suggestion, index) => locate(suggestion, index, text)),
      followUps: { changes: changesOf(text), scorecard: SCORECARD },
      jvmMetrics: jvmsOf(text),
    }),
  );
}

function commentsOf(text: string): string[] {
  const revert = { number: 7, url: text };
  const context = { clusterName: text, timeZone: 'UTC', reportUrl: text, confirmAfter: 7 * 86_400, revert };
  return changesOf(text).map((change) => writeFollowUpComment(change, context));
}

function allTokens(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const cells =
      token.type === 'table' ? [...(token as Tokens.Table).header, ...(token as Tokens.Table).rows.flat()] : [];
    const items = token.type === 'list' ? (token as Tokens.List).items : [];
    const inner = [...cells.flatMap((cell) => cell.tokens), ...items.flatMap((item) => item.tokens)];
    return [token, ...allTokens([...inner, ...('tokens' in token && token.tokens !== undefined ? token.tokens : [])])];
  });
}

const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const OURS =
  /^(?:<\/?(?:details|code|b)>|<details><summary>[^<]*(?:<b>[^<]*<\/b>)?[^<]*<\/summary>|\s|<!-- memory-inspector (?:run|scorecard) \{[^<>]*\} -->)*$/;

function expectIntact(markdown: string): void {
  expect(markdown.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
  const tokens = allTokens(lexer(markdown, { gfm: true }));
  for (const token of tokens) {
    if (token.type === 'html') expect(token.raw).toMatch(OURS);
    if (token.type === 'image' || token.type === 'del') expect.unreachable(token.raw);
    if (token.type === 'link') expect(token.href).toMatch(/^(?:https:\/\/example\.invalid\/|2025-12-26)/);
    if (token.type === 'table') for (const row of token.rows) expect(row).toHaveLength(token.header.length);
    if (token.type === 'code' && token.lang === 'mermaid') expectChart(token.text);
    if (token.type === 'heading')
      expect(token.raw).toMatch(
        /^#+ (?:🔴|🟡|❌|\d+ others?, by|What|Problem|Top|Follow|JVM metrics|\S+ Follow-up: |All|Data|Memory)/u,
      );
  }
  for (const line of tableLines(markdown)) expect(line).not.toMatch(/\\\|/);
}

/** Every row has as many bars as its head; ours never escape one with a backslash. */
function tableLines(markdown: string): string[] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  let bars = 0;
  for (const [index, line] of lines.entries()) {
    const own = line.split('|').length;
    if (lines[index + 1]?.startsWith('|---') === true || lines[index + 1]?.startsWith('| ---') === true) bars = own;
    expect(own).toBe(bars);
  }
  return lines;
}

function expectChart(chart: string): void {
  const lines = chart.split('\n');
  expect(lines[0]).toMatch(
    /^%%\{init: \{"xyChart": \{"height": \d+\}, "themeVariables": \{"xyChart": \{"plotColorPalette": "[#0-9a-f, ]+"\}\}\}\}%%$/,
  );
  expect(lines[1]).toBe('xychart-beta');
  expect(lines[2]).toMatch(/^ {2}title "[\p{L}\p{N} ./:_()+,·-]*"$/u);
  expect(lines[3]).toMatch(
    /^ {2}x-axis (?:(?:"hours"|"days"|"runs, 0 is the latest") -?[\d.]+ --> -?[\d.]+|\["\d{4}-\d{2}"(?:, "\d{4}-\d{2}")*\])$/,
  );
  expect(lines[4]).toMatch(/^ {2}y-axis "(?:Mi|pods|pull requests)" \d+ --> \d+$/);
  const counts = lines.slice(5).map((line) => {
    expect(line).toMatch(/^ {2}line "[\w ]+" \[\d+(?:\.\d)?(?:, \d+(?:\.\d)?)*\]$/);
    return line.split(',').length;
  });
  expect(new Set(counts).size).toBe(1);
}

test.each(HOSTILE)('stays whole with %j for every text', (text) => {
  const report = reportOf(text);
  expect(report.pages[0]?.text).toMatch(/^### 3 others, by namespace$/m);
  for (const page of [...report.pages, report.index]) expectIntact(page.text);
  expectIntact(report.summary);
  for (const comment of commentsOf(text)) expectIntact(comment);
});

test('stays whole with any text', () => {
  const piece = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'|`\\<>[]()!*_#@\n\r $&;"-+=.1:~') }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
      const report = reportOf(pieces.join(''));
      for (const page of report.pages) expectIntact(page.text);
      expectIntact(report.summary);
      for (const comment of commentsOf(pieces.join(''))) expectIntact(comment);
      for (const { title, message } of report.annotations) {
        expect(`${title}${message}`).not.toMatch(UNPRINTABLE);
      }
    }),
    { numRuns: 50 },
  );
});

test('shows hostile names as they are', () => {
  const text = '<img src=x> | `@octo` #1 $(x) ::error:: [a](b)';
  const report = reportOf(text, 2);
  expectGolden('hostile.md', report.pages[0]?.text ?? '');
  const code = report.pages[0]?.text.match(/<code>(.*?)<\/code>/)?.[1] ?? '';
  const shown = code
    .replaceAll('\u200b', '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)));
  expect(shown).toBe(text);
});

import fc from 'fast-check';
import { lexer, type Token, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/formats/compose-message.ts';
import { writeErrorMessage } from '../../src/formats/error-message.ts';
import { writeGateMessage } from '../../src/formats/gate-message.ts';
import { writeChatMessage } from '../../src/formats/message.ts';
import { goldenIn } from '../golden.ts';
import { healthy, makeInspection } from '../report/make-inspection.ts';
import { contextOf, hostileInspection, hostileText, mixedInspection } from './scenes.ts';

const expectGolden = goldenIn(import.meta.url);
const LINKS = {
  reportUrl: 'https://github.com/acme/infra/blob/main/reports/memory/2025-12-26.md',
  runUrl: 'https://github.com/acme/infra/actions/runs/7',
};
const HEALTHY = makeInspection([{ namespace: 'shop', name: 'web', pods: { p: [healthy('app')] } }]);

const print = ({ headline, markdown, blocks }: Message) =>
  [headline, markdown, JSON.stringify(blocks, undefined, 1), ''].join('\n---\n');

interface Text {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
}
interface Block {
  readonly type: 'header' | 'section' | 'context';
  readonly text?: Text;
  readonly elements?: readonly Text[];
}

/** Slack's limits for a message, its header, a text and a context; and nothing in it that Slack would act on. */
function checkBlocks(blocks: readonly Block[], addresses: readonly string[]) {
  expect(blocks.length).toBeGreaterThan(0);
  expect(blocks.length).toBeLessThanOrEqual(50);
  for (const { type, text, elements } of blocks) {
    expect(['header', 'section', 'context']).toContain(type);
    const texts = type === 'context' ? (elements ?? []) : text === undefined ? [] : [text];
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.length).toBeLessThanOrEqual(10);
    for (const one of texts) {
      expect(one.text.length).toBeGreaterThan(0);
      expect(one.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
      if (one.type === 'plain_text') continue;
      const marks = [...one.text.matchAll(/<[^>]*>?/g)].map(([mark]) => mark);
      for (const mark of marks) expect(addresses.some((address) => mark.startsWith(`<${address}|`))).toBe(true);
      expect(one.text).not.toMatch(/&(?!(?:amp|lt|gt);)/);
    }
  }
}

/** Bold, lists and our own links only. */
function checkMarkdown(markdown: string, addresses: readonly string[]) {
  expect(markdown.length).toBeLessThanOrEqual(3000);
  const walk = (tokens: readonly Token[]): readonly Token[] =>
    tokens.flatMap((token) => [token, ...walk('tokens' in token ? (token.tokens ?? []) : []), ...walk(itemsOf(token))]);
  const itemsOf = (token: Token) => (token.type === 'list' ? (token as Tokens.List).items : []);
  const allowed = ['paragraph', 'text', 'strong', 'list', 'list_item', 'space', 'link', 'escape'];
  for (const token of walk(lexer(markdown))) {
    expect(allowed).toContain(token.type);
    if (token.type === 'link') expect(addresses).toContain((token as Tokens.Link).href);
  }
  expect(markdown).not.toMatch(/@[\p{L}\p{N}]/u);
}

function check({ headline, markdown, blocks }: Message) {
  const addresses = Object.values(LINKS);
  expect(headline.length).toBeLessThan(150);
  expect(headline).not.toMatch(/\p{Cc}/u);
  checkMarkdown(markdown, addresses);
  checkBlocks(blocks as readonly Block[], addresses);
}

describe('a message for a chat', () => {
  it('tells of the most urgent first, with what is suggested and where to read on', () => {
    const message = writeChatMessage(contextOf(mixedInspection(), { clusterName: 'prod' }), LINKS);
    expectGolden('mixed.message.txt', print(message));
    check(message);
  });

  it('is one short block where all is well', () => {
    const { blocks, headline } = writeChatMessage(contextOf(HEALTHY), LINKS);
    expect(blocks).toHaveLength(1);
    expect(headline).toBe('🟢 Memory: The only pod is healthy.');
  });

  it('says what was missing or failed', () => {
    const failures = ['The report could not be committed.'];
    const headlineOf = (outcome: 'error' | 'incomplete') =>
      writeChatMessage(contextOf(HEALTHY, { outcome, failures }), LINKS).headline;
    expect(headlineOf('incomplete')).toBe('🟢 Memory (incomplete): The only pod is healthy.');
    expect(headlineOf('error')).toBe('❌ Memory (part of the run failed): The only pod is healthy.');
    expect(writeChatMessage(contextOf(HEALTHY, { outcome: 'error', failures }), LINKS).markdown).toContain(failures[0]);
  });

  it('says what could not be judged, whatever the outcome', () => {
    const text = 'The pods of pay could not be listed.';
    const inspection = { ...mixedInspection(), notes: [{ kind: 'incomplete', text }] as const };
    const message = writeChatMessage(contextOf(inspection), LINKS);
    expect(message.headline).toMatch(/^🔴 Memory \(incomplete\): 1 container/);
    expect(message.markdown).toContain(`- **⚪ Incomplete.** ${text}`);
  });

  it('leaves out what could only be smaller', () => {
    const large = { name: 'app', used: 200, limit: 8192, request: 200 };
    const inspection = makeInspection([{ namespace: 'shop', name: 'web', pods: { p: [large] } }]);
    expect(inspection.verdict).toBe('yellow');
    expect(writeChatMessage(contextOf(inspection), LINKS).blocks).toHaveLength(1);
  });

  it('keeps to the limits of chats and holds neither mention, link nor format, whatever a cluster or a person writes', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 0, max: 12 }), (text, workloads) => {
        check(writeChatMessage(contextOf(hostileInspection(text, workloads), { clusterName: text }), LINKS));
        check(writeErrorMessage('inspection', text, LINKS));
        const annotation = { level: 'error', title: text, message: text } as const;
        check(writeGateMessage({ headline: text, annotations: [annotation], summary: '', comment: '' }, LINKS));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves a name as it is where no chat would take its characters for marks', () => {
    const annotation = { level: 'error', title: 'shop/JAVA_TOOL_OPTIONS', message: '_a_ :tada: 10:30' } as const;
    const { markdown, blocks } = writeGateMessage(
      { headline: 'x', annotations: [annotation], summary: '', comment: '' },
      LINKS,
    );
    expect(markdown).toContain('**shop/JAVA_TOOL_OPTIONS.** ‗a‗ :tada: 10:30');
    expect(JSON.stringify(blocks)).toContain('*shop/JAVA_TOOL_OPTIONS.* ‗a‗ :\u200btada: 10:30');
  });

  it('links web addresses only', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.webUrl({ withQueryParameters: true })), (address) => {
        const { blocks, markdown } = writeChatMessage(contextOf(HEALTHY), { reportUrl: address });
        const marks = JSON.stringify(blocks).match(/<[^>]*>/g) ?? [];
        expect(marks.filter((mark) => !/^<https?:\/\/[^<>|]+\|Report$/.test(mark.slice(0, -1)))).toEqual([]);
        expect(markdown).toMatch(/^\*\*[^[]*\*\*(\n\n\[Report\]\(https?:[^()<>\s]+\))?$/);
      }),
    );
  });
});

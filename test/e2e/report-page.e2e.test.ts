import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timeOf } from '../../demo/later-days.mjs';
import { runDays } from '../../demo/run-days.mjs';
import { demoRecording, openDemo, runDemo } from '../../demo/run-demo.mjs';
import { launchBrowser } from './render/launch-browser.ts';
import { type Rendered, renderMarkdown } from './render/render-markdown.ts';

const golden = join(import.meta.dirname, '../report/golden');

let browser: Browser;
let directory: string;
let alone: Awaited<ReturnType<typeof runDemo>>;
let delivered: Awaited<ReturnType<typeof runDemo>>;
let ninth: Awaited<ReturnType<typeof runDays>>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'memory-report-page-'));
  browser = await launchBrowser();
  const onOutput = () => {};
  const demo = await openDemo({ github: true, onOutput });
  const recording = readFileSync(demoRecording);
  demo.setTime(timeOf(recording));
  [alone, delivered] = await Promise.all([runDemo({ github: false, onOutput }), demo.run(recording)]);
  // Its checkout is another day's afterwards.
  await cp(delivered.report, join(directory, 'delivered.md'));
  const nacos = delivered.pulls.find(({ title }) => title.includes('pigo-rel/nacos'));
  ninth = await runDays(demo, recording, nacos?.number ?? 0, () => {});
  await demo.close();
});

afterAll(() => browser?.close());

function render(name: string, markdown: string): Promise<Rendered> {
  return renderMarkdown(browser, markdown, { directory: join(directory, name) });
}

/** A chart with a limit has its line, and a further one where another limit is proposed. */
function expectLines({ charts }: Rendered): void {
  for (const { source, drawn } of charts) expect(drawn, source).toBe(source.match(/^ {2}line /gm)?.length);
}

describe('what the demo cluster gives', () => {
  it.each(['report', 'summary'] as const)('its %s renders without a flaw', async (what) => {
    const rendered = await render(what, await readFile(alone[what], 'utf8'));
    expect(rendered.problems).toEqual([]);
    expectLines(rendered);
    expect(rendered.charts.length).toBeGreaterThan(5);
    const nacos = rendered.charts.find(({ source }) => source.includes('title "pigo-rel/nacos: '));
    expect(nacos?.drawn).toBe(3);
    expect(rendered.text).toContain('2017Mi of 2000Mi (100.8 %)');
  });

  it('its index renders without a flaw', async () => {
    const rendered = await render('index', await readFile(alone.index, 'utf8'));
    expect(rendered.problems).toEqual([]);
    expect(rendered.text).toContain('Memory reports');
    expect(rendered.text).not.toContain('{"date"');
  });

  it('its report with pull requests renders without a flaw', async () => {
    expect((await render('delivered', await readFile(join(directory, 'delivered.md'), 'utf8'))).problems).toEqual([]);
  });

  it('a week after the merge, its report, index and comment render without a flaw', async () => {
    const report = await render('ninth', await readFile(ninth.report, 'utf8'));
    expect(report.problems).toEqual([]);
    expect(report.text).toContain('confirmed, and no peak has passed the new limit');
    const index = await render('ninth-index', await readFile(ninth.index, 'utf8'));
    expect(index.problems).toEqual([]);
    expect(index.text).toContain('What became of the suggestions');
    expect(ninth.comments).toHaveLength(1);
    const comment = await render('ninth-comment', ninth.comments[0] ?? '');
    expect(comment.problems).toEqual([]);
    expect(comment.text).toContain('Follow-up: 1 container is confirmed');
    expect(comment.text).not.toContain('memory-inspector:follow-up');
  });

  it('every pull request shows its chart, its table and its diff', async () => {
    expect(delivered.pulls.length).toBeGreaterThan(3);
    for (const { number, body, title } of delivered.pulls) {
      const rendered = await render(`pull-${number}`, body ?? '');
      expect(rendered.problems, title).toEqual([]);
      expectLines(rendered);
      expect(rendered.charts, title).toHaveLength(1);
      expect(rendered.text).toContain('diff --git');
      expect(rendered.text).not.toContain('fingerprint');
    }
  });
});

describe('the pages that the report tests hold', () => {
  const pages = readdirSync(golden).filter((name) => name.endsWith('.md'));

  it.each(pages)('%s renders without a flaw', async (name) => {
    const rendered = await render(name, readFileSync(join(golden, name), 'utf8'));
    expect(rendered.problems).toEqual([]);
    expectLines(rendered);
  });
});

describe('the rendering itself', () => {
  const table = '| a | b |\n|---|---|\n| 1 | 2 |';

  it.each([
    [
      'a chart with a word for a number',
      '```mermaid\nxychart-beta\n  line "used" [1, two]\n```',
      'Mermaid cannot draw',
    ],
    ['a chart of no kind', '```mermaid\nno-chart\n```', 'Mermaid cannot draw'],
    ['a row that is short of a cell', table.replace('| 1 | 2 |', '| 1 |'), '1 cells instead of 2'],
    ['a row with a pipe in a name', table.replace('2', '`a|b`'), '3 cells instead of 2'],
    ['a table that follows a line of text', `text\n${table.replace('| b |', '| b | c |')}`, 'a table that is not one'],
    ['a fold that is not closed', '<details><summary>More</summary>\n\ntext', '1 details are opened and 0 closed'],
    ['an image', 'x <img src=x> y', 'an element that should not be there: <img'],
    ['a picture from elsewhere', '![x](https://example.invalid/x.png)', 'the page asked for https://example.invalid'],
    ['a handler that runs', 'x <img src=x onerror=alert(1)> y', 'a dialog opened: 1'],
    ['a script', 'x <script>alert(1)</script>', 'a dialog opened: 1'],
    ['a frame', '<iframe srcdoc="x"></iframe>', 'HTML that should not be there: <iframe'],
    ['an attribute on what is allowed', '<b onclick="x()">b</b>', 'an attribute that should not be there: onclick'],
    ['a link that runs something', '[x](javascript:alert(1))', 'a link to javascript:'],
  ])('sees %s', async (name, markdown, problem) => {
    const { problems } = await render(name.replaceAll(' ', '-'), markdown);
    expect(problems.join('\n')).toContain(problem);
  });

  it('finds nothing in a page that is right', async () => {
    const { problems, text } = await render(
      'right',
      `# Title\n\n${table}\n\n<b>b</b> <!-- hidden -->\n\n> [!NOTE]\n> **Text**`,
    );
    expect(problems).toEqual([]);
    expect(text).not.toContain('hidden');
  });
});

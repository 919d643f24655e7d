import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { checkMarkdown } from './check-markdown.ts';
import { type Chart, drawCharts, inspectPage } from './in-page.mjs';
import { writePage } from './write-page.ts';

export interface Rendered {
  /** One sentence each; empty when everything renders as it should. */
  readonly problems: readonly string[];
  readonly charts: readonly Chart[];
  /** The text that a reader sees, folds included. */
  readonly text: string;
  /** The page as it was after drawing. */
  readonly html: string;
  /** Path of a picture of the whole page. */
  readonly screenshot: string;
}

const MERMAID = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');
/** Of a page, in pixels: about what GitHub gives a file. */
const WIDTH = 1000;

/** Shows Markdown in a browser without a network, its Mermaid blocks drawn by Mermaid itself; writes into `directory`. */
export async function renderMarkdown(
  browser: Browser,
  markdown: string,
  { directory }: { readonly directory: string },
): Promise<Rendered> {
  await mkdir(directory, { recursive: true });
  const html = join(directory, 'page.html');
  const screenshot = join(directory, 'page.png');
  const { page, noise, found, charts } = await openPage(browser, markdown);
  try {
    await writeFile(html, await page.content());
    await page.screenshot({ path: screenshot, fullPage: true });
    const problems = [...checkMarkdown(markdown), ...found.problems, ...charts.flatMap(checkChart), ...noise];
    return { problems, charts, text: found.text, html, screenshot };
  } finally {
    await page.close();
  }
}

/** Draws a page from its top to the end of its first chart into the file `picture`. */
export async function drawTop(browser: Browser, markdown: string, picture: string): Promise<void> {
  const { page } = await openPage(browser, markdown);
  try {
    const chart = await page.locator('pre.mermaid').first().boundingBox();
    const height = chart === null ? 800 : Math.ceil(chart.y + chart.height);
    await page.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height } });
  } finally {
    await page.close();
  }
}

async function openPage(browser: Browser, markdown: string) {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 } });
  const noise = listen(page);
  await page.route('**/*', (route) => {
    noise.push(`the page asked for ${route.request().url()}`);
    return route.abort();
  });
  await page.setContent(writePage(markdown));
  const found = await page.evaluate(inspectPage);
  const charts = await draw(page);
  return { page, noise, found, charts };
}

/** Mermaid takes seconds to load, so only where it is needed. */
async function draw(page: Page): Promise<Chart[]> {
  if ((await page.locator('pre.mermaid').count()) === 0) return [];
  await page.addScriptTag({ path: MERMAID });
  return page.evaluate(drawCharts);
}

/** Errors and dialogs of the page, as they come. */
function listen(page: Page): string[] {
  const noise: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') noise.push(`the console says: ${message.text()}`);
  });
  page.on('pageerror', (error) => noise.push(`the page failed: ${error.message}`));
  page.on('dialog', (dialog) => {
    noise.push(`a dialog opened: ${dialog.message()}`);
    return dialog.dismiss();
  });
  return noise;
}

function checkChart({ source, error, drawn }: Chart): string[] {
  const title = /title "(.*)"/.exec(source)?.[1] ?? source.slice(0, 60);
  if (error !== undefined) return [`Mermaid cannot draw "${title}": ${error.split('\n')[0]}`];
  const wanted = source.match(/^\s*line /gm)?.length ?? 0;
  return drawn === wanted ? [] : [`the chart "${title}" shows ${drawn} lines instead of ${wanted}`];
}

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser } from './launch-browser.ts';

/** Opens a page by its text, in a browser that is there for the tests of a file. */
export type OpenPage = (name: string, text: string, hash?: string, options?: BrowserContextOptions) => Promise<Page>;

/** A browser for the tests of a file, in which whatever they do with a page is watched. */
export function viewPages(): OpenPage {
  const folder = mkdtempSync(join(tmpdir(), 'memory-page-'));
  let browser: Browser;
  let opened: { readonly page: Page; readonly wrong: string[] }[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser?.close());

  /** Whatever a test does with a page, the page asks for nothing, breaks no rule of its policy and has no error. */
  afterEach(async () => {
    const wrong = opened.flatMap((one) => one.wrong);
    await Promise.all(opened.map(({ page }) => page.context().close()));
    opened = [];
    expect(wrong).toEqual([]);
  });

  return async function open(name, text, hash = '', options = {}) {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, text);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    const address = `${pathToFileURL(file)}${hash}`;
    page.on('request', (request) => {
      if (
        !/^(?:file|data):/.test(request.url()) ||
        (request.url().startsWith('file:') && !request.isNavigationRequest())
      ) {
        wrong.push(`asks for ${request.url()}`);
      }
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('dialog', (dialog) => {
      wrong.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    opened.push({ page, wrong });
    await page.goto(address);
    return page;
  };
}

/** Whether anything is drawn on a canvas. */
export function isDrawn(page: Page): Promise<boolean[]> {
  return page.locator('.details canvas').evaluateAll((all) =>
    (
      all as unknown as {
        getContext(kind: string): { getImageData(...area: number[]): { data: number[] } };
        width: number;
        height: number;
      }[]
    ).map((canvas) =>
      canvas
        .getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height)
        .data.some((value) => value !== 0),
    ),
  );
}

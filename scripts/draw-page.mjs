// `npm run draw:page`: the picture of the page in the README. The bundle inspects the recorded demo cluster; its page is drawn
// by the browser of the end-to-end tests, with the first row open.
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { demoRecording, RECORDING, runAction } from '../demo/run-demo.mjs';
import { launchBrowser } from '../test/e2e/render/launch-browser.ts';

const pathOf = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const picture = pathOf('docs/page.png');
const checkout = mkdtempSync(join(tmpdir(), 'memory-page-'));
const browser = await launchBrowser();
try {
  const index = await inspect();
  const page = await browser.newPage({ viewport: { width: 1440, height: 1420 } });
  await page.goto(`${pathToFileURL(index)}`);
  await page.locator('#containers tbody tr.row button').first().click();
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
  rmSync(checkout, { recursive: true });
}
console.log(`wrote ${picture}, ${Math.round(statSync(picture).size / 1024)} KB`);

/** Inspects the recording beside the cluster's manifests; gives the path of the page. */
async function inspect() {
  cpSync(pathOf('test/e2e/pigo/manifests'), checkout, { recursive: true });
  cpSync(demoRecording, join(checkout, RECORDING));
  const [summary, outputs] = [join(checkout, 'summary.md'), join(checkout, 'outputs.txt')];
  for (const file of [summary, outputs]) writeFileSync(file, '');
  const env = { INPUT_PAGE: 'true' };
  await runAction({ checkout, summary, outputs, api: undefined, onOutput: () => {}, env });
  return join(checkout, 'reports/memory/index.html');
}

// `npm run draw`: the picture of a report in the README. The bundle inspects a part of the recorded demo cluster, small enough
// for a picture; the top of its report is drawn by the browser of the end-to-end tests.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { demoRecording, runDemo } from '../demo/run-demo.mjs';
import { launchBrowser } from '../test/e2e/render/launch-browser.ts';
import { drawTop } from '../test/e2e/render/render-markdown.ts';

const picture = fileURLToPath(new URL('../docs/report.png', import.meta.url));
const hardCases = ['steady-leak', 'page-cache-full', 'node-agent'];

const { report } = await runDemo({ github: true, onOutput: () => {}, recording: cutRecording() });
const browser = await launchBrowser();
try {
  await drawTop(browser, readFileSync(report, 'utf8'), picture);
} finally {
  await browser.close();
}
console.log(`wrote ${picture}, ${Math.round(statSync(picture).size / 1024)} KB`);

/** The recording with the pigo namespaces and a few of the hard cases. */
function cutRecording() {
  const recording = JSON.parse(gunzipSync(readFileSync(demoRecording)).toString('utf8'));
  const kept = recording.workloads.filter(
    (/** @type {{ ref: { namespace: string, name: string } }} */ { ref }) =>
      ref.namespace !== 'hard-cases' || hardCases.includes(ref.name),
  );
  return gzipSync(JSON.stringify({ ...recording, workloads: kept }));
}

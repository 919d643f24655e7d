import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import type { Report } from '../../src/report/input.ts';
import { healthy, makeInput, makeInspection } from './make-inspection.ts';

const GITHUB_RENDERS = 512 * 1024;
const SUMMARY_HOLDS = 1024 * 1024;
const size = (text: string) => Buffer.byteLength(text, 'utf8');

/** Workloads of ten pods each; every seventh is red. The first namespace has half of all. */
function largeCluster(pods: number, redEvery = 7) {
  return makeInspection(
    Array.from({ length: pods / 10 }, (_, index) => ({
      namespace: index % 2 === 0 ? 'big' : `team-${index % 20}`,
      name: `service-${index}`,
      pods: Object.fromEntries(
        Array.from({ length: 10 }, (_, pod) => [
          `service-${index}-7d4b9c6f5d-x${pod}`,
          [healthy('app', index % redEvery === 0 ? 950 : 300, 1000)],
        ]),
      ),
    })),
  );
}

function podsNamed(report: Report): Set<string> {
  const text = report.pages.map((page) => page.text).join('\n');
  return new Set(Array.from(text.matchAll(/service-\d+-7d4b9c6f5d-x\d/g), (match) => match[0]));
}

test('splits 4,000 pods into pages that GitHub renders, and names every pod', () => {
  const report = buildReport(makeInput(largeCluster(4000)));
  expect(report.pages.length).toBeGreaterThan(1);
  for (const page of report.pages) expect(size(page.text)).toBeLessThan(GITHUB_RENDERS);
  expect(podsNamed(report).size).toBe(4000);
  expect(size(report.summary)).toBeLessThanOrEqual(SUMMARY_HOLDS);
});

test('splits a namespace that is too large for one page', () => {
  const report = buildReport(makeInput(largeCluster(10_000, 1)));
  for (const page of report.pages) expect(size(page.text)).toBeLessThan(GITHUB_RENDERS);
  expect(report.pages.filter((page) => page.path.includes('/big.')).length).toBeGreaterThan(1);
  expect(podsNamed(report).size).toBe(10_000);
  expect(size(report.summary)).toBeLessThanOrEqual(SUMMARY_HOLDS);
});

test('links every page from the main one', () => {
  const report = buildReport(makeInput(largeCluster(4000)));
  const [main, ...others] = report.pages;
  const folder = main?.path.slice(0, main.path.lastIndexOf('/')) ?? '';
  const linked = Array.from((main?.text ?? '').matchAll(/\]\(([^)]+\.md)\)/g), (match) => `${folder}/${match[1]}`);
  expect(linked.sort()).toEqual(others.map((page) => page.path).sort());
});

test('keeps a small cluster on one page', () => {
  expect(buildReport(makeInput(largeCluster(100))).pages).toHaveLength(1);
});

test('the job summary gets shorter step by step and always fits', () => {
  const inspection = largeCluster(1000);
  const sizes: number[] = [];
  for (let most = SUMMARY_HOLDS; sizes.length < 5; most = (sizes.at(-1) ?? 0) - 1) {
    const { summary } = buildReport(makeInput(inspection, { summaryBytes: most }));
    expect(size(summary)).toBeLessThanOrEqual(most);
    sizes.push(size(summary));
  }
  expect(sizes.at(-1)).toBeLessThan(400);
});

test('the shortest job summary has the counts and says where the report is', () => {
  const { summary } = buildReport(makeInput(largeCluster(1000), { summaryBytes: 0 }));
  expect(summary).toContain('15 containers are about to be OOM-killed');
  expect(summary).toContain('reports/memory/2025-12-26.md');
});

test('annotates ten errors at most, the last one with how many more', () => {
  const { annotations } = buildReport(makeInput(largeCluster(1000)));
  expect(annotations).toHaveLength(10);
  expect(annotations.at(-1)?.title).toBe('6 more containers at risk');
});

test('one line a container in the JSON', () => {
  const { json } = buildReport(makeInput(largeCluster(3000)));
  expect(json.text.split('\n').filter((line) => line.startsWith('{"name":'))).toHaveLength(300);
});

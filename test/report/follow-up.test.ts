import { expect, test } from 'vitest';
import type { FollowedChange } from '../../src/model/follow-up.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { goldenIn } from '../golden.ts';
import { ALL_OBSTACLES, ALL_VERDICTS, DAY, followed, HOUR, merged, OBSTACLES, waitsFor } from './follow-ups.ts';
import { AT, healthy, makeInput, makeInspection } from './make-inspection.ts';

const expectGolden = goldenIn(import.meta.url);
const WEB = makeInspection([{ namespace: 'shop', name: 'web', pods: { 'web-a': [healthy('web', 40, 128)] } }]);

function report(changes: readonly FollowedChange[], summaryBytes?: number) {
  return buildReport(makeInput(WEB, { followUps: { changes }, ...(summaryBytes && { summaryBytes }) }));
}

function section(text = ''): string {
  return /## Follow-up\n[\s\S]*?(?=\n## |$)/.exec(text)?.[0] ?? '';
}

test('says of each obstacle what is in the way and what to do', () => {
  const { pages, summary } = report(ALL_OBSTACLES);
  expectGolden('follow-up-obstacles.md', section(pages[0]?.text));
  expect(section(summary)).toBe(section(pages[0]?.text));
});

test('says of each verdict what came of the change', () => {
  expectGolden('follow-up-verdicts.md', section(report(ALL_VERDICTS).pages[0]?.text));
});

test('has no section where nothing is followed', () => {
  expect(report([]).pages[0]?.text).not.toContain('Follow-up');
});

test('shows what waits first, and folds what is settled and what is beyond twenty rows', () => {
  const confirmed = { verdict: { kind: 'confirmed' } } as const;
  const changes = [
    merged(1, [followed('old', confirmed)]),
    ...Array.from({ length: 30 }, (_, index) => merged(index + 2, [followed(`open-${index}`)])),
    merged(50, [waitsFor('late', { kind: 'not applied' })]),
  ];
  const text = section(report(changes).pages[0]?.text);
  const [open = '', more = '', settled = ''] = text.split('<details>');
  expect(open.match(/^\| \[/gm)).toHaveLength(20);
  expect(open).toMatch(/\|---\|\n\| \[#50\]/);
  expect(more).toMatch(/^<summary>11 more that are followed<\/summary>/);
  expect(more.match(/^\| \[/gm)).toHaveLength(11);
  expect(settled).toMatch(/^<summary>Settled in the last 14 days \(1\)<\/summary>/);
});

test('a page and a job summary that must be short have as many rows as the other sections', () => {
  const many = merged(
    9,
    Array.from({ length: 3000 }, (_, index) => followed(`web-${index}`)),
  );
  const { pages, summary } = report([many], 100_000);
  expect(pages[0]?.text).toContain('*2900 more: in the JSON beside this page.*');
  expect(Buffer.byteLength(pages[0]?.text ?? '')).toBeLessThan(500_000);
  expect(Buffer.byteLength(summary)).toBeLessThan(100_000);
});

test('warns of what got worse and of what waits for more than a day', () => {
  const late = { kind: 'not applied' } as const;
  const changes = [
    ...ALL_VERDICTS,
    merged(60, [waitsFor('late', late), waitsFor('later', late)]),
    merged(61, [waitsFor('soon', late)], { at: AT - 20 * HOUR }),
    merged(62, [waitsFor('noted', late)], { how: 'by hand', at: AT - 2 * DAY }),
  ];
  const { annotations } = report(changes);
  expectGolden('follow-up-annotations.json', `${JSON.stringify(annotations, null, 2)}\n`);
  expect(report(ALL_OBSTACLES).annotations).toHaveLength(10);
  expect(Object.keys(OBSTACLES).length).toBeGreaterThan(10);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from '../../src/bytes.ts';
import { checkHeap } from '../../src/checks/heap.ts';
import { checkSizing } from '../../src/checks/sizing.ts';
import { checkTrend } from '../../src/checks/trend.ts';
import { checkUsage } from '../../src/checks/usage.ts';
import { CHECKS, type CheckName, type ContainerObservation, type Findings } from '../../src/model/finding.ts';
import type { ContainerMeasurement, Sample } from '../../src/model/measurement.ts';
import { calendarOf } from '../../src/text/format.ts';
import { toMarkdown, toPlain } from '../../src/text/phrase.ts';
import type { Scene } from '../../src/words/scene.ts';
import { cellOf, clauseOf, nameProblems } from '../../src/words/words.ts';
import { ABSENT, AT, DAY, HOUR, observe, SLOT, THRESHOLDS, UNKNOWN, WINDOWS } from '../checks/fixtures.ts';
import { wrongStart } from './predicate.ts';

/** From nothing over some bytes to terabytes. */
const size = fc
  .tuple(fc.integer({ min: 0, max: 4000 }), fc.constantFrom(1, 2 ** 10, 2 ** 20, 2 ** 20, 2 ** 20, 2 ** 30))
  .map(([number, unit]) => bytes(number * unit));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const setting = fc.oneof(
  fc.constant(ABSENT),
  fc.constant(UNKNOWN),
  size.map((one) => ({ state: 'set', bytes: one }) as const),
);

/** Samples that end so many slots before `AT`, of one of the courses that memory takes. */
function course(most: number, slot: number): fc.Arbitrary<Sample[]> {
  return fc
    .record({
      count: fc.oneof(fc.constant(most), fc.integer({ min: 0, max: most })),
      behind: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 })),
      base: size,
      slope: fc.double({ min: -0.02, max: 0.1, noNaN: true }),
      noise: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.4, noNaN: true })),
      period: fc.oneof(fc.constant(12), fc.integer({ min: 2, max: 60 })),
    })
    .map(({ count, behind, base, slope, noise, period }) =>
      Array.from({ length: count }, (_, index) => ({
        t: AT - (count - 1 - index + behind) * slot,
        v: Math.max(0, base * (1 + slope * (index % period) + noise * Math.sin(index * 7))),
      })),
    );
}

const parts = fc.record({
  workingSet: optional(size),
  activeFile: optional(size),
  rss: optional(size),
  mappedFile: optional(size),
  startedAt: optional(fc.integer({ min: AT - 30 * DAY, max: AT })),
});
const heap = fc.record({
  liveSet: optional(size),
  lowestUsed: optional(size),
  maximum: optional(size),
  nonHeap: optional(size),
});

const measurement: fc.Arbitrary<ContainerMeasurement> = fc
  .record({
    now: optional(parts),
    peak: optional(size),
    averages: course(48, SLOT),
    slowAverages: course(56, 3 * HOUR),
    rss: course(4, 6 * HOUR),
    mappedFile: course(4, 6 * HOUR),
    activeFile: fc.oneof(fc.constant([]), course(4, 6 * HOUR)),
    restartEvery: fc.oneof(fc.constant(100), fc.constant(12), fc.integer({ min: 3, max: 48 })),
    heap: optional(heap),
  })
  .map(({ restartEvery, ...measured }) => ({
    namespace: 'shop',
    pod: 'cart-0',
    container: 'app',
    starts: measured.averages.map(({ t }, index) => ({ t, v: t - (index % restartEvery) * SLOT })),
    restarts: measured.averages.map(({ t }, index) => ({ t, v: Math.floor(index / restartEvery) })),
    oomReason: [],
    ...measured,
  }));

const kill = fc.record({
  at: optional(fc.integer({ min: AT - DAY, max: AT })),
  source: fc.constantFrom('pod status' as const, 'exporter' as const, 'cAdvisor' as const),
  limit: optional(size),
});

/** One for each restart belongs to it. */
const UNTIMED = { source: 'cAdvisor' } as const;

const container: fc.Arbitrary<ContainerObservation> = fc
  .record({
    measured: optional(measurement),
    limit: setting,
    request: setting,
    oomKills: fc.oneof(fc.constant([]), fc.array(kill, { maxLength: 20 }), fc.constant(Array(20).fill(UNTIMED))),
    restartsInWindow: fc.nat(20),
    startedAt: optional(fc.integer({ min: AT - 30 * DAY, max: AT })),
    running: optional(fc.boolean()),
    highest: optional(fc.record({ limitBase: optional(size), peak: optional(size) })),
  })
  .map(({ measured, running, limit, request, ...rest }) =>
    observe(measured, {
      ...rest,
      limit,
      request,
      ...(running !== undefined && {
        live: { name: 'app', kind: 'container', injected: false, limit, request, running, restarts: 0 },
      }),
    }),
  );

const podName = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const scene: fc.Arbitrary<Scene> = fc.record({
  at: fc.constant(AT),
  calendar: fc.constantFrom(calendarOf('UTC'), calendarOf('Asia/Kathmandu')),
  windows: optional(fc.constant(WINDOWS)),
  pod: optional(
    fc.oneof(
      podName.map((name) => ({ name, state: 'gone' }) as const),
      fc
        .tuple(podName, fc.integer({ min: 2, max: 99 }))
        .map(([name, pods]) => ({ name, state: 'one of', pods }) as const),
    ),
  ),
  suggested: fc.boolean(),
});

const thresholds = fc
  .record({ trendRule: fc.constantFrom('steady' as const, 'quarters' as const), usageRed: fc.constantFrom(85, 92.5) })
  .map((change) => ({ ...THRESHOLDS, ...change }));

function findAll(one: ContainerObservation, lines: typeof THRESHOLDS): Findings {
  return {
    usage: checkUsage(one, lines),
    trend: checkTrend(one, lines),
    sizing: checkSizing(one, lines),
    heap: checkHeap(one, lines),
  };
}

/** What no text may have in it. */
const BROKEN =
  /undefined|NaN|Infinity|null|\[object|\$\{|\b[A-Z_]{2,}_[A-Z]+\b| {2}|: ?:|, ?,|; ?;|\( ?\)|[,;:] ?[,;:.]|\s[,;:.)]|\(\s|^\s|[\s,;:.]$/;

/** Markdown as a reader sees it. */
function read(markdown: string): string {
  return markdown
    .replace(/\*\*|`|\u200b/g, '')
    .replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

function expectWellFormed<C extends CheckName>(check: C, findings: Findings, one: Scene): void {
  const finding = findings[check];
  if (finding === undefined) return;
  const phrase = clauseOf(check, finding, one);
  const plain = toPlain(phrase);
  expect(plain).not.toMatch(BROKEN);
  expect(wrongStart(plain), plain).toEqual([]);
  expect(read(toMarkdown(phrase))).toBe(plain);
  expect(cellOf(check, finding)).toMatch(/\S/);
  expect(cellOf(check, finding)).not.toMatch(BROKEN);
}

test('whatever is observed, what is said of it is well-formed', () => {
  fc.assert(
    fc.property(container, thresholds, scene, (one, lines, where) => {
      const findings = findAll(one, lines);
      for (const check of CHECKS) expectWellFormed(check, findings, where);
      const names = nameProblems(findings);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) {
        expect(name).toMatch(/\S/);
        expect(name).not.toMatch(BROKEN);
      }
      const isWrong = CHECKS.some((check) => ['red', 'yellow'].includes(findings[check]?.level ?? ''));
      expect(names.length > 0).toBe(isWrong);
    }),
    { numRuns: 1000 },
  );
});

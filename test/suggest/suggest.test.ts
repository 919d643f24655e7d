import { describe, expect, test } from 'vitest';
import { ABSENT, AT, HOUR, mi, SLOT, series, set, THRESHOLDS, UNKNOWN } from '../checks/fixtures.ts';
import { type Case, judgeCase } from './fixtures.ts';

const tight: Case = { used: 2017, limit: set(2000), request: set(1000) };
const roomy: Case = { used: 600, limit: set(4096), request: set(512) };

describe('raising', () => {
  test('the case: 2017Mi of 2000Mi, request 1000Mi', () => {
    expect(judgeCase(tight).suggestion).toMatchObject({
      limit: { from: set(2000), to: mi(2560), why: 'usage 2017Mi × 1.3, rounded to 256Mi' },
      request: { from: set(1000), to: mi(1536), why: 'usage 2017Mi × 0.8, rounded to 256Mi' },
    });
  });

  test('respects the long peak', () => {
    const { suggestion } = judgeCase({ ...tight, longPeak: 2600 });
    expect(suggestion?.limit).toMatchObject({
      to: mi(3328),
      why: expect.stringContaining('peak 2600Mi in 14 days × 1.3'),
    });
  });

  test('ends under the red line and above 1.1 of the peak, where rounding would not', () => {
    expect(judgeCase({ used: 1055, limit: set(1024), request: set(800) }).suggestion?.limit?.to).toBe(mi(1280));
    const strict = { ...tight, settings: { thresholds: { ...THRESHOLDS, usageYellow: 40, usageRed: 50 } } };
    expect(judgeCase(strict).suggestion?.limit?.to).toBeGreaterThan(2 * mi(2017));
  });

  test('ends under the red line with its page cache where it waits for memory', () => {
    const now = { workingSet: mi(1280), activeFile: mi(400), startedAt: AT - 720 * HOUR };
    const measured = { now, peak: mi(1280), activeFile: series(4, 6 * HOUR, () => 400) };
    const cached: Case = { used: 1280, limit: set(1000), request: set(800), measured };
    expect(judgeCase(cached).suggestion?.limit?.to).toBe(mi(1536));
    const waits = { ...measured, pressure: { waiting: [{ t: AT, v: 0.3 }], stalled: [] } };
    expect(judgeCase({ ...cached, measured: waits }).suggestion?.limit?.to).toBe(mi(1536));
    const strict = { thresholds: { ...THRESHOLDS, usageRed: 80 } };
    expect(judgeCase({ ...cached, measured: waits, settings: strict }).suggestion?.limit?.to).toBe(mi(1792));
  });

  test('by less than 10 % is left out unless it ends a red', () => {
    const peaked = (hours: number) => (hours < -10 && hours > -12 ? 851 : 600);
    const peakOnly = judgeCase({ used: peaked, limit: set(1000), request: set(700) });
    expect(peakOnly.worst.sizing?.finding.level).toBe('yellow');
    expect(peakOnly.suggestion).toBeUndefined();
    expect(peakOnly.withheld?.why).toBe('Would be 1024Mi, less than 10 % more: not worth a change');
    const now = judgeCase({ used: 851, limit: set(1000), request: set(700) });
    expect(now.suggestion?.limit?.to).toBe(mi(1024));
  });
});

describe('requests', () => {
  test('too low alone leave the limit as it is', () => {
    const { suggestion } = judgeCase({ used: 1000, limit: set(2048), request: set(256) });
    expect(suggestion?.limit).toBeUndefined();
    expect(suggestion?.request?.to).toBe(mi(832));
    expect(suggestion?.delivery).toEqual({ kind: 'change' });
  });

  test('never pass the limit', () => {
    const { suggestion } = judgeCase({ used: 100, limit: set(100), request: set(32), longPeak: 100 });
    expect(suggestion?.request?.to).toBeLessThanOrEqual(suggestion?.limit?.to ?? 0);
  });

  test('equal to the limit stay equal (Guaranteed)', () => {
    const { suggestion } = judgeCase({ used: 2017, limit: set(2000), request: set(2000) });
    expect(suggestion?.request?.to).toBe(suggestion?.limit?.to);
    const lowered = judgeCase({ ...roomy, request: set(4096) }).suggestion;
    expect(lowered?.limit?.to).toBe(mi(896));
    expect(lowered?.request?.to).toBe(mi(896));
  });

  test('that the manifest leaves out follow the limit by themselves', () => {
    const implied: Case = { used: 2017, limit: set(2000), request: set(2000), template: { request: ABSENT } };
    expect(judgeCase(implied).suggestion).toMatchObject({ limit: { to: mi(2560) } });
    expect(judgeCase(implied).suggestion?.request).toBeUndefined();
  });

  test('missing are added', () => {
    expect(judgeCase({ used: 500, limit: set(1024), request: ABSENT }).suggestion).toMatchObject({
      request: { from: ABSENT, to: mi(384) },
      direction: 'raise',
      delivery: { kind: 'change' },
    });
  });

  test('stay where an HPA scales on memory', () => {
    const { suggestion, withheld } = judgeCase({ ...tight, workload: { memoryHpa: 'steered' } });
    expect(suggestion?.limit?.to).toBe(mi(2560));
    expect(suggestion?.request).toBeUndefined();
    expect(withheld?.why).toContain('HPA');
    const guaranteed = judgeCase({ ...tight, request: set(2000), workload: { memoryHpa: 'steered' } });
    expect(guaranteed.suggestion).toBeUndefined();
  });
});

describe('tightening', () => {
  test('is said by default and a change when asked for', () => {
    const { suggestion } = judgeCase(roomy);
    expect(suggestion).toMatchObject({ limit: { to: mi(896) }, direction: 'lower', delivery: { kind: 'report' } });
    const asked = judgeCase({ ...roomy, settings: { tighten: 'pull-request' } }).suggestion;
    expect(asked?.delivery).toEqual({ kind: 'change' });
  });

  test('needs seven days of data, and says so', () => {
    const slowAverages = series(24, 3 * HOUR, () => 600);
    const unlimited: Case = { used: 400, limit: ABSENT, request: set(300) };
    const { suggestion, withheld } = judgeCase({ ...unlimited, days: 3, measured: { slowAverages } });
    expect(suggestion).toBeUndefined();
    expect(withheld?.why).toBe('Would be 576Mi, but only 3 days of data were seen: 7 days are needed');
  });

  test('counts seven days that were begun as six', () => {
    const slowAverages = series(50, 3 * HOUR, () => 600);
    expect(judgeCase({ ...roomy, days: 7, measured: { slowAverages } }).level).toBe('green');
    expect(judgeCase({ ...roomy, days: 7 }).suggestion?.limit?.to).toBe(mi(896));
  });

  test('respects the long peak, and lowers by at least a quarter', () => {
    expect(judgeCase({ ...roomy, longPeak: 1500 }).suggestion?.limit?.to).toBe(mi(2304));
    expect(judgeCase({ ...roomy, longPeak: 2500 }).level).toBe('green');
  });

  test('leaves at least 128Mi above the peak', () => {
    expect(judgeCase({ ...roomy, used: 100, request: set(80) }).suggestion?.limit?.to).toBeGreaterThanOrEqual(mi(228));
  });

  test('takes a request that is larger along', () => {
    expect(judgeCase({ ...roomy, request: set(2048) }).suggestion?.request?.to).toBe(mi(896));
  });

  test('adds a limit that is missing, never below the request', () => {
    const added = judgeCase({ used: 400, limit: ABSENT, request: set(300) }).suggestion;
    expect(added).toMatchObject({ limit: { from: ABSENT, to: mi(576) }, delivery: { kind: 'report' } });
    expect(added?.request).toBeUndefined();
    expect(judgeCase({ used: 400, limit: ABSENT, request: set(1000) }).suggestion?.limit?.to).toBe(mi(1024));
    expect(judgeCase({ used: 400, limit: ABSENT, request: set(8192) }).withheld?.why).toContain('request');
  });

  test('beside a request that is too low is said, and the request changes', () => {
    const both = judgeCase({ used: 400, limit: ABSENT, request: ABSENT });
    expect(both.suggestion).toMatchObject({ request: { to: mi(320) }, delivery: { kind: 'change' } });
    expect(both.suggestion?.limit).toBeUndefined();
    expect(both.withheld?.why).toContain('A limit would be 576Mi');
  });
});

describe('held back', () => {
  test.each<[string, Partial<Case>, string]>([
    ['a VPA', { workload: { vpa: 'steered' } }, 'VPA'],
    [
      'partial data',
      { observation: { notes: [{ kind: 'incomplete', text: 'cut', partial: true }] } },
      'part of the data',
    ],
    [
      'a young container',
      {
        measured: { averages: series(11, SLOT, () => 2017), now: { workingSet: mi(2017), startedAt: AT - 5.5 * HOUR } },
      },
      'Only 5 h of data in this window: a suggestion needs 6 h',
    ],
  ])('for %s', (_, change, why) => {
    const { suggestion, withheld } = judgeCase({ ...tight, ...change });
    expect(suggestion).toBeUndefined();
    expect(withheld).toMatchObject({ level: 'red', why: expect.stringContaining(why) });
  });

  test('partial data of another namespace does not matter', () => {
    const notes = [{ kind: 'incomplete' as const, text: 'cut', partial: true, namespaces: ['other'] }];
    expect(judgeCase({ ...tight, observation: { notes } }).suggestion).toBeDefined();
  });

  test('what could not be read is said, and the suggestion stands', () => {
    const { suggestion } = judgeCase({ ...tight, workload: { vpa: 'unknown', memoryHpa: 'unknown' } });
    expect(suggestion?.notes.join(' ')).toMatch(/VPA.*HPA/);
  });

  test('a container that is not in the manifest is reported, never edited', () => {
    expect(judgeCase({ ...tight, live: { injected: true } }).suggestion?.delivery.kind).toBe('report');
    const edit = { allowed: false as const, why: 'An operator owns it' };
    expect(judgeCase({ ...tight, workload: { edit } }).suggestion?.delivery).toEqual({
      kind: 'report',
      why: 'An operator owns it',
    });
  });
});

test('confidence says why', () => {
  expect(judgeCase(tight).suggestion?.confidence).toEqual({ level: 'high', why: '14 days, 1 pod, no restarts' });
  const killed = judgeCase({ ...tight, killed: { daysAgo: 5, limit: 1500 } }).suggestion?.confidence;
  expect(killed).toEqual({ level: 'medium', why: '14 days, 1 pod, 1 restart' });
  const young = { days: 1, measured: { slowAverages: series(8, 3 * HOUR, () => 2017) } };
  expect(judgeCase({ ...tight, ...young }).suggestion?.confidence.level).toBe('medium');
  const leak = (hours: number) => 1000 + 30 * Math.max(0, hours + 24);
  expect(judgeCase({ ...tight, used: leak }).suggestion?.confidence).toMatchObject({ level: 'low' });
  expect(judgeCase({ ...tight, limit: UNKNOWN, template: {} }).suggestion?.limit).toBeUndefined();
});

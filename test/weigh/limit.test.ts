import { expect, test } from 'vitest';
import { ABSENT, mi, set, THRESHOLDS } from '../checks/fixtures.ts';
import { changeOf, findingOf, findingsOf, type Known, limitTo, valueChange } from './fixtures.ts';

/** The case that started this: 2017Mi are used of 2000Mi. */
const nacos: Known = { use: { used: mi(2017), peak: mi(2017), requestBase: mi(2017) } };

function limitFinding(to: number, known: Known = {}, from?: number) {
  return findingOf(findingsOf(limitTo(to, from), known), 'limit');
}

test('a limit below what was used is red, with what would be enough', () => {
  expect(limitFinding(1500, nacos)).toEqual({
    level: 'red',
    fact: {
      kind: 'limit',
      reason: 'below what was used',
      limit: mi(1500),
      peak: mi(2017),
      percent: (2017 / 1500) * 100,
      enough: mi(2560),
    },
  });
});

test('what the action itself would set is green, though over the yellow line', () => {
  expect(limitFinding(2560, nacos)).toMatchObject({ level: 'green', fact: { reason: 'over the yellow line' } });
  expect(limitFinding(4096, nacos)).toBeUndefined();
  const suggested = { use: { ...nacos.use, suggested: { limit: mi(2304) } } };
  expect(limitFinding(2304, suggested)).toMatchObject({ level: 'green', fact: { reason: 'over the red line' } });
  expect(limitFinding(2200, suggested)).toMatchObject({ level: 'red', fact: { enough: mi(2304) } });
});

test('between the lines is yellow, over the red one red', () => {
  const known = { use: { peak: mi(1000) } };
  expect(limitFinding(1200, known)).toMatchObject({ level: 'yellow', fact: { reason: 'over the yellow line' } });
  expect(limitFinding(1100, known)).toMatchObject({ level: 'red', fact: { reason: 'over the red line' } });
});

test('the higher of usage and peak counts', () => {
  expect(limitFinding(1600, { use: { used: mi(1500), peak: mi(900) } })).toMatchObject({ level: 'red' });
  expect(limitFinding(1600, { use: { used: mi(900), peak: mi(1500) } })).toMatchObject({ level: 'red' });
});

test('at or below a limit that killed is red, whatever the peaks say', () => {
  const known: Known = { use: { used: mi(300), peak: mi(400), killed: { kind: 'at', limit: mi(1500) } } };
  expect(limitFinding(1500, known)).toMatchObject({
    level: 'red',
    fact: { reason: 'at or below a limit that killed', killedAt: mi(1500), enough: mi(1792) },
  });
});

test('barely above a limit that killed is yellow: it was reached, whatever the peaks say', () => {
  const known: Known = { use: { used: mi(300), peak: mi(400), killed: { kind: 'at', limit: mi(1500) } } };
  expect(limitFinding(1536, known)).toMatchObject({
    level: 'yellow',
    fact: { reason: 'barely above a limit that killed', killedAt: mi(1500), enough: mi(1792) },
  });
  expect(limitFinding(1792, known)).toBeUndefined();
});

test('a kill at a limit that is not known leaves a lower limit in doubt', () => {
  const known: Known = { use: { used: mi(300), peak: mi(400), killed: { kind: 'unknown' } } };
  const at = (to: number) => findingOf(findingsOf(limitTo(to), known), 'killed at an unknown limit')?.level;
  expect([at(1500), at(3000)]).toEqual(['yellow', 'green']);
});

test('over the red line by page cache alone is yellow, unless it waits for memory', () => {
  const use = { peak: mi(1200), cacheShare: 0.5 };
  expect(limitFinding(1300, { use })).toMatchObject({ level: 'yellow', fact: { reason: 'page cache' } });
  expect(limitFinding(1300, { use: { ...use, waits: true } })).toMatchObject({ level: 'red' });
});

test('tight but flat is yellow where the limit is not lowered', () => {
  const use = { used: mi(1900), peak: mi(1900), flatDays: 12 };
  expect(limitFinding(2050, { use })).toMatchObject({
    level: 'yellow',
    fact: { reason: 'tight but flat', flatDays: 12 },
  });
  expect(limitFinding(2050, { use }, 3000)).toMatchObject({ level: 'red' });
  expect(limitFinding(2050, { use: { ...use, flatDays: 6 } })).toMatchObject({ level: 'red' });
  expect(limitFinding(1920, { use }, 1910)).toMatchObject({ level: 'red' });
  const thresholds = { ...THRESHOLDS, flatNearLimit: 'red' as const };
  expect(findingOf(findingsOf(limitTo(2050), { use }, { thresholds }), 'limit')?.level).toBe('red');
});

test('is never milder than the next inspection would be', () => {
  const finding = limitFinding(4000, { usageAt: (limit) => (limit < mi(5000) ? 'red' : 'green') });
  expect(finding).toMatchObject({ level: 'red', fact: { reason: 'over the red line' } });
});

test('what the LimitRange gives in place of a limit that is removed is weighed like one that is set', () => {
  const change = changeOf({ limit: valueChange(set(2000), ABSENT) });
  const findings = findingsOf(change, { bounds: { defaultLimit: mi(1100) } });
  expect(findingOf(findings, 'removed')).toMatchObject({ level: 'yellow', fact: { fallback: mi(1100) } });
  expect(findingOf(findings, 'limit')).toMatchObject({ level: 'red', fact: { limit: mi(1100) } });
});

test('a limit that stays as it is says nothing, however tight', () => {
  const change = changeOf({ request: valueChange(set(1000), set(1200)) });
  expect(findingOf(findingsOf(change, nacos), 'limit')).toBeUndefined();
});

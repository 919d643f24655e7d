import { describe, expect, test } from 'vitest';
import { sayBacktest, sayEffect } from '../../src/words/suggestion.ts';
import { ABSENT, mi, set } from '../checks/fixtures.ts';
import { type Case, judgeCase } from './fixtures.ts';

const tight: Case = { used: 2017, limit: set(2000), request: set(1000) };

describe('a suggestion is tried backwards', () => {
  test('on the days of the sizing window', () => {
    const { backtest } = judgeCase(tight).suggestion ?? {};
    expect(backtest).toMatchObject({ days: 14, passed: 0 });
    expect(backtest?.headroom).toBeCloseTo((2560 / 2017 - 1) * 100);
    expect(backtest && sayBacktest(backtest)).toBe(
      'on 0 of the last 14 days this limit would have been passed; headroom 27 % over the highest',
    );
  });

  test('where it has a limit, and days are known', () => {
    expect(judgeCase({ ...tight, days: 0 }).suggestion?.backtest).toBeUndefined();
    const request = judgeCase({ used: 1000, limit: set(2048), request: set(256) }).suggestion;
    expect(request?.request).toBeDefined();
    expect(request?.backtest).toBeUndefined();
  });

  test('also by days that it would not have stood', () => {
    expect(sayBacktest({ days: 1, passed: 0, headroom: 12.4 })).toBe(
      'on the last day this limit would not have been passed; headroom 12 % over the highest',
    );
    expect(sayBacktest({ days: 9, passed: 2, headroom: -8.2 })).toBe(
      'on 2 of the last 9 days this limit would have been passed; the highest was 8 % above it',
    );
  });
});

describe('the effect of a suggestion', () => {
  const effectOf = (change: Partial<Case>) => judgeCase({ ...tight, ...change }).suggestion?.effect;

  test('counts over all pods that the workload wants', () => {
    const effect = effectOf({ workload: { replicas: 2 } });
    expect(effect).toEqual({ pods: 2, limits: mi(1120), requests: mi(1072) });
    expect(effect && sayEffect(effect)).toBe('limits +1120Mi, requests +1072Mi on 2 pods');
  });

  test('is negative for what is lowered, and counts what is added in full', () => {
    const lowered = effectOf({ used: 600, limit: set(4096), request: set(512) });
    expect(lowered).toEqual({ pods: 1, limits: -mi(3200) });
    expect(lowered && sayEffect(lowered)).toBe('limits −3200Mi on 1 pod');
    expect(effectOf({ used: 500, limit: set(1024), request: ABSENT })).toEqual({ pods: 1, requests: mi(384) });
  });

  test('counts the request that follows a limit by itself', () => {
    expect(effectOf({ request: set(2000), template: { request: ABSENT } })).toEqual({
      pods: 1,
      limits: mi(560),
      requests: mi(560),
    });
  });

  test('has no words where nothing is taken or freed', () => {
    expect(sayEffect({ pods: 3 })).toBeUndefined();
    expect(sayEffect({ pods: 3, limits: 0 })).toBeUndefined();
  });
});

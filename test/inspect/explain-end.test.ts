import { describe, expect, it } from 'vitest';
import { explainEnd } from '../../src/inspect/explain-end.ts';
import type { Level } from '../../src/model/level.ts';

function sentence(atRisk: number, levels: readonly Level[], failOn: 'red' | 'yellow' = 'red') {
  const totals = { total: 3, healthy: 3 - atRisk, attention: 0, atRisk, unknown: 0 };
  const inspection = { totals, verdict: 'red' as const, notes: [], workloads: levels.map((level) => ({ level })) };
  return explainEnd({ outcome: 'findings', options: { failOn, allowIncomplete: false }, inspection }, 'r.md', []);
}

describe('the sentence of a failed job', () => {
  it('counts the pods at risk', () => {
    expect(sentence(2, ['red', 'green'])).toMatch(/^Memory: 2 pods at risk\. /);
    expect(sentence(1, ['red'], 'yellow')).toMatch(/^Memory: 1 pod at risk, 0 need attention\. /);
  });

  it('tells of a killed pod that has been replaced, instead of no pod at risk', () => {
    expect(sentence(0, ['red', 'green'])).toMatch(/^Memory: 1 workload lost a pod to an OOM kill\. /);
    expect(sentence(0, ['red', 'red'])).toMatch(/^Memory: 2 workloads lost pods/);
  });
});

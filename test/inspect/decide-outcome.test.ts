import { describe, expect, it } from 'vitest';
import { decideOutcome } from '../../src/inspect/decide-outcome.ts';

const missing = [{ kind: 'incomplete' as const, text: 'namespace shop could not be read' }];

describe('the end of a run', () => {
  it.each([
    ['red', 'red', [], 'findings'],
    ['red', 'never', [], 'ok'],
    ['yellow', 'red', [], 'ok'],
    ['yellow', 'yellow', [], 'findings'],
    ['red', 'yellow', [], 'findings'],
    ['unknown', 'yellow', [], 'ok'],
    ['green', 'yellow', [], 'ok'],
    ['red', 'red', missing, 'findings'],
    ['red', 'never', missing, 'incomplete'],
    ['green', 'red', missing, 'incomplete'],
  ] as const)('verdict %s with fail-on %s and notes %j is %s', (verdict, failOn, notes, outcome) => {
    expect(decideOutcome({ verdict, notes }, failOn)).toBe(outcome);
  });

  it('is not incomplete for what is only worth knowing', () => {
    expect(decideOutcome({ verdict: 'green', notes: [{ kind: 'info', text: 'no JVM metrics' }] }, 'red')).toBe('ok');
  });
});

import type { GateFinding, SizedField } from '../../model/gate.ts';
import { isSameSetting, type Rule } from '../rule.ts';

/** What else has a hand in the sizes: an HPA on memory, a VPA or its like, a resize in place. */
export const weighSteering: Rule = ({ change, touched, live, evidence }) => {
  if (live === undefined) return [];
  const findings: GateFinding[] = [];
  if (live.memoryHpa === 'steered' && touched.request) {
    findings.push({ level: 'green', fact: { kind: 'memory HPA', field: 'request' } });
  }
  if (live.vpa === 'steered' && (touched.limit || touched.request)) {
    const { name, mode } = live.steeredBy ?? { name: 'VPA', mode: undefined };
    findings.push({ level: 'yellow', fact: { kind: 'steered', by: name, ...(mode !== undefined && { mode }) } });
  }
  for (const field of ['limit', 'request'] as const satisfies readonly SizedField[]) {
    const actual = evidence?.actual?.[field];
    if (touched[field] && actual !== undefined && !isSameSetting(actual, change[field].before)) {
      findings.push({ level: 'green', fact: { kind: 'sized in place', field, actual } });
    }
  }
  return findings;
};

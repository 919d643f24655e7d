import type { GateFinding, SizedField, ValueChange } from '../../model/gate.ts';
import { bytesOf } from '../../model/workload.ts';
import type { Rule } from '../rule.ts';

/** What stands for a value that something replaces before it is applied. */
const PLACEHOLDERS = [
  /\$\([^()]*\)/,
  /\$\{[^{}]*\}/,
  /\{\{/,
  /<[^<>]*>/,
  /__[A-Za-z0-9_]+/,
  /%[A-Za-z0-9_.-]+%/,
  /placeholder/i,
];

/** What the API server refuses whatever the cluster is like: a value that is no quantity, a request above its limit. */
export const weighRefused: Rule = ({ change, touched, after }) => {
  const written = (field: SizedField) => (touched[field] ? weighWritten(field, change[field]) : []);
  const findings = [...written('limit'), ...written('request')];
  const [limit, request] = [bytesOf(after.limit), bytesOf(after.request)];
  const isAbove = limit !== undefined && request !== undefined && request > limit;
  if (!isAbove || !(touched.limit || touched.request)) return findings;
  return [...findings, { level: 'red', fact: { kind: 'request above limit', request, limit } }];
};

function weighWritten(field: SizedField, { after, written = '' }: ValueChange): readonly GateFinding[] {
  if (after.state !== 'unknown') return [];
  // Where it is not known what stands there, it need not be wrong.
  const isPlaceholder = written === '' || PLACEHOLDERS.some((pattern) => pattern.test(written));
  return [
    isPlaceholder
      ? { level: 'unknown', fact: { kind: 'placeholder', field, written } }
      : { level: 'red', fact: { kind: 'no quantity', field, written } },
  ];
}

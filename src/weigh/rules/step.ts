import type { GateFinding, SizedField } from '../../model/gate.ts';
import { bytesOf } from '../../model/workload.ts';
import type { Rule, WeighedCase } from '../rule.ts';

/** Says where a value is halved or doubled, or more. */
export const weighStep: Rule = (one) => [...weighField('limit', one), ...weighField('request', one)];

function weighField(field: SizedField, { change }: WeighedCase): readonly GateFinding[] {
  const [before, after] = [bytesOf(change[field].before), bytesOf(change[field].after)];
  if (before === undefined || after === undefined || before === after) return [];
  if (after * 2 <= before) return [{ level: 'green', fact: { kind: 'halved', field, before, after } }];
  return after >= before * 2 ? [{ level: 'green', fact: { kind: 'doubled', field, before, after } }] : [];
}

import type { GateFinding, SizedField } from '../../model/gate.ts';
import type { Rule, WeighedCase } from '../rule.ts';

/** What a new container leaves out although no pod is made without it. */
export const weighDemanded: Rule = (one) => [...weighField('limit', one), ...weighField('request', one)];

function weighField(field: SizedField, { change, after, bounds }: WeighedCase): readonly GateFinding[] {
  const demandedBy = field === 'limit' ? bounds?.demandsLimit : bounds?.demandsRequest;
  if (change.kind !== 'added' || change.sort === 'pod' || demandedBy === undefined) return [];
  return after[field].state === 'absent' ? [{ level: 'red', fact: { kind: 'demanded', field, demandedBy } }] : [];
}

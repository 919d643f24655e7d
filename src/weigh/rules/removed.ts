import type { GateFinding, SizedField } from '../../model/gate.ts';
import { bytesOf } from '../../model/workload.ts';
import type { Rule, WeighedCase } from '../rule.ts';

/** A limit or a request that is taken away, and what the cluster makes of that. */
export const weighRemoved: Rule = (one) => [...weighField('limit', one), ...weighField('request', one)];

function weighField(field: SizedField, { change, after, bounds }: WeighedCase): readonly GateFinding[] {
  const { before, after: left } = change[field];
  if (change.kind !== 'changed' || left.state !== 'absent' || before.state === 'absent') return [];
  // A request that is left out is as large as the limit.
  if (field === 'request' && change.limit.after.state !== 'absent' && change.sort !== 'pod') {
    return [{ level: 'green', fact: { kind: 'removed', field } }];
  }
  const fallback = bytesOf(after[field]);
  if (fallback !== undefined) return [{ level: 'yellow', fact: { kind: 'removed', field, fallback } }];
  const demandedBy = field === 'limit' ? bounds?.demandsLimit : bounds?.demandsRequest;
  if (demandedBy === undefined || change.sort === 'pod') return [{ level: 'yellow', fact: { kind: 'removed', field } }];
  return [{ level: 'red', fact: { kind: 'removed', field, demandedBy } }];
}

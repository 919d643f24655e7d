import type { InsteadOf } from '../model/gate.ts';
import type { Evidence } from './evidence.ts';

/** For where neither the cluster nor a report tells anything; `why` is a plain sentence. */
export function noEvidence(instead: InsteadOf, why: string): Evidence {
  return {
    source: { kind: 'none', instead, why },
    match: () => ({ state: 'not known', why }),
    bounds: () => undefined,
    notes: [],
  };
}

/** For where none of the namespaces that change is looked at. */
export function evidenceOfElsewhere(): Evidence {
  return {
    ...noEvidence({ kind: 'not inspected' }, ''),
    match: () => ({ state: 'not inspected' }),
  };
}

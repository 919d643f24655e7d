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

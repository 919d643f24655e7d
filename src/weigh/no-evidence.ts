import type { InsteadOf } from '../model/gate.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';

/** For where neither the cluster nor a report tells anything; `why` is a plain sentence. */
export function noEvidence(instead: InsteadOf, why: string): ClusterEvidence {
  return {
    source: { kind: 'none', instead, why },
    match: () => ({ state: 'not known', why }),
    bounds: () => undefined,
    notes: [],
  };
}

/** For where none of the namespaces that change is looked at. */
export function evidenceOfElsewhere(): ClusterEvidence {
  return {
    ...noEvidence({ kind: 'not inspected' }, ''),
    match: () => ({ state: 'not inspected' }),
  };
}

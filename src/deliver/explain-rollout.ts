import { kindOf } from '../model/kinds.ts';
import { count } from '../text/format.ts';
import { code } from '../text/markdown.ts';
import type { ProposedChange } from './delivery-input.ts';

/** What happens in the cluster once the change is merged and applied; Markdown. */
export function explainRollout({ location, evidence }: ProposedChange): string {
  const { kind } = location.suggestion.workload;
  const rollout = kindOf(kind)?.rollout;
  const number = evidence?.pods;
  const pods = number === undefined ? 'its pods' : number === 1 ? 'its only pod' : `its ${count(number, 'pod')}`;
  const strategy = evidence?.strategy;
  const restarts = `**Merging restarts** ${pods}`;
  if (rollout === 'nothing')
    return '**Merging restarts nothing:** a pod without an owner must be deleted and recreated.';
  if (strategy === 'OnDelete')
    return `**Merging restarts nothing:** this ${code(kind)} updates a pod only when it is deleted (OnDelete).`;
  if (strategy === 'Recreate')
    return `${restarts} **all at once** (Recreate): the old ones stop before the new ones start, so expect an outage.`;
  if (rollout === 'one at a time')
    return `${restarts}, one at a time, highest ordinal first; a pod that does not become ready holds up the rest.`;
  if (rollout === 'node by node') return `${restarts}, node by node.`;
  return strategy === 'RollingUpdate' ? `${restarts} (rolling update).` : `${restarts}.`;
}

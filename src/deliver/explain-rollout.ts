import { count } from '../text/format.ts';
import { code } from '../text/markdown.ts';
import type { Change } from './delivery-input.ts';

/** What happens in the cluster once the change is merged and applied; Markdown. */
export function explainRollout({ location, evidence }: Change): string {
  const { kind } = location.suggestion.workload;
  const number = evidence?.pods;
  const pods = number === undefined ? 'its pods' : number === 1 ? 'its only pod' : `its ${count(number, 'pod')}`;
  const strategy = evidence?.strategy;
  const restarts = `**Merging restarts** ${pods}`;
  if (kind === 'Pod') return '**Merging restarts nothing:** a pod without an owner must be deleted and created again.';
  if (strategy === 'OnDelete')
    return `**Merging restarts nothing:** this ${code(kind)} updates a pod when it is deleted (OnDelete).`;
  if (strategy === 'Recreate')
    return `${restarts} **all at once** (Recreate): the old ones stop before the new ones start, so expect an outage.`;
  if (kind === 'StatefulSet')
    return `${restarts}, one at a time from the highest number down; one that does not become ready holds up the rest.`;
  if (kind === 'DaemonSet') return `${restarts}, node by node.`;
  return strategy === 'RollingUpdate' ? `${restarts} (rolling update).` : `${restarts}.`;
}

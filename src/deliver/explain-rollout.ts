import { count } from '../text/format.ts';
import { code } from '../text/markdown.ts';
import type { Change } from './delivery-input.ts';

/** What happens in the cluster once the change is merged and applied; Markdown. */
export function explainRollout({ location, evidence }: Change): string {
  const { kind } = location.suggestion.workload;
  const number = evidence?.pods;
  const pods = number === undefined ? 'the pods' : number === 1 ? 'the only pod' : `the ${count(number, 'pod')}`;
  const strategy = evidence?.strategy;
  const restarts = `**Merging restarts** ${pods} of this ${code(kind)}`;
  if (kind === 'Pod') return '**Merging restarts nothing:** a pod without an owner has to be deleted and created anew.';
  if (strategy === 'OnDelete')
    return `**Merging restarts nothing:** this ${code(kind)} is updated as its pods are deleted (OnDelete).`;
  if (strategy === 'Recreate')
    return `${restarts} **all at once** (Recreate): the old ones are gone before the new ones start, so expect an outage.`;
  if (kind === 'StatefulSet')
    return `${restarts}, one at a time, from the highest number down; one that does not become ready holds up the rest.`;
  if (kind === 'DaemonSet') return `${restarts}, node by node.`;
  return strategy === undefined ? `${restarts}.` : `${restarts}, in steps (${code(strategy)}).`;
}

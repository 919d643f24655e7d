import type { UnreadMark } from '../model/inspection.ts';

const WHY: Readonly<Record<UnreadMark['why'], string>> = {
  'no reason': 'it gives no reason',
  'no date': 'what follows its reason is no date',
  'too long': 'it is longer than 500 characters',
  'no such container': 'no container has that name',
};

/** "The annotation `memory-inspector/ignore` of StatefulSet shop/cart ignores nothing: it gives no reason. Write …" as plain text. */
export function sayUnreadMark({ workload, container, why }: UnreadMark): string {
  const name = container === undefined ? 'memory-inspector/ignore' : `memory-inspector/ignore.${container}`;
  const fix = why === 'no such container' ? 'Name one of the pod' : 'Write it as "reason; until=2027-03-31"';
  return `The annotation ${name} of ${workload.kind} ${workload.namespace}/${workload.name} ignores nothing: ${WHY[why]}. ${fix}.`;
}

import type { Context } from './context.ts';

/** What the merged changes did; empty when there are none. */
export function writeFollowUp(context: Context): string {
  const changes = context.input.followUps?.changes ?? [];
  return changes.length === 0 ? '' : '## Follow-up';
}

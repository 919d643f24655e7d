import type { Inspection } from '../model/inspection.ts';
import type { QualityNote } from '../model/workload.ts';
import { sayUnreadMark } from '../words/ignore-mark.ts';

/** Of marks that cannot be read; anybody who may write to the cluster makes as many as they like. */
const MOST_MARKS = 50;

/** What must be known about the data, and what people meant to say of it and did not. */
export function listNotes({ notes, unreadMarks }: Pick<Inspection, 'notes' | 'unreadMarks'>): readonly QualityNote[] {
  const shown = unreadMarks
    .slice(0, MOST_MARKS)
    .map((mark): QualityNote => ({ kind: 'info', text: sayUnreadMark(mark) }));
  const more = unreadMarks.length - shown.length;
  return [
    ...notes,
    ...shown,
    ...(more > 0 ? [{ kind: 'info', text: `${more} more annotations ignore nothing.` } as const] : []),
  ];
}

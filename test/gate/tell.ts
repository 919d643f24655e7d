import type { Note, Seen } from './pull-request.ts';

/** A whole run as one readable text, for a golden file. */
export function tell({ sentence, outputs, annotations, comments, summary }: Seen): string {
  return [
    `job: ${sentence === undefined ? 'passes' : `fails: ${sentence}`}`,
    `outcome: ${outputs.outcome}, gate-verdict: ${outputs['gate-verdict']}`,
    '',
    '──────── annotations',
    ...(annotations.length === 0 ? ['(none)'] : annotations.map(tellNote)),
    ...comments.flatMap((body) => ['', '──────── comment', body]),
    '',
    '──────── job summary',
    summary,
    '',
    '──────── changes',
    ...tellChanges(outputs.changes),
    '',
  ].join('\n');
}

/** `error deploy/cart.yaml:21` */
export function placeOf({ level, at }: Note): string {
  return at === undefined ? level : `${level} ${at.path}${at.line === undefined ? '' : `:${at.line}`}`;
}

function tellNote(note: Note): string {
  return `${placeOf(note)}\n  ${note.title}\n  ${note.message}`;
}

function tellChanges(changes: string | undefined): readonly string[] {
  if (!changes) return ['(none)'];
  return (JSON.parse(changes) as readonly unknown[]).map((one) => JSON.stringify(one));
}

import type { Context } from './context.ts';
import { toSingleLine } from './escape.ts';
import { listProblems } from './explain.ts';
import { count } from './format.ts';
import type { Annotation } from './input.ts';
import type { ContainerView } from './view.ts';

/** What GitHub shows of a step; more are dropped without a word. */
const MOST = 10;

/** An error for each red container, the last one saying how many more; a warning for what is missing. */
export function writeAnnotations(context: Context): Annotation[] {
  const red = context.views.filter((view) => view.level === 'red' && view.urgency !== 'healthy');
  const shown = red.length > MOST ? red.slice(0, MOST - 1) : red;
  const errors = shown.map(annotate);
  if (shown.length < red.length) {
    errors.push({
      level: 'error',
      title: `${count(red.length - shown.length, 'more container')} at risk`,
      message: 'The job summary and the report name them all.',
    });
  }
  const missing = context.input.inspection.notes.filter((note) => note.kind === 'incomplete');
  const warnings = missing.slice(0, MOST).map(
    (note): Annotation => ({
      level: 'warning',
      title: 'Memory inspection incomplete',
      message: toSingleLine(note.text, 500),
    }),
  );
  return [...errors, ...warnings];
}

function annotate(view: ContainerView): Annotation {
  const found = listProblems(view)
    .filter((check) => view.container.worst[check]?.finding.level === 'red')
    .map(
      (check) =>
        `${check} ${view.container.worst[check]?.finding.short}: ${view.container.worst[check]?.finding.summary}`,
    );
  return {
    level: 'error',
    title: toSingleLine(`${view.label}: memory at risk`, 200),
    message: toSingleLine(found.join('; ') || 'memory at risk', 1000),
  };
}

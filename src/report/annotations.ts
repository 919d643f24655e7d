import { capitalize, count, endSentence } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { toPlain } from '../text/phrase.ts';
import { sayAgo, sayWorse } from '../words/follow-up.ts';
import { sayObstacle } from '../words/rollout.ts';
import { sayValues } from '../words/suggestion.ts';
import type { ContainerView } from './container-view.ts';
import type { Context } from './context.ts';
import { listProblems, sayFinding } from './explain.ts';
import { byStanding, listObstacles, nameFollowed } from './followed.ts';
import type { Annotation } from './input.ts';

/** What GitHub shows of a step; more are dropped without a word. */
const MOST = 10;
const DAY = 86_400;

/** An error for each red container, the last one saying how many more; a warning for what is missing. */
export function writeAnnotations(context: Context): Annotation[] {
  const red = context.views.filter((view) => view.level === 'red' && view.urgency !== 'healthy');
  const shown = red.length > MOST ? red.slice(0, MOST - 1) : red;
  const errors = shown.map((view) => annotate(view, context));
  if (shown.length < red.length) {
    errors.push({
      level: 'error',
      title: `${count(red.length - shown.length, 'more container')} at risk`,
      message: 'The job summary and the report list them all.',
    });
  }
  const missing = context.input.inspection.notes.filter((note) => note.kind === 'incomplete');
  const warnings = missing.map(
    (note): Annotation => ({
      level: 'warning',
      title: 'Memory inspection incomplete',
      message: toSingleLine(note.text, 500),
    }),
  );
  return [...errors, ...[...warnings, ...warnOfFollowed(context)].slice(0, MOST)];
}

/** A warning for each change that made it worse, or that waits for more than a day. */
function warnOfFollowed({ input, calendar }: Context): Annotation[] {
  const open = (input.followUps?.changes ?? []).filter(({ settled }) => !settled);
  return open.flatMap((change): Annotation[] => {
    const what = change.number === undefined ? 'A change' : `#${change.number}`;
    const worse = byStanding(change.containers).find(({ verdict }) => verdict.kind === 'worse');
    if (worse?.verdict.kind === 'worse') {
      const why = sayWorse(worse.verdict.why, worse.verdict.killedAt, calendar.dayAndTime);
      return [warn(`${what} made it worse`, `${nameFollowed(worse)}: ${why}.`)];
    }
    const [obstacle] = input.inspection.at - change.at > DAY ? listObstacles(change, 'whole') : [];
    if (obstacle === undefined) return [];
    const ago = sayAgo(input.inspection.at - change.at);
    const title = `${what} was ${change.how === 'by hand' ? 'first seen' : 'merged'} ${ago} and does not run yet`;
    const [first, ...others] = obstacle.containers.map(nameFollowed);
    const names = others.length === 0 ? first : `${first} and ${others.length} more`;
    return [warn(title, endSentence(`${names}: ${toPlain(sayObstacle(obstacle.obstacle))}`))];
  });
}

function warn(title: string, message: string): Annotation {
  return { level: 'warning', title: toSingleLine(title, 200), message: toSingleLine(message, 500) };
}

function annotate(view: ContainerView, context: Context): Annotation {
  const change = view.container.suggestion === undefined ? '' : ` Suggested: ${sayValues(view.container.suggestion)}.`;
  return {
    level: 'error',
    title: toSingleLine(`${view.label}: memory at risk`, 200),
    message: toSingleLine(`${endSentence(capitalize(sayWhy(view, context)))}${change}`, 500),
  };
}

/** The finding that matters most, in plain text. */
function sayWhy(view: ContainerView, context: Context): string {
  const [first] = listProblems(view);
  return first === undefined ? 'memory is at risk' : toPlain(sayFinding(view, first, context));
}

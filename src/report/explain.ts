import { CHECKS_BY_RANK, type CheckName, type Finding } from '../model/finding.ts';
import { type Phrase, toMarkdown } from '../text/phrase.ts';
import { type Scene, whichPod } from '../words/scene.ts';
import { clauseOf } from '../words/words.ts';
import type { ContainerView } from './container-view.ts';
import type { Context } from './context.ts';

const BUT_TREND = CHECKS_BY_RANK.filter((check) => check !== 'trend');

/** The checks that say something is wrong, the one that matters most first. */
export function listProblems(view: ContainerView): CheckName[] {
  const order: readonly CheckName[] = view.urgency === 'leak' ? ['trend', ...BUT_TREND] : CHECKS_BY_RANK;
  const levelOf = (check: CheckName) => view.findings[check]?.level;
  return [
    ...order.filter((check) => levelOf(check) === 'red'),
    ...order.filter((check) => levelOf(check) === 'yellow'),
  ];
}

/** What a check found over the pods of a container, as a predicate of which the container is the subject. */
export function sayFinding<C extends CheckName>(view: ContainerView, check: C, context: Context): Phrase {
  const finding: Finding<C> | undefined = view.findings[check];
  return finding === undefined ? [] : clauseOf(check, finding, sceneOf(view, check, context));
}

/** The same in Markdown. */
export function explain(view: ContainerView, check: CheckName, context: Context): string {
  return toMarkdown(sayFinding(view, check, context));
}

function sceneOf(view: ContainerView, check: CheckName, { input, calendar, windows }: Context): Scene {
  const name = view.container.worst[check]?.pod;
  return {
    at: input.inspection.at,
    calendar,
    windows,
    pod: name === undefined ? undefined : whichPod(name, [...new Set(view.pods.map(({ pod }) => pod.name))]),
    suggested: view.container.suggestion !== undefined,
  };
}

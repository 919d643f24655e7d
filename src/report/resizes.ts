import type { PodDrift, PodResize } from '../model/inspection.ts';
import { count } from '../text/format.ts';
import { type Phrase, say, toMarkdown } from '../text/phrase.ts';
import { sayDrift, sayResize, sayUnkept } from '../words/resize.ts';
import type { ContainerView } from './container-view.ts';

/** Of each kind; more differ only in numbers. */
const MOST = 3;

/**
 * How the pods of a container are sized other than its manifest says, and which resizes are not made: a Markdown clause
 * each, without those that the sizing check's own clause tells where that is told as well.
 */
export function listResizes({ container, facts, pods }: ContainerView, sizingIsTold: boolean): string[] {
  const { drifts = [], resizes = [] } = container;
  const told = (kind: 'sized in place' | 'resize not made') =>
    sizingIsTold && (facts.sizing?.problems.some((problem) => problem.kind === kind) ?? false);
  const sayPods = (names: readonly string[]): Phrase =>
    names.length === pods.length ? [] : say` (${count(names.length, 'pod')} of ${String(pods.length)})`;
  const drifted = (drift: PodDrift) => {
    const keeps = drift.how === 'in place' && !drift.steered;
    return say`it ${keeps ? sayUnkept(drift) : sayDrift(drift)}${sayPods(drift.pods)}`;
  };
  const resizing = (resize: PodResize) => say`it ${sayResize(resize)}${sayPods(resize.pods)}`;
  return [
    ...drifts.slice(told('sized in place') ? 1 : 0, MOST).map(drifted),
    ...resizes.slice(told('resize not made') ? 1 : 0, MOST).map(resizing),
  ].map(toMarkdown);
}

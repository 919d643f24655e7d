import { isDeepStrictEqual } from 'node:util';
import type { Github } from '../github/create-github.ts';
import { readPull, updatePull } from '../github/pull-requests.ts';
import { type FollowedChange, keyOfFollowed } from '../model/follow-up.ts';
import { type FollowedState, stateOf } from './followed-state.ts';
import { keepComment } from './keep-comment.ts';
import { readMarker, replaceMarker } from './marker.ts';
import { LONGEST_BODY } from './own-part.ts';

/** What came of a change, as its pull request is to tell and to remember it. */
export interface KeptFollowUp {
  readonly change: FollowedChange;
  /** Absent where there is nothing to tell yet. */
  readonly comment?: string;
  readonly clusterName?: string;
}

/**
 * Tells and remembers on a pull request what came of it: first one comment, updated in place, then the state, hidden in its
 * body. A run that dies between them is followed by one that finds the comment there. Nothing is sent that is there already.
 * Throws a `UserError` that names the permission.
 */
export async function keepFollowUp(github: Github, { change, comment, clusterName }: KeptFollowUp): Promise<void> {
  const { number } = change;
  if (number === undefined) return;
  if (comment !== undefined) {
    await keepComment(github, number, { text: comment, mode: 'write', kind: 'follow-up', clusterName });
  }
  await remember(github, number, change);
}

/** Whether a change says nothing that its pull request does not remember; `before` is as its marker tells it. */
export function isRemembered(before: FollowedChange, change: FollowedChange): boolean {
  const plain = (one: FollowedChange): unknown => JSON.parse(JSON.stringify(toState(one)));
  return before.begun === true && isDeepStrictEqual(plain(before), plain(change));
}

/** What a person has taken out of the body stays out; a body without room for it does without: the report has it as well. */
async function remember(github: Github, number: number, change: FollowedChange): Promise<void> {
  if (!knowsMore(change)) return;
  const { body } = await readPull(github, number);
  const marker = readMarker(body);
  if (marker === undefined) return;
  const next = replaceMarker(body, { ...marker, followed: toState(change) });
  // Read again, its parts stand in another order.
  const isKnown = isDeepStrictEqual(readMarker(next), marker);
  if (!isKnown && next.length <= LONGEST_BODY) await updatePull(github, number, { body: next });
}

/** Before anything has happened there is nothing to remember. */
function knowsMore({ settled, how, containers }: FollowedChange): boolean {
  if (settled || how === 'by hand') return true;
  return containers.some(({ rollout, verdict }) => rollout.state === 'rolled out' || verdict.kind !== 'open');
}

function toState({ how, at, containers, settled }: FollowedChange): FollowedState {
  return {
    how,
    at,
    settled,
    containers: Object.fromEntries(containers.map((one) => [keyOfFollowed(one), stateOf(one, how)])),
  };
}

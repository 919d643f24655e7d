import { messageOf } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import { isRefusedByRules, readFailure } from '../github/explain-github-error.ts';
import type { Pull } from '../github/list-pulls.ts';
import { readPull, updatePull } from '../github/pull-requests.ts';
import { type BranchUpdate, moveBranch } from '../github/repository.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import type { Base } from '../repository/github-files.ts';
import { dateIn } from '../text/format.ts';
import { branchFolder, namespaceOfSlug } from './branch-names.ts';
import { readBranchState } from './branch-state.ts';
import { takesPlace } from './claim-place.ts';
import { commentOnce } from './comment-once.ts';
import type { PullRequestInput } from './delivery-input.ts';
import { keysIn, type Marker } from './marker.ts';
import { type BranchPulls, type OwnPull, openOf } from './own-pulls.ts';
import { rewriteMarker, sameTimes } from './publish.ts';
import type { NeedsSince } from './quiet.ts';
import { findUnseen, looksInto, type Scope } from './scope.ts';
import { saySnoozed } from './wishes.ts';

const COMMENT =
  'Closed because nothing is left to change: what this pull request proposed is already in the manifests or no longer needed. If it is needed again, the inspector opens a new one.';

/** What became of a branch: whether it takes the place of an open pull request, and what is to be told of it. */
export interface EndedBranch {
  readonly open: boolean;
  readonly result?: PullRequestResult;
}

export interface CloseInput extends Pick<PullRequestInput, 'base' | 'options' | 'scope' | 'at'> {
  readonly github: Github;
  /** How the needs have gone on of a pull request for which nothing is proposed. */
  follow(open: OwnPull): NeedsSince;
  /** When a need of a key that has been gone since then will be over. */
  overAt(key: string, since: number): number;
  /** Keys as a run's results have them. */
  suggestionsOf(marker: Marker): readonly string[];
}

/**
 * Ends a branch for which nothing is left to change, or has not been for days: the branch is deleted, its pull request
 * closed and explained. What a person has changed is left alone, and what this run did not look at is neither touched nor
 * told of.
 */
export async function closeBranch(
  input: CloseInput,
  branch: string,
  head: string,
  pulls: BranchPulls,
): Promise<EndedBranch> {
  const { github, base, options, scope } = input;
  const open = openOf(pulls.own);
  const shown = open ?? openOf(pulls.others);
  const marker = (open ?? pulls.own[0])?.marker;
  const taken = takesPlace(pulls, head);
  if (!wasSeen(scope, branchFolder(options), branch, marker)) return { open: taken };
  const snoozed = open === undefined ? undefined : saySnoozed(open, input.at);
  if (open !== undefined && snoozed !== undefined)
    return tell(input, branch, open, { state: 'unchanged', why: snoozed });
  if (open?.marker.at !== undefined && input.at < open.marker.at)
    return tell(input, branch, open, {
      state: 'unchanged',
      why: 'what this run looked at is older than what it proposes',
    });
  const state = await readBranchState(github, base.branch, head, pulls);
  const mayEnd = state.state === 'ours' || state.state === 'spent';
  if (shown === undefined) {
    if (mayEnd && !options.dryRun) await removeBranch(github, base, branch, head);
    return { open: taken && !mayEnd };
  }
  if (!mayEnd || open === undefined || open.base !== base.branch) {
    const why = state.state === 'edited' ? state.why : `its base was changed to ${shown.base}`;
    return tell(input, branch, shown, { state: 'edited by a person', why: `nothing is left to change, but ${why}` });
  }
  const waits = await wait(input, open);
  if (waits !== undefined) return tell(input, branch, open, { state: 'unchanged', why: waits });
  if (options.dryRun)
    return {
      ...tell(input, branch, open, { state: 'dry run', why: 'would be closed: nothing is left to change' }),
      open: false,
    };
  return close(input, branch, head, open);
}

/** Why a pull request stays for now though this run proposes nothing for it; `undefined` where it is over. */
async function wait(input: CloseInput, open: OwnPull): Promise<string | undefined> {
  const { at, options } = input;
  const course = input.follow(open);
  const left = keysIn(open.marker).filter((key) => !course.over.has(key));
  if (left.length === 0) return undefined;
  if (!options.dryRun && (!sameTimes(open.marker.gone, course.gone) || open.marker.closedByRun === true)) {
    await rewriteMarker(input, open.number, ({ closedByRun: _, unexplained: __, gone: ___, ...rest }) =>
      Object.keys(course.gone).length === 0 ? rest : { ...rest, gone: course.gone },
    );
  }
  const doubts = left.flatMap((key) => course.doubts.get(key) ?? []);
  if (doubts.includes('near the line')) return 'it is still close to what made it necessary, so it is kept';
  if (doubts.length > 0) return 'this run could not judge or locate its change, so it is kept';
  const since = Math.max(...left.map((key) => course.gone[key] ?? at));
  const end = Math.max(...left.map((key) => input.overAt(key, course.gone[key] ?? at)));
  return `nothing is needed since ${dateIn('UTC', since)}; closed on ${dateIn('UTC', end)} if that lasts`;
}

/**
 * First it is remembered that a run closes it, so that nobody takes it for a person's no; then the branch is deleted, which
 * one of several runs can do; that run explains.
 */
async function close(input: CloseInput, branch: string, head: string, open: OwnPull): Promise<EndedBranch> {
  const { github, base } = input;
  const now = await readPull(github, open.number);
  if (now.state !== 'open') return { open: false };
  await rewriteMarker(input, open.number, (marker) => ({ ...marker, closedByRun: true, unexplained: true }));
  const removed = await removeBranch(github, base, branch, head);
  if (removed.state === 'raced' && removed.now !== undefined) {
    await rewriteMarker(input, open.number, ({ closedByRun: _, unexplained: __, ...rest }) => rest);
    return tell(input, branch, open, { state: 'edited by a person', why: 'its branch moved during the run' });
  }
  await updatePull(github, open.number, { state: 'closed' });
  const unsaid = removed.state === 'moved' ? await explainSoon(input, open) : '';
  return { ...tell(input, branch, open, { state: 'closed', why: `nothing is left to change${unsaid}` }), open: false };
}

/** What cannot be said on the pull request now, the next run says there. */
async function explainSoon(input: CloseInput, open: OwnPull): Promise<string> {
  try {
    await explainClosing(input, open);
    return '';
  } catch (error) {
    const why = 'GitHub did not take the comment that says so, and the next run tries again';
    input.github.log.warn(`#${open.number} was closed, but ${why} (${messageOf(error)})`);
    return `; ${why}`;
  }
}

/** The comment of a pull request that a run has closed; also where the run that did died before it could write it. */
export async function explainClosing(input: Pick<CloseInput, 'github'>, pull: Pick<OwnPull, 'number' | 'head'>) {
  await commentOnce(input.github, pull.number, `closed:${pull.head.sha}`, COMMENT);
  await rewriteMarker(input, pull.number, ({ unexplained: _, ...rest }) => rest);
}

function tell(
  { suggestionsOf }: Pick<CloseInput, 'suggestionsOf'>,
  branch: string,
  pull: Pull,
  result: Pick<PullRequestResult, 'state' | 'why'>,
): EndedBranch {
  const marker = 'marker' in pull ? (pull as OwnPull).marker : undefined;
  const suggestions = marker === undefined ? [] : suggestionsOf(marker);
  return {
    open: true,
    result: { branch, title: pull.title, number: pull.number, url: pull.url, suggestions, ...result },
  };
}

/** Whether this run looked at all that a branch holds. Without a pull request its name is all that tells. */
function wasSeen(scope: Scope, folder: string, branch: string, marker: Marker | undefined): boolean {
  if (marker !== undefined) return findUnseen(scope, marker).length === 0;
  const namespace = namespaceOfSlug(branch.slice(folder.length));
  return namespace !== undefined && looksInto(scope, namespace);
}

/** A branch that is left over does no harm: where rules keep it, that is said, and the run goes on. */
async function removeBranch(github: Github, base: Base, branch: string, head: string): Promise<BranchUpdate> {
  try {
    return await moveBranch(github, base.repository.nodeId, branch, head, undefined);
  } catch (error) {
    const failure = readFailure(error);
    if (!isRefusedByRules(failure) && !/Reference update failed/i.test(failure.message)) throw error;
    github.log.warn(`The branch ${branch} is no longer needed, but a rule forbids deleting it. Delete it by hand.`);
    return { state: 'moved' };
  }
}

import type { Github } from '../github/create-github.ts';
import { readMerges, readPull, removeLabel } from '../github/pull-requests.ts';
import { moveBranch } from '../github/repository.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import { branchFolder } from './branch-names.ts';
import { type BranchState, readBranchState } from './branch-state.ts';
import { mayTakePlace, takesPlace } from './claim-place.ts';
import type { Deliverable, DeliveryContext, Refused } from './deliverable.ts';
import { keysIn, type Marker } from './marker.ts';
import { type BranchPulls, type KnownPulls, type OwnPull, openOf } from './own-pulls.ts';
import { isTouched, openPullRequest, rewritePullRequest, updateMarker } from './publish.ts';
import type { NeedsSince } from './quiet.ts';
import { findUnseen } from './scope.ts';
import { REBASE, saySnoozed, wantsRebase } from './wishes.ts';
import { createChangeCommit, pointBranch } from './write-branch.ts';

/** How often a proposal is looked at anew because somebody else was faster. */
const ATTEMPTS = 4;

/** `mayOpen`: whether one more may be open. */
export interface OneInput extends DeliveryContext {
  readonly github: Github;
  readonly pulls: KnownPulls;
  readonly mayOpen: boolean;
}

/** Everything known of a proposal's branch and pull requests at one moment. */
interface Situation {
  readonly proposal: Deliverable;
  readonly pulls: KnownPulls;
  readonly open?: OwnPull;
  readonly branch: BranchState;
}

/** What became of a proposal, or where its branch was seen when it must be looked at anew. */
type Step = { readonly result: PullRequestResult } | { readonly seen: string | undefined };

/**
 * Brings one branch and its pull request to what the proposal says, from whatever state they are in. `head` is where the
 * branch was seen. Every step may fail or be lost: the next run goes on from what is there.
 */
export async function deliverOne(
  input: OneInput,
  proposal: Deliverable,
  head: string | undefined,
): Promise<PullRequestResult> {
  const { github, base } = input;
  let seen = head;
  let { pulls } = input;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) pulls = await pulls.readAgain(proposal.branch);
    const known = pulls.of(proposal.branch);
    const open = openOf(known.own);
    const sifted = proposal.sift(pulls);
    if ('refused' in sifted && open === undefined) {
      await removeLeftOver(input, proposal.branch, seen, known);
      return tellRefused(input, proposal, sifted.refused);
    }
    const wanted = 'kept' in sifted ? sifted.kept : proposal;
    const left = open === undefined ? undefined : leaveAlone(input, proposal, open);
    if (left !== undefined) return left;
    if (open === undefined && !input.mayOpen) return overTheLimit(input, wanted);
    const branch = await readBranchState(github, base.branch, seen, known);
    if (branch.state === 'edited' && (branch.pull !== undefined || open === undefined || !wantsRebase(open)))
      return resultOf(input, proposal, { state: 'edited by a person', why: branch.why }, branch.pull ?? open);
    if ('refused' in sifted) return resultOf(input, proposal, { state: 'unchanged' }, open);
    const done = await settle(input, { proposal: wanted, pulls, open, branch });
    if ('result' in done) return done.result;
    seen = done.seen;
  }
  throw new Error('the branch kept moving; the next run will try again');
}

/** The result for an open pull request that this run may not touch, whatever is on its branch. */
function leaveAlone(input: OneInput, proposal: Deliverable, open: OwnPull): PullRequestResult | undefined {
  if (open.base !== input.base.branch) {
    const why = `its base was changed to ${open.base}`;
    return resultOf(input, proposal, { state: 'edited by a person', why }, open);
  }
  const snoozed = saySnoozed(open, input.at);
  if (snoozed !== undefined) return resultOf(input, proposal, { state: 'unchanged', why: snoozed }, open);
  const unseen = findUnseen(input.scope, open.marker, new Set(proposal.keys));
  return unseen.length === 0
    ? undefined
    : resultOf(input, proposal, { state: 'unchanged', why: sayShared(unseen) }, open);
}

function sayShared([first = '', ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `it has changes to containers that this run did not inspect (${first}${more}); give each job its own pull-request-branch-prefix or cluster-name`;
}

function overTheLimit(input: OneInput, proposal: Deliverable): PullRequestResult {
  const why = `${input.options.limit} pull requests are already open (pull-request-limit)`;
  return resultOf(input, proposal, { state: 'over the limit', why });
}

async function settle(input: OneInput, situation: Situation): Promise<Step> {
  const { options } = input;
  const { proposal, open, branch } = situation;
  const course = open === undefined ? undefined : courseOf(input, proposal, open);
  if (open !== undefined && course !== undefined && branch.state === 'ours') {
    const keep = await mayStay(input, situation, open, branch.fingerprint, course);
    if (keep !== undefined) {
      const said = options.dryRun ? [] : await updateMarker(input, proposal, open, course.gone);
      const why = [...(keep.why === undefined ? [] : [keep.why]), ...said].join(' · ');
      const end = { state: 'unchanged', ...(why === '' ? {} : { why }) } as const;
      return { result: { ...resultOf(input, proposal, end, open), ...(keep.unsure && { unsure: true }) } };
    }
  }
  const files = await proposal.files();
  if (files.length === 0)
    return {
      result: resultOf(input, proposal, { state: 'unchanged', why: 'the manifests already have these values' }, open),
    };
  if (options.dryRun) {
    const diff = files.map(unifiedDiff).join('');
    return { result: { ...resultOf(input, proposal, { state: 'dry run' }, open), diff } };
  }
  return open === undefined
    ? openNew(input, situation, files)
    : pushAgain(input, situation, open, files, course?.gone ?? {});
}

function courseOf(input: OneInput, proposal: Deliverable, open: OwnPull): NeedsSince {
  // What an incomplete run does not see tells nothing.
  if (!input.complete) return { gone: open.marker.gone ?? {}, over: new Set(), doubts: new Map() };
  return proposal.follow(open);
}

interface Stay {
  readonly why?: string;
  /** GitHub has not told whether it merges. */
  readonly unsure?: boolean;
}

/** Whether an open pull request is left as it is: approvals and checks are worth more than the newest number. */
async function mayStay(
  input: OneInput,
  { proposal }: Situation,
  open: OwnPull,
  onBranch: string,
  course: NeedsSince,
): Promise<Stay | undefined> {
  const { marker } = open;
  if (wantsRebase(open)) return undefined;
  if (marker.fingerprint !== onBranch || marker.base !== input.base.branch) return undefined;
  const { over } = course;
  const held = whyHeld(input, proposal, marker, course);
  // What is red now is worth more than a change in doubt, which is proposed again once it is clear.
  const isUrgent = input.complete && proposal.isUrgent(marker);
  if (held !== undefined && !isUrgent) return { why: held };
  const isSame = onBranch === proposal.fingerprint || (over.size === 0 && !proposal.isWorthPush(marker));
  const merges = await findMerges(input, open);
  if (merges === 'conflicts') return undefined;
  if (isSame) return merges === 'unknown' ? { unsure: true } : {};
  return open.autoMerge ? { why: 'auto-merge is on; newer values can follow after the merge' } : undefined;
}

/** Why a change that is proposed no longer must not fall out of the pull request by a push. */
function whyHeld(
  { complete }: OneInput,
  proposal: Deliverable,
  marker: Marker,
  { over, doubts }: NeedsSince,
): string | undefined {
  const now = new Set(proposal.keys);
  const missing = keysIn(marker).filter((key) => !now.has(key) && !over.has(key));
  if (missing.length > 0 && !complete) return 'this run was incomplete, so a change that it did not see is kept';
  const isUnclear = (key: string) => ['not judged', 'not located'].includes(doubts.get(key) ?? '');
  return missing.some(isUnclear) ? 'a change that this run could not judge or locate is kept' : undefined;
}

/** Where the base's files are what they were, nothing can conflict; else GitHub is asked. */
async function findMerges({ github, base }: OneInput, { marker, number }: OwnPull) {
  return isTouched(base, marker) ? readMerges(github, number) : 'clean';
}

type Files = Awaited<ReturnType<Deliverable['files']>>;

/** The branch first, which claims a place among those that may be open; then its pull request. */
async function openNew(input: OneInput, situation: Situation, files: Files): Promise<Step> {
  const { github, base, options } = input;
  const { proposal, branch, pulls } = situation;
  const { fingerprint } = proposal;
  // The list may be older than what a person did since: this branch is asked for once more.
  const anew = await pulls.readAgain(proposal.branch);
  const seen = branch.state === 'absent' ? undefined : branch.head;
  if (hasChanged(pulls, anew, proposal.branch)) return { seen };
  const isThere = branch.state === 'ours' && branch.fingerprint === fingerprint && branch.upon === base.commit;
  const head = isThere ? { state: 'moved' as const, commit: branch.head } : await push(input, situation, files, seen);
  if (head.state === 'raced') return { seen: head.now };
  if (!(await mayTakePlace(github, branchFolder(options), proposal.branch, anew, options.limit))) {
    await moveBranch(github, base.repository.nodeId, proposal.branch, head.commit, undefined);
    return { result: overTheLimit(input, proposal) };
  }
  const opened = await openPullRequest(input, proposal, files);
  if (opened === undefined) return { seen: head.commit };
  const why = opened.said.length === 0 ? {} : { why: opened.said.join(' · ') };
  return { result: resultOf(input, proposal, { state: 'opened', ...why }, opened.pull) };
}

function hasChanged(before: KnownPulls, now: KnownPulls, branch: string): boolean {
  const describe = ({ own, others }: ReturnType<KnownPulls['of']>) =>
    [...own, ...others].map(({ number, state }) => `${number} ${state}`).join();
  return describe(before.of(branch)) !== describe(now.of(branch));
}

async function push(input: OneInput, { proposal }: Situation, files: Files, seen: string | undefined) {
  const { github, base } = input;
  const commit = await createChangeCommit(github, base, files, proposal.message, proposal.fingerprint);
  const update = await pointBranch(github, base, proposal.branch, seen, commit);
  return update.state === 'raced' ? update : { state: 'moved' as const, commit };
}

/** An open pull request with what is proposed now. */
async function pushAgain(
  input: OneInput,
  situation: Situation,
  open: OwnPull,
  files: Files,
  gone: NeedsSince['gone'],
): Promise<Step> {
  const { github, base } = input;
  const { proposal, branch } = situation;
  const { fingerprint } = proposal;
  const now = await readPull(github, open.number);
  const seen = branch.state === 'absent' ? undefined : branch.head;
  if (now.state !== 'open' || now.base !== base.branch) return { seen };
  const isThere =
    branch.state === 'ours' &&
    branch.fingerprint === fingerprint &&
    (wantsRebase(open) ? standsOn(base.commit, open, branch.head) : (await findMerges(input, open)) !== 'conflicts');
  if (!isThere) {
    const pushed = await push(input, situation, files, seen);
    if (pushed.state === 'raced') return { seen: pushed.now };
  }
  const blobs = isThere ? open.marker.blobs : undefined;
  const updated = await rewritePullRequest(input, proposal, { files, gone, blobs }, open);
  if (wantsRebase(open)) await removeLabel(github, open.number, REBASE);
  if (updated.pull.state !== 'open') {
    const end = { state: 'declined', why: 'it was closed during the run' } as const;
    return { result: resultOf(input, proposal, end, updated.pull) };
  }
  const isNew = open.marker.run === input.run;
  const why = updated.said.length === 0 ? {} : { why: updated.said.join(' · ') };
  return { result: resultOf(input, proposal, { state: isNew ? 'opened' : 'updated', ...why }, updated.pull) };
}

/** A branch of a run that died before it opened its pull request holds a place; where that was refused since, for ever. */
async function removeLeftOver(input: OneInput, branch: string, head: string | undefined, known: BranchPulls) {
  const { github, base, options } = input;
  if (head === undefined || options.dryRun || !takesPlace(known, head)) return;
  const { state } = await readBranchState(github, base.branch, head, known);
  if (state === 'ours') await moveBranch(github, base.repository.nodeId, branch, head, undefined);
}

/** Whether the branch is one commit upon the newest base: a run that died before it took the label off has rebuilt it. */
function standsOn(commit: string, { head }: OwnPull, now: string): boolean {
  return head.sha === now && head.commit?.parents.length === 1 && head.commit.parents[0] === commit;
}

function tellRefused(input: OneInput, proposal: Deliverable, { pull, why }: Refused): PullRequestResult {
  return resultOf(input, proposal, { state: 'declined', why }, pull);
}

function resultOf(
  { run }: Pick<DeliveryContext, 'run'>,
  proposal: Deliverable,
  end: Pick<PullRequestResult, 'state' | 'why'>,
  pull?: Pick<OwnPull, 'title' | 'number' | 'url' | 'createdAt'> & { readonly marker?: OwnPull['marker'] },
): PullRequestResult {
  const title = pull?.title ?? proposal.title;
  const where = pull === undefined ? {} : { number: pull.number, url: pull.url };
  // Its answer may have been lost: this run opened it all the same.
  const state = end.state === 'unchanged' && pull?.marker?.run === run ? 'opened' : end.state;
  const when = state === 'opened' && pull !== undefined ? { createdAt: pull.createdAt } : {};
  return { ...end, state, branch: proposal.branch, title, ...where, ...when, suggestions: proposal.suggestions };
}

import type { Github } from '../github/create-github.ts';
import { readMerges, readPull, removeLabel } from '../github/pull-requests.ts';
import { moveBranch } from '../github/repository.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import { branchFolder } from './branch-names.ts';
import { type BranchState, readBranchState } from './branch-state.ts';
import { mayTakePlace, takesPlace } from './claim-place.ts';
import { changeKey, type PullRequestInput } from './delivery-input.ts';
import { keysOf, type Marker } from './marker.ts';
import { type BranchPulls, type KnownPulls, type OwnPull, openOf } from './own-pulls.ts';
import { buildFiles, fingerprintOfChanges, type Proposal } from './proposal.ts';
import { isTouched, openPullRequest, rewritePullRequest, updateMarker } from './publish.ts';
import { writeTitle } from './pull-request-text.ts';
import { followNeeds, isNewRed, isWorthPush, type NeedsSince } from './quiet.ts';
import { type Sifted, siftRefused } from './refusals.ts';
import { findUnseen } from './scope.ts';
import { REBASE, saySnoozed, wantsRebase } from './wishes.ts';
import { createChangeCommit, pointBranch, writeMessage } from './write-branch.ts';

/** How often a proposal is looked at anew because somebody else was faster. */
const ATTEMPTS = 4;

/** `mayOpen`: whether one more may be open. */
export interface OneInput extends PullRequestInput {
  readonly github: Github;
  readonly pulls: KnownPulls;
  readonly mayOpen: boolean;
}

/** Everything known of a proposal's branch and pull requests at one moment. */
interface Situation {
  readonly proposal: Proposal;
  readonly pulls: KnownPulls;
  readonly open?: OwnPull;
  readonly branch: BranchState;
  readonly fingerprint: string;
}

/** What became of a proposal, or where its branch was seen when it must be looked at anew. */
type Step = { readonly result: PullRequestResult } | { readonly seen: string | undefined };

/**
 * Brings one branch and its pull request to what the proposal says, from whatever state they are in. `head` is where the
 * branch was seen. Every step may fail or be lost: the next run goes on from what is there.
 */
export async function deliverOne(
  input: OneInput,
  proposal: Proposal,
  head: string | undefined,
): Promise<PullRequestResult> {
  const { github, base, scope, options, at } = input;
  let seen = head;
  let { pulls } = input;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) pulls = await pulls.readAgain(proposal.branch);
    const known = pulls.of(proposal.branch);
    const open = openOf(known.own);
    const sifted = siftRefused(proposal.changes, pulls, { cluster: scope.cluster, folder: branchFolder(options), at });
    const wanted = { ...proposal, changes: sifted.kept };
    if (sifted.kept.length === 0 && open === undefined) {
      await removeLeftOver(input, proposal.branch, seen, known);
      return refused(input, proposal, sifted);
    }
    const left = open === undefined ? undefined : leaveAlone(input, proposal, open);
    if (left !== undefined) return left;
    if (open === undefined && !input.mayOpen) return overTheLimit(input, wanted);
    const branch = await readBranchState(github, base.branch, seen, known);
    if (branch.state === 'edited' && (branch.pull !== undefined || open === undefined || !wantsRebase(open)))
      return resultOf(input, proposal, { state: 'edited by a person', why: branch.why }, branch.pull ?? open);
    if (sifted.kept.length === 0) return resultOf(input, proposal, { state: 'unchanged' }, open);
    const fingerprint = fingerprintOfChanges(wanted.changes);
    const done = await settle(input, { proposal: wanted, pulls, open, branch, fingerprint });
    if ('result' in done) return done.result;
    seen = done.seen;
  }
  throw new Error('the branch kept moving; the next run will try again');
}

/** The result for an open pull request that this run may not touch, whatever is on its branch. */
function leaveAlone(input: OneInput, proposal: Proposal, open: OwnPull): PullRequestResult | undefined {
  if (open.base !== input.base.branch) {
    const why = `its base was changed to ${open.base}`;
    return resultOf(input, proposal, { state: 'edited by a person', why }, open);
  }
  const snoozed = saySnoozed(open, input.at);
  if (snoozed !== undefined) return resultOf(input, proposal, { state: 'unchanged', why: snoozed }, open);
  const unseen = findUnseen(input.scope, open.marker, new Set(proposal.changes.map(changeKey)));
  return unseen.length === 0
    ? undefined
    : resultOf(input, proposal, { state: 'unchanged', why: sayShared(unseen) }, open);
}

function sayShared([first = '', ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `it has changes to containers that this run did not inspect (${first}${more}); give each job its own pull-request-branch-prefix or cluster-name`;
}

function overTheLimit(input: OneInput, proposal: Proposal): PullRequestResult {
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
  const files = await buildFiles(input.base, proposal.changes);
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

function courseOf(input: OneInput, proposal: Proposal, open: OwnPull): NeedsSince {
  const now = new Set(proposal.changes.map(changeKey));
  // What an incomplete run does not see tells nothing.
  if (!input.complete) return { gone: open.marker.gone ?? {}, over: new Set(), doubts: new Map() };
  return followNeeds(open.marker, proposal.direction, now, input.needs, input.at, isTouched(input.base, open.marker));
}

interface Stay {
  readonly why?: string;
  /** GitHub has not told whether it merges. */
  readonly unsure?: boolean;
}

/** Whether an open pull request is left as it is: approvals and checks are worth more than the newest number. */
async function mayStay(
  input: OneInput,
  { proposal, fingerprint }: Situation,
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
  const isUrgent = input.complete && proposal.changes.some((change) => isNewRed(marker, change));
  if (held !== undefined && !isUrgent) return { why: held };
  const isSame = onBranch === fingerprint || (over.size === 0 && !isWorthPush(marker, proposal.changes));
  const merges = await findMerges(input, open);
  if (merges === 'conflicts') return undefined;
  if (isSame) return merges === 'unknown' ? { unsure: true } : {};
  return open.autoMerge ? { why: 'auto-merge is on; newer values can follow after the merge' } : undefined;
}

/** Why a change that is proposed no longer must not fall out of the pull request by a push. */
function whyHeld(
  { complete }: OneInput,
  proposal: Proposal,
  marker: Marker,
  { over, doubts }: NeedsSince,
): string | undefined {
  const now = new Set(proposal.changes.map(changeKey));
  const missing = keysOf(marker.changes).filter((key) => !now.has(key) && !over.has(key));
  if (missing.length > 0 && !complete) return 'this run was incomplete, so a change that it did not see is kept';
  const isUnclear = (key: string) => ['not judged', 'not located'].includes(doubts.get(key) ?? '');
  return missing.some(isUnclear) ? 'a change that this run could not judge or locate is kept' : undefined;
}

/** Where the base's files are what they were, nothing can conflict; else GitHub is asked. */
async function findMerges({ github, base }: OneInput, { marker, number }: OwnPull) {
  return isTouched(base, marker) ? readMerges(github, number) : 'clean';
}

type Files = Awaited<ReturnType<typeof buildFiles>>;

/** The branch first, which claims a place among those that may be open; then its pull request. */
async function openNew(input: OneInput, situation: Situation, files: Files): Promise<Step> {
  const { github, base, options } = input;
  const { proposal, branch, fingerprint, pulls } = situation;
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
  const opened = await openPullRequest(input, proposal, fingerprint, files);
  if (opened === undefined) return { seen: head.commit };
  const why = opened.said.length === 0 ? {} : { why: opened.said.join(' · ') };
  return { result: resultOf(input, proposal, { state: 'opened', ...why }, opened.pull) };
}

function hasChanged(before: KnownPulls, now: KnownPulls, branch: string): boolean {
  const describe = ({ own, others }: ReturnType<KnownPulls['of']>) =>
    [...own, ...others].map(({ number, state }) => `${number} ${state}`).join();
  return describe(before.of(branch)) !== describe(now.of(branch));
}

async function push(input: OneInput, { proposal, fingerprint }: Situation, files: Files, seen: string | undefined) {
  const { github, base } = input;
  const commit = await createChangeCommit(github, base, files, writeMessage(proposal, input), fingerprint);
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
  const { proposal, branch, fingerprint } = situation;
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
  const updated = await rewritePullRequest(input, proposal, { fingerprint, files, gone, blobs }, open);
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

function refused(input: OneInput, proposal: Proposal, { refused: all }: Sifted): PullRequestResult {
  const refusal = all[0]?.refusal;
  const again = 'it is proposed again only after a new OOM kill or with a clearly different value';
  const why =
    refusal?.how === 'taken back'
      ? `its values were merged with #${refusal.pull.number} and taken back since; ${again}`
      : `a person closed it; ${again}`;
  return resultOf(input, proposal, { state: 'declined', why }, refusal?.pull);
}

function resultOf(
  { options, run }: Pick<PullRequestInput, 'options' | 'run'>,
  proposal: Proposal,
  end: Pick<PullRequestResult, 'state' | 'why'>,
  pull?: Pick<OwnPull, 'title' | 'number' | 'url'> & { readonly marker?: OwnPull['marker'] },
): PullRequestResult {
  const suggestions = proposal.changes.map(changeKey);
  const title = pull?.title ?? writeTitle(proposal, options.clusterName);
  const where = pull === undefined ? {} : { number: pull.number, url: pull.url };
  // Its answer may have been lost: this run opened it all the same.
  const state = end.state === 'unchanged' && pull?.marker?.run === run ? 'opened' : end.state;
  return { ...end, state, branch: proposal.branch, title, ...where, suggestions };
}

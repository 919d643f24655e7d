import type { Github } from '../github/create-github.ts';
import { conflicts, createPull, type Pull, updatePull } from '../github/pull-requests.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import { type BranchPulls, type OwnPull, openOf, type ReadPulls } from './branch-pulls.ts';
import { type BranchState, readBranchState } from './branch-state.ts';
import { differMaterially, type Sifted, siftDeclined } from './declined.ts';
import { changeKey, type PullRequestInput } from './delivery-input.ts';
import { finishPullRequest, hasFinish } from './finish-pull-request.ts';
import { type Marker, replaceMarker } from './marker.ts';
import {
  buildFiles,
  type ChangedFile,
  changedPaths,
  fingerprintOfChanges,
  markChanges,
  type Proposal,
} from './proposal.ts';
import { writeBody, writeTitle } from './pull-request-text.ts';
import { findUnseen } from './scope.ts';
import { createChangeCommit, pointBranch } from './write-branch.ts';

/** How often a proposal is looked at anew because somebody else was faster. */
const ATTEMPTS = 4;

/** `mayOpen`: whether one more may be open. */
export interface OneInput extends PullRequestInput {
  readonly github: Github;
  readonly readPulls: ReadPulls;
  readonly mayOpen: boolean;
}

/** What the run has seen of a branch before: where it points, and its pull requests where they were read. */
export interface Glance {
  readonly head: string | undefined;
  readonly pulls?: BranchPulls;
}

/** Everything known of a proposal's branch and pull requests at one moment. */
interface Situation {
  readonly proposal: Proposal;
  readonly open?: OwnPull;
  readonly branch: BranchState;
  readonly fingerprint: string;
}

/**
 * Brings one branch and its pull request to what the proposal says, from whatever state they are in. `first`
 * is what the run saw of it. Every step may fail or be lost: the next run goes on from what is there.
 */
export async function deliverOne(input: OneInput, proposal: Proposal, first: Glance): Promise<PullRequestResult> {
  const { github, base } = input;
  let seen = first.head;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const pulls = attempt === 1 && first.pulls !== undefined ? first.pulls : await input.readPulls(proposal.branch);
    const open = openOf(pulls.own);
    const sifted = siftDeclined(proposal.changes, pulls.own);
    const wanted = { ...proposal, changes: sifted.kept };
    if (sifted.kept.length === 0 && open === undefined) return declined(input, proposal, sifted, pulls.own);
    const left = open === undefined ? undefined : leaveAlone(input, proposal, open);
    if (left !== undefined) return left;
    const branch = await readBranchState(github, base.branch, seen, pulls);
    if (branch.state === 'edited')
      return resultOf(input, proposal, { state: 'edited by a person', why: branch.why }, branch.pull ?? open);
    if (sifted.kept.length === 0) return resultOf(input, proposal, { state: 'unchanged' }, open);
    const fingerprint = fingerprintOfChanges(wanted.changes);
    const done = await settle(input, { proposal: wanted, open, branch, fingerprint });
    if ('result' in done) return done.result;
    seen = done.seen;
  }
  throw new Error('the branch kept moving; the next run will try again');
}

/** The result for an open pull request that this run may not touch, whatever is on its branch. */
function leaveAlone(input: OneInput, proposal: Proposal, open: OwnPull): PullRequestResult | undefined {
  if (open.base.ref !== input.base.branch) {
    const why = `its base was changed to ${open.base.ref}`;
    return resultOf(input, proposal, { state: 'edited by a person', why }, open);
  }
  const unseen = findUnseen(input.scope, open.marker, new Set(proposal.changes.map(changeKey)));
  return unseen.length === 0
    ? undefined
    : resultOf(input, proposal, { state: 'unchanged', why: sayShared(unseen) }, open);
}

function sayShared([first = '', ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `it has changes to containers that this run did not inspect (${first}${more}); give each job its own pull-request-branch-prefix or cluster-name`;
}

type Step = { readonly result: PullRequestResult } | { readonly seen: string | undefined };

async function settle(input: OneInput, situation: Situation): Promise<Step> {
  const { github, options } = input;
  const { proposal, open, branch } = situation;
  if (open !== undefined && branch.state === 'ours') {
    const keep = await mayStay(input, situation, open, branch.fingerprint);
    if (keep !== undefined) {
      if (open.marker.unfinished && !options.dryRun) await finish(input, open.number, open.body ?? '', open.marker);
      return { result: resultOf(input, proposal, { state: 'unchanged', why: keep.why }, open) };
    }
  }
  if (open === undefined && !input.mayOpen) {
    const why = `${options.limit} pull requests are already open (pull-request-limit)`;
    return { result: resultOf(input, proposal, { state: 'over the limit', why }) };
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
  const head = branch.state === 'absent' ? undefined : branch.head;
  if (
    branch.state !== 'ours' ||
    branch.fingerprint !== situation.fingerprint ||
    (open !== undefined && (await conflicts(github, open.number)))
  ) {
    const message = writeMessage(proposal, input);
    const commit = await createChangeCommit(github, input.base, files, message, situation.fingerprint);
    const update = await pointBranch(github, input.base, proposal.branch, head, commit);
    if (update.state === 'raced') return { seen: update.now };
    return publish(input, situation, files, commit);
  }
  return publish(input, situation, files, branch.head);
}

/** Whether an open pull request is left as it is: approvals and checks are worth more than the newest number. */
async function mayStay(
  input: OneInput,
  { proposal, fingerprint }: Situation,
  open: OwnPull,
  onBranch: string,
): Promise<{ readonly why?: string } | undefined> {
  const { marker } = open;
  if (marker.fingerprint !== onBranch || marker.base !== input.base.branch) return undefined;
  const now = new Set(proposal.changes.map(changeKey));
  const gone = marker.changes.filter(([key]) => !now.has(key));
  if (gone.length > 0 && !input.complete)
    return { why: 'this run was incomplete, so a change that it did not see is kept' };
  if (gone.some(([key]) => input.undecided?.has(key)))
    return { why: 'a change that this run could not judge or locate is kept' };
  if (open.auto_merge && !(await conflicts(input.github, open.number)))
    return { why: 'auto-merge is on; newer values can follow after the merge' };
  const samePaths = marker.paths.join('\n') === changedPaths(proposal.changes).join('\n');
  const same =
    onBranch === fingerprint || (samePaths && !differMaterially(marker.changes, markChanges(proposal.changes)));
  return same && !(await conflicts(input.github, open.number)) ? {} : undefined;
}

/** The branch is as it should be: now the pull request. */
async function publish(
  input: OneInput,
  situation: Situation,
  files: readonly ChangedFile[],
  head: string,
): Promise<Step> {
  const { github, base, options } = input;
  const { proposal, open } = situation;
  const title = writeTitle(proposal, options.clusterName);
  const marker = markerOf(input, situation, open === undefined || open.marker.unfinished === true);
  const body = writeBody(proposal, files, marker, input);
  if (open === undefined) {
    const created = await createPull(github, {
      title,
      body,
      head: proposal.branch,
      base: base.branch,
      draft: options.draft,
    });
    if (created === undefined) return { seen: head };
    if (marker.unfinished) await finish(input, created.number, body, marker);
    return { result: resultOf(input, proposal, { state: 'opened' }, created) };
  }
  const updated = await updatePull(github, open.number, { title, body });
  if (updated.state !== 'open')
    return { result: resultOf(input, proposal, { state: 'declined', why: 'it was closed during the run' }, updated) };
  if (marker.unfinished) await finish(input, open.number, body, marker);
  return { result: resultOf(input, proposal, { state: 'updated' }, updated) };
}

async function finish(input: OneInput, number: number, body: string, marker: Marker): Promise<void> {
  await finishPullRequest(input.github, number, input.options);
  const { unfinished: _, ...finished } = marker;
  await updatePull(input.github, number, { body: replaceMarker(body, finished) });
}

function markerOf({ base, options, scope }: OneInput, { proposal, fingerprint }: Situation, isNew: boolean): Marker {
  const marker = {
    base: base.branch,
    fingerprint,
    changes: markChanges(proposal.changes),
    paths: changedPaths(proposal.changes),
    scope: { cluster: scope.cluster, selector: scope.selector },
  };
  return isNew && hasFinish(options) ? { ...marker, unfinished: true } : marker;
}

/** The old values stand in the message as well: history is the backup. */
function writeMessage(proposal: Proposal, { options, report }: OneInput): string {
  const lines = proposal.changes.flatMap(({ location: { suggestion } }) =>
    [suggestion.limit, suggestion.request].flatMap((value) =>
      value === undefined ? [] : [`- ${suggestion.container}: ${value.why}`],
    ),
  );
  const source = report === undefined ? [] : [`From the memory report of ${report.date}.`];
  return [writeTitle(proposal, options.clusterName), '', ...lines, ...source]
    .join('\n')
    .replace(/\[(?=[a-z ]+\])/gi, '(');
}

function declined(input: OneInput, proposal: Proposal, sifted: Sifted, pulls: readonly Pull[]): PullRequestResult {
  const number = sifted.declined[0]?.decline.number;
  const pull = pulls.find((one) => one.number === number);
  const why = 'a person closed it; it is proposed again only after a new OOM kill or with a clearly different value';
  return resultOf(input, proposal, { state: 'declined', why }, pull);
}

function resultOf(
  { options }: PullRequestInput,
  proposal: Proposal,
  end: Pick<PullRequestResult, 'state' | 'why'>,
  pull?: Pull,
): PullRequestResult {
  const suggestions = proposal.changes.map(changeKey);
  const title = pull?.title ?? writeTitle(proposal, options.clusterName);
  const where = pull === undefined ? {} : { number: pull.number, url: pull.html_url };
  return { ...end, branch: proposal.branch, title, ...where, suggestions };
}

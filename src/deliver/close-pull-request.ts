import type { Github } from '../github/create-github.ts';
import { isRefusedByRules, readFailure } from '../github/explain-github-error.ts';
import { type Pull, updatePull } from '../github/pull-requests.ts';
import { moveBranch } from '../github/repository.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import type { Base } from '../repository/github-files.ts';
import { branchFolder, namespaceOfSlug } from './branch-names.ts';
import { openOf, type ReadPulls } from './branch-pulls.ts';
import { readBranchState } from './branch-state.ts';
import { commentOnce } from './comment-once.ts';
import type { PullRequestInput } from './delivery-input.ts';
import { type Marker, replaceMarker } from './marker.ts';
import { findUnseen, looksInto, type Scope } from './scope.ts';

const COMMENT =
  'Closed because nothing is left to change: what this pull request proposed is already in the manifests or no longer needed. If it is needed again, the inspector opens a new one.';

/** What became of a branch: whether it still has an open pull request, and what is to be told of it. */
export interface EndedBranch {
  readonly open: boolean;
  readonly result?: PullRequestResult;
}

export interface CloseInput extends Pick<PullRequestInput, 'base' | 'options' | 'scope' | 'undecided'> {
  readonly readPulls: ReadPulls;
}

/**
 * Ends a branch for which nothing is left to change: its pull request is closed with a comment, then the branch deleted.
 * What a person has changed is left alone, and what this run did not look at is neither touched nor told of.
 */
export async function closeBranch(
  github: Github,
  branch: string,
  head: string,
  input: CloseInput,
): Promise<EndedBranch> {
  const { base, options, scope, undecided } = input;
  const pulls = await input.readPulls(branch);
  const open = openOf(pulls.own);
  const shown = open ?? openOf(pulls.others);
  const marker = (open ?? pulls.own[0])?.marker;
  if (!wasSeen(scope, branchFolder(options), branch, marker)) return { open: shown !== undefined };
  const keys = [...new Set(open?.marker.changes.map(([key]) => key) ?? [])];
  const tell = (pull: Pull, result: Pick<PullRequestResult, 'state' | 'why'>, stays = true): EndedBranch => ({
    open: stays,
    result: { branch, title: pull.title, number: pull.number, url: pull.html_url, suggestions: keys, ...result },
  });
  if (open !== undefined && keys.some((key) => undecided?.has(key)))
    return tell(open, { state: 'unchanged', why: 'this run could not judge or locate its change, so it is kept' });
  const state = await readBranchState(github, base.branch, head, pulls);
  const mayEnd = state.state === 'ours' || state.state === 'spent';
  if (shown === undefined) {
    if (mayEnd && !options.dryRun) await removeBranch(github, base, branch, head);
    return { open: false };
  }
  if (!mayEnd || open === undefined || open.base.ref !== base.branch) {
    const why = state.state === 'edited' ? state.why : `its base was changed to ${shown.base.ref}`;
    return tell(shown, { state: 'edited by a person', why: `nothing is left to change, but ${why}` });
  }
  if (options.dryRun) return tell(open, { state: 'dry run', why: 'would be closed: nothing is left to change' }, false);
  await commentOnce(github, open.number, `closed:${head}`, COMMENT);
  const closed = { ...open.marker, closedByRun: true };
  await updatePull(github, open.number, { body: replaceMarker(open.body ?? '', closed), state: 'closed' });
  await removeBranch(github, base, branch, head);
  return tell(open, { state: 'closed', why: 'nothing is left to change' }, false);
}

/** Whether this run looked at all that a branch holds. Without a pull request its name is all that tells. */
function wasSeen(scope: Scope, folder: string, branch: string, marker: Marker | undefined): boolean {
  if (marker !== undefined) return findUnseen(scope, marker).length === 0;
  const namespace = namespaceOfSlug(branch.slice(folder.length));
  return namespace !== undefined && looksInto(scope, namespace);
}

/** A branch that is left over does no harm: where rules keep it, that is said, and the run goes on. */
async function removeBranch(github: Github, base: Base, branch: string, head: string): Promise<void> {
  try {
    await moveBranch(github, base.repository.nodeId, branch, head, undefined);
  } catch (error) {
    const failure = readFailure(error);
    if (!isRefusedByRules(failure) && !/Reference update failed/i.test(failure.message)) throw error;
    github.log.warn(`The branch ${branch} is no longer needed, but a rule forbids deleting it. Delete it by hand.`);
  }
}

import type { Github } from '../github/create-github.ts';
import { isRefusedByRules, readFailure } from '../github/explain-github-error.ts';
import { moveBranch } from '../github/repository.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import type { Base } from './base-files.ts';
import { readBranchState } from './branch-state.ts';
import type { PullRequestInput } from './delivery-input.ts';
import { readMarker, replaceMarker } from './marker.ts';
import { commentOnce, listPulls, updatePull } from './pull-api.ts';

const COMMENT =
  'Closed by the run that found nothing left to change here: what this proposed is in the manifests, or no longer needed. If it is needed again, a new pull request comes.';

/**
 * Ends a branch for which nothing is left to change: its pull request is closed with a comment, then the branch deleted.
 * What a person has changed is left alone. Undefined where there was no open pull request.
 */
export async function closeBranch(
  github: Github,
  base: Base,
  branch: string,
  head: string,
  { options: { dryRun }, undecided }: Pick<PullRequestInput, 'options' | 'undecided'>,
): Promise<PullRequestResult | undefined> {
  const open = (await listPulls(github, branch)).filter((pull) => pull.state === 'open').at(-1);
  const state = await readBranchState(github, base.branch, head);
  const mayEnd = state.state === 'ours' || state.state === 'spent';
  if (open === undefined) {
    if (mayEnd && !dryRun) await removeBranch(github, base, branch, head);
    return undefined;
  }
  const marker = readMarker(open.body);
  const keys = [...new Set(marker?.changes.map(([key]) => key) ?? [])];
  const result = { branch, title: open.title, number: open.number, url: open.html_url, suggestions: keys };
  if (keys.some((key) => undecided?.has(key)))
    return { ...result, state: 'unchanged', why: 'this run could not judge or locate its change, so it is kept' };
  if (!mayEnd || open.base.ref !== base.branch) {
    const why = state.state === 'edited' ? state.why : `its base was changed to ${open.base.ref}`;
    return { ...result, state: 'edited by a person', why: `nothing is left to change, but ${why}` };
  }
  if (dryRun) return { ...result, state: 'dry run', why: 'would be closed: nothing is left to change' };
  await commentOnce(github, open.number, `closed:${head}`, COMMENT);
  const closed = { ...(marker ?? { base: base.branch, fingerprint: '', changes: [], paths: [] }), closedByRun: true };
  await updatePull(github, open.number, { body: replaceMarker(open.body ?? '', closed), state: 'closed' });
  await removeBranch(github, base, branch, head);
  return { ...result, state: 'closed', why: 'nothing is left to change' };
}

/** A branch that is left over does no harm: where rules keep it, that is said, and the run goes on. */
async function removeBranch(github: Github, base: Base, branch: string, head: string): Promise<void> {
  try {
    await moveBranch(github, base.repository.nodeId, branch, head, undefined);
  } catch (error) {
    const failure = readFailure(error);
    if (!isRefusedByRules(failure) && !/Reference update failed/i.test(failure.message)) throw error;
    github.log.warn(`The branch ${branch} is no longer needed, but a rule forbids its removal. Delete it by hand.`);
  }
}

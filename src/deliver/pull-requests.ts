import { messageOf } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import { explainGithubError, isNotPermittedToCreate, readFailure } from '../github/explain-github-error.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import { encodePath } from '../text/markdown.ts';
import { assignChanges, type Elsewhere } from './assign-changes.ts';
import { branchFolder } from './branch-names.ts';
import { listOwnBranches, takesPlace } from './claim-place.ts';
import { type CloseInput, closeBranch, explainClosing } from './close-pull-request.ts';
import { deliverOne, type OneInput } from './deliver-pull-request.ts';
import { changeKey, type PullRequestInput } from './delivery-input.ts';
import { hasOpen, type KnownPulls, readKnownPulls } from './own-pulls.ts';
import { groupChanges, type Proposal, siftBuildable } from './proposal.ts';
import { writeTitle } from './pull-request-text.ts';
import { findUnseen } from './scope.ts';

type State = PullRequestResult['state'];

/** Of a new pull request. A failed one counts: its branch may have been pushed, and its cause may fail the others. */
const TAKES_A_PLACE: readonly State[] = ['opened', 'updated', 'dry run', 'failed'];

/**
 * Brings the pull requests on GitHub to what the changes say: those for which nothing is left are closed, those that are
 * open are kept up to date, and new ones are opened, the most urgent first, up to the limit. All state is on GitHub, so
 * that a run that was cut off is simply followed by the next. Nothing is thrown: each result says what became of it.
 */
export async function deliverPullRequests(github: Github, input: PullRequestInput): Promise<PullRequestResult[]> {
  const folder = branchFolder(input.options);
  let branches: ReadonlyMap<string, string>;
  let pulls: KnownPulls;
  try {
    branches = await listOwnBranches(github, folder);
    pulls = await readKnownPulls(github);
  } catch (error) {
    github.log.warn(explain(error, 'read the pull requests', folder));
    return groupChanges(input).map((proposal) => failed(github, input, proposal, error));
  }
  const { proposals, elsewhere } = assignChanges(input, pulls);
  const others = [...branches].filter(([branch]) => !proposals.some((proposal) => proposal.branch === branch));
  const beside = await endOthers({ ...input, github }, others, pulls);
  await explainClosings({ ...input, github }, pulls);
  // What is open comes first, so that the limit is known when new ones are opened.
  const isOpen = ({ branch }: Proposal) => hasOpen(pulls.of(branch));
  const delivered = new Map<Proposal, readonly PullRequestResult[]>();
  let open = proposals.filter(isOpen).length + beside.open;
  for (const proposal of [...proposals.filter(isOpen), ...proposals.filter((one) => !isOpen(one))]) {
    const one = { ...input, github, pulls, mayOpen: open < input.options.limit };
    const results = await deliverSafely(one, proposal, branches.get(proposal.branch));
    delivered.set(proposal, results);
    if (!isOpen(proposal) && results.some(({ state }) => TAKES_A_PLACE.includes(state))) open++;
  }
  return [
    ...proposals.flatMap((proposal) => delivered.get(proposal) ?? []),
    ...elsewhere.map((one) => tellElsewhere(one)),
    ...beside.results,
  ];
}

function tellElsewhere({ change, pull }: Elsewhere): PullRequestResult {
  const { title, number, url, head } = pull;
  const why = `its branch ${head.branch} makes this change already; it is another cluster's or has another prefix, and is left as it is`;
  return { state: 'unchanged', branch: head.branch, title, number, url, suggestions: [changeKey(change)], why };
}

/** The branches that this run proposes nothing for: how many take a place, and what is told of them. */
interface Beside {
  readonly open: number;
  readonly results: readonly PullRequestResult[];
}

/** Ends those that nothing is left for. After an incomplete run all stay: what is missing may be what was not seen. */
async function endOthers(
  input: CloseInput & Pick<PullRequestInput, 'complete'>,
  others: readonly (readonly [branch: string, head: string])[],
  pulls: KnownPulls,
): Promise<Beside> {
  const results: PullRequestResult[] = [];
  let open = 0;
  for (const [branch, head] of others) {
    const known = pulls.of(branch);
    if (!input.complete) {
      if (takesPlace(known, head)) open++;
      continue;
    }
    try {
      const ended = await closeBranch(input, branch, head, known);
      if (ended.open) open++;
      if (ended.result !== undefined) results.push(ended.result);
    } catch (error) {
      open++;
      const why = explain(error, 'close a pull request with nothing left to change', branch);
      results.push({ state: 'failed', branch, title: branch, suggestions: [], why });
    }
  }
  return { open, results };
}

/** Explains what an earlier run closed that died before it could say why. */
async function explainClosings(input: CloseInput, { own }: KnownPulls): Promise<void> {
  if (input.options.dryRun) return;
  const folder = branchFolder(input.options);
  for (const pull of own) {
    const { marker, state, head, closedAt = 0 } = pull;
    const isOwed = state === 'closed' && marker.closedByRun === true && marker.unexplained === true;
    // One that was closed since this run began is being explained by the run that closed it.
    if (!isOwed || closedAt > input.at || !head.branch.startsWith(folder)) continue;
    if (findUnseen(input.scope, marker).length > 0) continue;
    try {
      await explainClosing(input, pull);
    } catch (error) {
      input.github.log.debug(`#${pull.number}: ${messageOf(error)}`);
    }
  }
}

/** A change that cannot be made fails alone; the others of its group go on. */
async function deliverSafely(
  input: OneInput,
  proposal: Proposal,
  head: string | undefined,
): Promise<readonly PullRequestResult[]> {
  const isBuilt = input.mayOpen || hasOpen(input.pulls.of(proposal.branch));
  const { kept, broken } = isBuilt
    ? await siftBuildable(input.base, proposal.changes)
    : { kept: proposal.changes, broken: [] };
  const results = broken.map(({ change, why }): PullRequestResult => {
    const title = writeTitle({ ...proposal, changes: [change] }, input.options.clusterName);
    return { state: 'failed', branch: proposal.branch, title, suggestions: [changeKey(change)], why };
  });
  if (kept.length === 0) return results;
  const sound = { ...proposal, changes: kept };
  try {
    return [await deliverOne(input, sound, head), ...results];
  } catch (error) {
    return [failed(input.github, input, sound, error), ...results];
  }
}

function failed(github: Github, input: PullRequestInput, proposal: Proposal, error: unknown): PullRequestResult {
  const { branch } = proposal;
  const title = writeTitle(proposal, input.options.clusterName);
  github.log.debug(`${branch}: ${messageOf(error)}`);
  const { htmlUrl } = input.base.repository;
  const address = `${htmlUrl}/compare/${encodePath(input.base.branch)}...${encodePath(branch)}?expand=1`;
  const byHand = isNotPermittedToCreate(readFailure(error))
    ? ` The branch exists: open the pull request by hand at ${address}`
    : '';
  const why = explain(error, 'open or update the pull request', branch) + byHand;
  return { state: 'failed', branch, title, suggestions: proposal.changes.map(changeKey), why };
}

function explain(error: unknown, doing: string, branch: string): string {
  const failure = readFailure(error);
  if (failure.status === undefined && failure.types.length === 0) return `Could not ${doing}: ${messageOf(error)}`;
  return explainGithubError(error, {
    doing,
    branch,
    branchOption: 'pull-request-branch-prefix',
    permission: 'contents: write" and "pull-requests: write',
  });
}

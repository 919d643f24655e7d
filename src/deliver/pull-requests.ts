import { messageOf } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import { explainGithubError, isNotPermittedToCreate, readFailure } from '../github/explain-github-error.ts';
import { listBranches } from '../github/repository.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import { encodePath } from '../text/markdown.ts';
import { branchFolder, isSlug } from './branch-names.ts';
import { createReadPulls, hasOpen, type ReadPulls } from './branch-pulls.ts';
import { type CloseInput, closeBranch } from './close-pull-request.ts';
import { deliverOne, type Glance, type OneInput } from './deliver-pull-request.ts';
import { changeKey, type PullRequestInput } from './delivery-input.ts';
import { groupChanges, type Proposal, siftBuildable } from './proposal.ts';
import { writeTitle } from './pull-request-text.ts';

type State = PullRequestResult['state'];

/** Of a new pull request. A failed one counts: its branch may have been pushed, and its cause may fail the others. */
const TAKES_A_PLACE: readonly State[] = ['opened', 'updated', 'dry run', 'failed'];

/**
 * Brings the pull requests on GitHub to what the changes say: those for which nothing is left are closed, those that are
 * open are kept up to date, and new ones are opened, the most urgent first, up to the limit. All state is on GitHub, so
 * that a run that was cut off is simply followed by the next. Nothing is thrown: each result says what became of it.
 */
export async function deliverPullRequests(github: Github, input: PullRequestInput): Promise<PullRequestResult[]> {
  const grouped = groupChanges(input);
  const { proposals, broken } = await takeOutBroken(input, grouped);
  const folder = branchFolder(input.options);
  let branches: ReadonlyMap<string, string>;
  try {
    branches = await listOwnBranches(github, folder);
  } catch (error) {
    return grouped.map((proposal) => failed(github, input, proposal, error));
  }
  const readPulls = createReadPulls(github);
  const others = [...branches].filter(([branch]) => !grouped.some((proposal) => proposal.branch === branch));
  const beside = input.complete
    ? await closeOthers(github, { ...input, readPulls }, others)
    : await countOpen(github, readPulls, others);
  const delivered = new Map<Proposal, PullRequestResult>();
  const glances = new Map<Proposal, Glance>();
  for (const proposal of proposals) {
    const head = branches.get(proposal.branch);
    try {
      glances.set(proposal, {
        head,
        ...(head === undefined ? {} : { pulls: await readPulls(proposal.branch) }),
      });
    } catch (error) {
      delivered.set(proposal, failed(github, input, proposal, error));
    }
  }
  // What is open comes first, so that the limit is known when new ones are opened.
  const isOpen = (proposal: Proposal) => {
    const pulls = glances.get(proposal)?.pulls;
    return pulls !== undefined && hasOpen(pulls);
  };
  let open = proposals.filter(isOpen).length + beside.open;
  for (const proposal of [...proposals.filter(isOpen), ...proposals.filter((one) => !isOpen(one))]) {
    const glance = glances.get(proposal);
    if (glance === undefined) continue;
    const result = await deliverSafely(
      { ...input, github, readPulls, mayOpen: open < input.options.limit },
      proposal,
      glance,
    );
    delivered.set(proposal, result);
    if (!isOpen(proposal) && TAKES_A_PLACE.includes(result.state)) open++;
  }
  return [...proposals.flatMap((proposal) => delivered.get(proposal) ?? []), ...broken, ...beside.results];
}

/** A change that cannot be made fails alone; the others of its group go on. */
async function takeOutBroken(input: PullRequestInput, grouped: readonly Proposal[]) {
  const proposals: Proposal[] = [];
  const results: PullRequestResult[] = [];
  for (const proposal of grouped) {
    const { kept, broken } = await siftBuildable(input.base, proposal.changes);
    if (kept.length > 0) proposals.push({ ...proposal, changes: kept });
    for (const { change, why } of broken) {
      const title = writeTitle({ ...proposal, changes: [change] }, input.options.clusterName);
      results.push({ state: 'failed', branch: proposal.branch, title, suggestions: [changeKey(change)], why });
    }
  }
  return { proposals, broken: results };
}

async function listOwnBranches(github: Github, folder: string): Promise<ReadonlyMap<string, string>> {
  const all = await listBranches(github, folder);
  return new Map([...all].filter(([branch]) => isSlug(branch.slice(folder.length))));
}

/** The branches that this run proposes nothing for: how many still have an open pull request, and what is told of them. */
interface Beside {
  readonly open: number;
  readonly results: readonly PullRequestResult[];
}

/** Leaves the branches as they are; one that cannot be read is taken to have an open pull request. */
async function countOpen(
  github: Github,
  readPulls: ReadPulls,
  branches: readonly (readonly [branch: string, head: string])[],
): Promise<Beside> {
  let open = 0;
  for (const [branch] of branches) {
    try {
      if (hasOpen(await readPulls(branch))) open++;
    } catch (error) {
      github.log.debug(`${branch}: ${messageOf(error)}`);
      open++;
    }
  }
  return { open, results: [] };
}

async function closeOthers(
  github: Github,
  input: CloseInput,
  others: readonly (readonly [branch: string, head: string])[],
): Promise<Beside> {
  const results: PullRequestResult[] = [];
  let open = 0;
  for (const [branch, head] of others) {
    try {
      const ended = await closeBranch(github, branch, head, input);
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

async function deliverSafely(input: OneInput, proposal: Proposal, glance: Glance): Promise<PullRequestResult> {
  try {
    return await deliverOne(input, proposal, glance);
  } catch (error) {
    return failed(input.github, input, proposal, error);
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

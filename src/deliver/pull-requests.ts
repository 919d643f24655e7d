import type { Github } from '../github/create-github.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import { assignChanges, type Elsewhere } from './assign-changes.ts';
import { branchFolder, directionOfSlug, isSlug } from './branch-names.ts';
import { listOwnBranches, takesPlace } from './claim-place.ts';
import type { CloseInput } from './close-pull-request.ts';
import { deliverOne, type OneInput } from './deliver-pull-request.ts';
import { changeKey, type PullRequestInput } from './delivery-input.ts';
import { endOthers, explain, explainClosings, tellFailed } from './end-branches.ts';
import { keysIn } from './marker.ts';
import { memoryDeliverable } from './memory-deliverable.ts';
import { hasOpen, type KnownPulls, readKnownPulls } from './own-pulls.ts';
import { groupChanges, type Proposal, siftBuildable } from './proposal.ts';
import { isTouched } from './publish.ts';
import { writeTitle } from './pull-request-text.ts';
import { followNeeds, overAt } from './quiet.ts';

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
  let all: ReadonlyMap<string, string>;
  let pulls: KnownPulls;
  try {
    all = await listOwnBranches(github, folder);
    pulls = await readKnownPulls(github);
  } catch (error) {
    github.log.warn(explain(error, 'read the pull requests', folder));
    return groupChanges(input).map((proposal) => tellFailed(github, input, about(input, proposal), error));
  }
  const { proposals, elsewhere } = assignChanges(input, pulls);
  const branches = new Map([...all].filter(([branch]) => isSlug(branch.slice(folder.length))));
  const metrics = [...all].filter(([branch, head]) => !branches.has(branch) && takesPlace(pulls.of(branch), head));
  const others = [...branches].filter(([branch]) => !proposals.some((proposal) => proposal.branch === branch));
  const closing = { ...input, ...closingOf(github, input) };
  const beside = await endOthers(closing, others, pulls);
  await explainClosings(closing, pulls);
  // What is open comes first, so that the limit is known when new ones are opened.
  const isOpen = ({ branch }: Proposal) => hasOpen(pulls.of(branch));
  const delivered = new Map<Proposal, readonly PullRequestResult[]>();
  let open = proposals.filter(isOpen).length + beside.open + metrics.length;
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

/** A change that cannot be made fails alone; the others of its group go on. */
async function deliverSafely(
  input: OneInput & PullRequestInput,
  proposal: Proposal,
  head: string | undefined,
): Promise<readonly PullRequestResult[]> {
  const isBuilt = input.mayOpen || hasOpen(input.pulls.of(proposal.branch));
  const { kept, broken } = isBuilt
    ? await siftBuildable(input.base, proposal.changes)
    : { kept: proposal.changes, broken: [] };
  const results = broken.map(({ change, why }): PullRequestResult => {
    return { ...about(input, { ...proposal, changes: [change] }), state: 'failed', why };
  });
  if (kept.length === 0) return results;
  const sound = { ...proposal, changes: kept };
  try {
    return [await deliverOne(input, memoryDeliverable(input, sound), head), ...results];
  } catch (error) {
    return [tellFailed(input.github, input, about(input, sound), error), ...results];
  }
}

function about({ options }: PullRequestInput, proposal: Proposal) {
  const { branch, changes } = proposal;
  return { branch, title: writeTitle(proposal, options.clusterName), suggestions: changes.map(changeKey) };
}

/** What a pull request about memory is closed by. */
function closingOf(
  github: Github,
  { base, options, needs, at }: PullRequestInput,
): Omit<CloseInput, keyof PullRequestInput> {
  const folder = branchFolder(options);
  return {
    github,
    follow({ head, marker }) {
      const direction = directionOfSlug(head.branch.slice(folder.length));
      return followNeeds(marker, direction, new Set(), needs, at, isTouched(base, marker));
    },
    overAt: (key, since) => overAt(needs, key, since),
    suggestionsOf: keysIn,
  };
}

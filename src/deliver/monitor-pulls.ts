import type { Github } from '../github/create-github.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import { type LocatedMonitor, withMetrics } from '../model/monitor-location.ts';
import { branchFolder, isMetricsSlug } from './branch-names.ts';
import { listOwnBranches, takesPlace } from './claim-place.ts';
import type { CloseInput } from './close-pull-request.ts';
import { deliverOne, type OneInput } from './deliver-pull-request.ts';
import { endOthers, explain, explainClosings, tellFailed } from './end-branches.ts';
import { groupMonitors, type MonitorProposal } from './monitor-changes.ts';
import { isMarked, type MonitorContext, monitorDeliverable } from './monitor-deliverable.ts';
import { followFixes } from './monitor-needs.ts';
import { hasOpen, type KnownPulls, type OwnPull, readKnownPulls } from './own-pulls.ts';
import { siftBuildable } from './proposal.ts';
import { overAfter } from './quiet.ts';

export interface MonitorPullsInput extends MonitorContext {
  readonly changes: readonly LocatedMonitor[];
  /** Pull requests that count under the limit and that GitHub does not have: those of a dry run. */
  readonly besides: number;
}

/**
 * Brings the pull requests about monitors to what the changes say, one a namespace, as `deliverPullRequests` does for memory
 * and after it: what is left of the limit is theirs. Nothing is thrown: each result says what became of it.
 */
export async function deliverMonitorPulls(github: Github, input: MonitorPullsInput): Promise<PullRequestResult[]> {
  const folder = branchFolder(input.options);
  const all = groupMonitors(input.changes, input.options);
  let branches: ReadonlyMap<string, string>;
  let pulls: KnownPulls;
  try {
    branches = await listOwnBranches(github, folder);
    pulls = await readKnownPulls(github, isMetricsSlug);
  } catch (error) {
    github.log.warn(explain(error, 'read the pull requests', folder));
    return all.map((proposal) => tellFailed(github, input, monitorDeliverable(input, proposal), error));
  }
  const { proposals, elsewhere } = leaveToOthers(input, all, pulls);
  const isOpen = ({ branch }: MonitorProposal) => hasOpen(pulls.of(branch));
  const beside = [...branches].filter(([branch]) => !proposals.some((one) => one.branch === branch));
  const isOurs = ([branch]: readonly [string, string]) => isMetricsSlug(branch.slice(folder.length));
  const closing = { ...input, ...closingOf(github, input) };
  const ended = await endOthers(closing, beside.filter(isOurs), pulls);
  await explainClosings(closing, pulls);
  const memory = beside.filter((one) => !isOurs(one) && takesPlace(pulls.of(one[0]), one[1]));
  let open = proposals.filter(isOpen).length + ended.open + memory.length + input.besides;
  const results: PullRequestResult[] = [];
  for (const proposal of [...proposals.filter(isOpen), ...proposals.filter((one) => !isOpen(one))]) {
    const one = { ...input, github, pulls, mayOpen: open < input.options.limit };
    const delivered = await deliverSafely(one, proposal, branches.get(proposal.branch));
    results.push(...delivered);
    if (!isOpen(proposal) && delivered.some(({ state }) => TAKES_A_PLACE.includes(state))) open++;
  }
  return [...results, ...elsewhere, ...ended.results];
}

const TAKES_A_PLACE: readonly PullRequestResult['state'][] = ['opened', 'updated', 'dry run', 'failed'];

/** What an open pull request of another prefix or cluster does to the same files already is left to it. */
function leaveToOthers(input: MonitorPullsInput, all: readonly MonitorProposal[], { own }: KnownPulls) {
  const elsewhere: PullRequestResult[] = [];
  const proposals = all.flatMap((proposal): MonitorProposal[] => {
    const isRival = ({ state, base, head }: OwnPull) =>
      state === 'open' && base === input.base.branch && head.branch !== proposal.branch;
    const rivals = own.filter(isRival);
    const changes = proposal.changes.filter((change) => {
      const rival = rivals.find(({ marker }) => isMarked(change, marker));
      if (rival !== undefined) elsewhere.push(tellElsewhere(input, { ...proposal, changes: [change] }, rival));
      return rival === undefined;
    });
    return changes.length === 0 ? [] : [{ ...proposal, changes }];
  });
  return { proposals, elsewhere };
}

function tellElsewhere(input: MonitorPullsInput, proposal: MonitorProposal, pull: OwnPull): PullRequestResult {
  const { title, number, url, head } = pull;
  const why = `its branch ${head.branch} makes this change already; it is another cluster's or has another prefix, and is left as it is`;
  const { suggestions } = monitorDeliverable(input, proposal);
  return { state: 'unchanged', branch: head.branch, title, number, url, suggestions, why };
}

/** What a pull request about monitors is closed by. */
function closingOf(
  github: Github,
  { needs, at }: MonitorContext,
): Pick<CloseInput, 'github' | 'follow' | 'overAt' | 'suggestionsOf'> {
  return {
    github,
    follow: ({ marker }) => followFixes(marker, new Set(), needs, at),
    overAt: (_, since) => overAfter(since),
    suggestionsOf: ({ fixes = [] }) => [...new Set(fixes.map(([key]) => withMetrics(key)))],
  };
}

/** A change that cannot be made fails alone; the others of its namespace go on. */
async function deliverSafely(
  input: OneInput & MonitorContext,
  proposal: MonitorProposal,
  head: string | undefined,
): Promise<readonly PullRequestResult[]> {
  const { sound, broken } = await siftSound(input, proposal);
  if (sound === undefined) return broken;
  const deliverable = monitorDeliverable(input, sound);
  try {
    return [await deliverOne(input, deliverable, head), ...broken];
  } catch (error) {
    return [tellFailed(input.github, input, deliverable, error), ...broken];
  }
}

async function siftSound(
  input: MonitorContext,
  proposal: MonitorProposal,
): Promise<{ readonly sound?: MonitorProposal; readonly broken: readonly PullRequestResult[] }> {
  const { kept, broken } = await siftBuildable(input.base, proposal.changes);
  const told = broken.map(({ change, why }): PullRequestResult => {
    return { ...about(input, { ...proposal, changes: [change] }), state: 'failed', why };
  });
  return kept.length === 0 ? { broken: told } : { sound: { ...proposal, changes: kept }, broken: told };
}

function about(input: MonitorContext, proposal: MonitorProposal) {
  const { branch, title, suggestions } = monitorDeliverable(input, proposal);
  return { branch, title, suggestions };
}

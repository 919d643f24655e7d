import type { PullRequestResult } from '../model/delivery.ts';
import { type LocatedMonitor, metricsKey } from '../model/monitor-location.ts';
import type { Base } from '../repository/github-files.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import { changeKey, type ProposedChange, type PullRequestOptions } from './delivery-input.ts';
import { groupMonitors, type MonitorProposal } from './monitor-changes.ts';
import { writeMonitorTitle } from './monitor-text.ts';
import { buildFiles, type Editing, groupChanges, type Proposal, siftBuildable } from './proposal.ts';
import { writeTitle } from './pull-request-text.ts';

type Files = Pick<Base, 'entries' | 'files'>;

/** What a run without `dry-run` would propose for these files, where GitHub is not asked what is there already. */
export async function proposeLocally(
  base: Files,
  changes: readonly ProposedChange[],
  options: PullRequestOptions,
): Promise<PullRequestResult[]> {
  const describe = ({ branch, changes: own, ...rest }: Proposal) => {
    const title = writeTitle({ branch, changes: own, ...rest }, options.clusterName);
    return { branch, title, suggestions: own.map(changeKey) };
  };
  return propose(base, groupChanges({ changes, options }), describe, options);
}

/** The same for monitors, of which as many fewer may be open as there are `besides` them. */
export async function proposeMonitorsLocally(
  base: Files,
  changes: readonly LocatedMonitor[],
  options: PullRequestOptions,
  besides: number,
): Promise<PullRequestResult[]> {
  const describe = (proposal: MonitorProposal) => {
    const mends = proposal.changes.flatMap(({ location }) => location.mends);
    const title = writeMonitorTitle(proposal, options.clusterName);
    return { branch: proposal.branch, title, suggestions: [...new Set(mends.map(metricsKey))] };
  };
  return propose(base, groupMonitors(changes, options), describe, options, besides);
}

async function propose<Change extends Editing, Group extends { readonly changes: readonly Change[] }>(
  base: Files,
  groups: readonly Group[],
  describe: (group: Group) => Pick<PullRequestResult, 'branch' | 'title' | 'suggestions'>,
  { limit }: PullRequestOptions,
  besides = 0,
): Promise<PullRequestResult[]> {
  const results: PullRequestResult[] = [];
  let proposed = besides;
  for (const group of groups) {
    const { kept, broken } = await siftBuildable(base, group.changes);
    const about = (changes: readonly Change[]) => describe({ ...group, changes });
    results.push(...broken.map(({ change, why }) => ({ ...about([change]), state: 'failed' as const, why })));
    if (kept.length === 0) continue;
    proposed += 1;
    if (proposed > limit) {
      results.push({ ...about(kept), state: 'over the limit', why: `only ${limit} may be open (pull-request-limit)` });
      continue;
    }
    const diff = (await buildFiles(base, kept)).map(unifiedDiff).join('');
    results.push({ ...about(kept), state: 'dry run', diff });
  }
  return results;
}

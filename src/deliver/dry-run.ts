import type { PullRequestResult } from '../model/delivery.ts';
import type { Base } from '../repository/github-files.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import { changeKey, type ProposedChange, type PullRequestOptions } from './delivery-input.ts';
import { buildFiles, groupChanges, type Proposal, siftBuildable } from './proposal.ts';
import { writeTitle } from './pull-request-text.ts';

/** What a run without `dry-run` would propose for these files, where GitHub is not asked what is there already. */
export async function proposeLocally(
  base: Pick<Base, 'entries' | 'files'>,
  changes: readonly ProposedChange[],
  options: PullRequestOptions,
): Promise<PullRequestResult[]> {
  const results: PullRequestResult[] = [];
  let proposed = 0;
  for (const proposal of groupChanges({ changes, options })) {
    const { kept, broken } = await siftBuildable(base, proposal.changes);
    const describe = (of: readonly ProposedChange[]) => about({ ...proposal, changes: of }, options);
    results.push(...broken.map(({ change, why }) => ({ ...describe([change]), state: 'failed' as const, why })));
    if (kept.length === 0) continue;
    proposed += 1;
    if (proposed > options.limit) {
      const why = `only ${options.limit} may be open (pull-request-limit)`;
      results.push({ ...describe(kept), state: 'over the limit', why });
      continue;
    }
    const diff = (await buildFiles(base, kept)).map(unifiedDiff).join('');
    results.push({ ...describe(kept), state: 'dry run', diff });
  }
  return results;
}

function about(proposal: Proposal, { clusterName }: PullRequestOptions) {
  const { branch, changes } = proposal;
  return { branch, title: writeTitle(proposal, clusterName), suggestions: changes.map(changeKey) };
}

import { randomUUID } from 'node:crypto';
import { changeKey, type ProposedChange, type PullRequestInput } from '../deliver/delivery-input.ts';
import { proposeLocally } from '../deliver/dry-run.ts';
import { gatherNeeds, type SeenWorkloads } from '../deliver/needs.ts';
import { changedPaths } from '../deliver/proposal.ts';
import { deliverPullRequests } from '../deliver/pull-requests.ts';
import { messageOf } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import type { Location } from '../model/location.ts';
import { thresholdsFor } from '../options/match.ts';
import { type Base, readBaseFiles } from '../repository/github-files.ts';
import { readWorkspaceFiles } from '../repository/workspace-files.ts';
import { encodePath } from '../text/markdown.ts';
import { buildRunReport, type Delivered, NOTHING_DELIVERED } from './build-run-report.ts';
import type { InspectionContext } from './context.ts';
import { gatherReviewEvidence } from './gather-review-evidence.ts';
import { keepFollowUps } from './keep-follow-ups.ts';
import { locateChanges, suggestionsOf } from './locate-changes.ts';
import { scopeOf } from './scope-of.ts';

/** What became of the changes. `lookAgain`, where GitHub had not told of all whether they conflict, gives all results anew. */
export interface DeliveredChanges extends Delivered {
  /** What the changes were made upon, where it could be read. */
  readonly base?: Base;
  readonly lookAgain?: () => Promise<readonly PullRequestResult[]>;
}

/**
 * Opens, updates and closes the pull requests. Whatever fails is told in `failures` and takes nothing else with it. Without
 * a repository it is told where the changes belong.
 */
export async function deliverChanges(
  context: InspectionContext,
  github: Github | undefined,
): Promise<DeliveredChanges> {
  const { runner, options } = context;
  if (github === undefined || !options.openPullRequests) return deliverLocally(context);
  try {
    const base = await readBaseFiles(github, context.workspace);
    const locations = await locateChanges(context, base.files, base.branch);
    const input: PullRequestInput = {
      base,
      changes: changesOf(context, locations),
      scope: scopeOf(context.observation, context.options),
      complete: context.inspection.notes.every(({ kind }) => kind !== 'incomplete'),
      needs: gatherNeeds(seenBy(context), locations),
      at: context.observation.at,
      run: randomUUID(),
      options: pullRequestOptions(context),
      report: await expectedReport(context, base),
      price: context.options.pricePerGibMonth,
    };
    const pullRequests = await deliverPullRequests(github, input);
    for (const { state, title, number } of pullRequests) {
      runner.log.step(`Pull request${number === undefined ? '' : ` #${number}`} ${state}: ${title}`);
    }
    const unkept = await keepFollowUps(context, github, pullRequests, indexOf(input.report?.url));
    const delivered = { locations, pullRequests, failures: [...pullRequests.flatMap(failureOf), ...unkept], base };
    const isUnsure = pullRequests.some(({ unsure }) => unsure);
    return isUnsure ? { ...delivered, lookAgain: () => lookAgain(context, github, input, pullRequests) } : delivered;
  } catch (thrown) {
    const local = await deliverLocally(context);
    return { ...local, failures: [messageOf(thrown), ...local.failures] };
  }
}

/**
 * Asks once more of those of which GitHub had not told whether they conflict: the report commit has moved the base since, and
 * GitHub works it out anew. What conflicts is built upon the base of now. Where its files are others by now, the next run looks.
 */
async function lookAgain(
  { workspace, runner }: InspectionContext,
  github: Github,
  input: PullRequestInput,
  before: readonly PullRequestResult[],
): Promise<readonly PullRequestResult[]> {
  try {
    const base = await readBaseFiles(github, workspace);
    const isSame = (path: string) => base.entries.get(path)?.sha === input.base.entries.get(path)?.sha;
    const unsure = before.filter((result) => result.unsure);
    const keys = new Set(unsure.flatMap(({ suggestions }) => suggestions));
    const changes = input.changes.filter((change) => keys.has(changeKey(change)));
    if (!changedPaths(changes).every(isSame)) return before;
    const again = await deliverPullRequests(github, { ...input, base, changes, complete: false });
    return before.map((result) => again.find(({ branch }) => result.unsure && branch === result.branch) ?? result);
  } catch (thrown) {
    runner.log.warn(`GitHub has not told whether all pull requests merge: ${messageOf(thrown)}`);
    return before;
  }
}

function seenBy({ inspection, observation, options }: InspectionContext): SeenWorkloads {
  return {
    workloads: inspection.workloads,
    known: observation.cluster.workloads,
    usageRed: ({ ref }, container) => thresholdsFor(options, { ...ref, container }).usageRed,
  };
}

/** Without a repository on GitHub, the report still says where in the checked-out files a change belongs. */
async function deliverLocally(context: InspectionContext): Promise<Delivered> {
  const { runner, options, workspace, environment } = context;
  try {
    const base = suggestionsOf(context).length === 0 ? undefined : await readWorkspaceFiles(workspace, environment);
    if (base === undefined) return NOTHING_DELIVERED;
    const locations = await locateChanges(context, base.files);
    if (!options.dryRun || !options.openPullRequests) return { ...NOTHING_DELIVERED, locations };
    const pullRequests = await proposeLocally(base, changesOf(context, locations), pullRequestOptions(context));
    return { locations, pullRequests, failures: pullRequests.flatMap(failureOf) };
  } catch (thrown) {
    runner.log.warn(`The manifests in the workspace could not be searched: ${messageOf(thrown)}`);
    return NOTHING_DELIVERED;
  }
}

function changesOf(context: InspectionContext, locations: readonly Location[]): ProposedChange[] {
  return locations.flatMap((location): ProposedChange[] =>
    location.state === 'located' && location.suggestion.delivery.kind === 'change'
      ? [{ location, evidence: gatherReviewEvidence(context, location.suggestion) }]
      : [],
  );
}

export function failureOf({ state, title, why }: PullRequestResult): string[] {
  return state === 'failed' ? [`The pull request "${title}" failed: ${why ?? 'no reason given'}`] : [];
}

export function pullRequestOptions({ options }: InspectionContext) {
  return {
    grouping: options.pullRequestGrouping,
    limit: options.pullRequestLimit,
    branchPrefix: options.pullRequestBranchPrefix,
    labels: options.labels,
    reviewers: options.reviewers,
    teamReviewers: options.teamReviewers,
    assignees: options.assignees,
    owners: options.owners,
    draft: options.draft,
    dryRun: options.dryRun,
    clusterName: options.clusterName,
  };
}

/** Where this run's report will be, for the pull requests that are opened before it. */
export async function expectedReport(
  context: InspectionContext,
  base: Base,
): Promise<{ url: string; date: string } | undefined> {
  const { options } = context;
  if (!options.commitReport || options.dryRun) return undefined;
  const { date, pages } = await buildRunReport(context, NOTHING_DELIVERED, {
    list: async () => [],
    read: async () => undefined,
  });
  const branch = options.reportBranch ?? base.branch;
  return { url: `${base.repository.htmlUrl}/blob/${encodePath(`${branch}/${pages[0]?.path}`)}`, date };
}

/** The index beside a report: it stays where it is from one day to the next. */
function indexOf(reportUrl: string | undefined): string | undefined {
  return reportUrl && `${reportUrl.slice(0, reportUrl.lastIndexOf('/'))}/README.md`;
}

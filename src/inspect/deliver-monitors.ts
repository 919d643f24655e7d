import { randomUUID } from 'node:crypto';
import { proposeMonitorsLocally } from '../deliver/dry-run.ts';
import { gatherMonitorNeeds, type SeenMetrics } from '../deliver/monitor-needs.ts';
import { deliverMonitorPulls } from '../deliver/monitor-pulls.ts';
import { messageOf } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import { locateMonitors } from '../manifests/monitors/locate.ts';
import type { LocatedMonitor, MonitorLocation } from '../model/monitor-location.ts';
import type { RepositoryFiles } from '../model/repository-files.ts';
import { type Base, readBaseFiles } from '../repository/github-files.ts';
import { readWorkspaceFiles } from '../repository/workspace-files.ts';
import { listJvms } from '../scraping/list-jvms.ts';
import type { Delivered } from './build-run-report.ts';
import type { InspectionContext } from './context.ts';
import { type DeliveredChanges, expectedReport, failureOf, pullRequestOptions } from './deliver-changes.ts';
import { withTree } from './locate-changes.ts';
import { scopeOf } from './scope-of.ts';

/** What became of the changes to monitors. */
type DeliveredMonitors = Required<Pick<Delivered, 'monitors' | 'pullRequests' | 'failures'>>;

/**
 * What was delivered, with the pull requests for missing and wrong monitors, where the option `propose-service-monitors` asks
 * for them. Whatever fails is told in `failures` and takes nothing else with it.
 */
export async function deliverMonitors(
  context: InspectionContext,
  github: Github | undefined,
  delivered: DeliveredChanges,
): Promise<DeliveredChanges> {
  const { options } = context;
  if (!options.proposeServiceMonitors) return delivered;
  const isLocal = github === undefined || !options.openPullRequests;
  const besides = delivered.pullRequests.filter(({ state, number }) => state === 'dry run' && number === undefined);
  const made = isLocal
    ? await deliverLocally(context, besides.length)
    : await deliverToGithub(context, github, delivered.base, besides.length);
  const { lookAgain } = delivered;
  return {
    ...delivered,
    monitors: made.monitors,
    pullRequests: [...delivered.pullRequests, ...made.pullRequests],
    failures: [...delivered.failures, ...made.failures],
    ...(lookAgain && { lookAgain: async () => [...(await lookAgain()), ...made.pullRequests] }),
  };
}

async function deliverToGithub(
  context: InspectionContext,
  github: Github,
  known: Base | undefined,
  besides: number,
): Promise<DeliveredMonitors> {
  const { runner, observation, inspection, options } = context;
  try {
    const base = known ?? (await readBaseFiles(github, context.workspace));
    const monitors = await locateIn(context, base.files, base.branch);
    const pullRequests = await deliverMonitorPulls(github, {
      base,
      changes: locatedOf(monitors),
      scope: scopeOf(observation, options),
      complete: inspection.notes.every(({ kind }) => kind !== 'incomplete'),
      needs: gatherMonitorNeeds(seenBy(context), monitors),
      at: observation.at,
      run: randomUUID(),
      options: pullRequestOptions(context),
      report: await expectedReport(context, base),
      besides,
    });
    for (const { state, title, number } of pullRequests) {
      runner.log.step(`Pull request${number === undefined ? '' : ` #${number}`} ${state}: ${title}`);
    }
    return { monitors, pullRequests, failures: pullRequests.flatMap(failureOf) };
  } catch (thrown) {
    return { ...(await deliverLocally(context, besides)), failures: [messageOf(thrown)] };
  }
}

/** Where there is no JVM, there is nothing to look at. */
function seenBy({ observation, options, jvmMetrics }: InspectionContext): SeenMetrics {
  const looked = observation.scraping !== undefined || listJvms(observation, options.jvmWorkloads).length === 0;
  return { metrics: jvmMetrics, known: observation.cluster.workloads, looked };
}

/** Without a repository on GitHub, the report still says where in the checked-out files a monitor belongs. */
async function deliverLocally(context: InspectionContext, besides: number): Promise<DeliveredMonitors> {
  const { options, runner, workspace, environment } = context;
  const nothing: DeliveredMonitors = { monitors: [], pullRequests: [], failures: [] };
  try {
    const base = hasFixes(context) ? await readWorkspaceFiles(workspace, environment) : undefined;
    if (base === undefined) return nothing;
    const monitors = await locateIn(context, base.files);
    if (!options.dryRun || !options.openPullRequests) return { ...nothing, monitors };
    const proposed = await proposeMonitorsLocally(base, locatedOf(monitors), pullRequestOptions(context), besides);
    return { monitors, pullRequests: proposed, failures: proposed.flatMap(failureOf) };
  } catch (thrown) {
    runner.log.warn(`The monitors in the workspace could not be searched: ${messageOf(thrown)}`);
    return nothing;
  }
}

/** Nothing is read where nothing would mend anything. */
async function locateIn(
  context: InspectionContext,
  files: RepositoryFiles,
  branch?: string,
): Promise<readonly MonitorLocation[]> {
  if (!hasFixes(context)) return [];
  return withTree(context, files, branch, async (tree, { budget }) => {
    const monitors = await locateMonitors(context.jvmMetrics, tree);
    const found = locatedOf(monitors).length;
    const said = `${found} of ${monitors.length} changes located, ${budget.renders} renderings`;
    context.runner.log.step(`Monitors: ${said}`);
    return monitors;
  });
}

function hasFixes({ jvmMetrics }: InspectionContext): boolean {
  return jvmMetrics.some((one) => one.state === 'broken' && one.fix !== undefined);
}

function locatedOf(monitors: readonly MonitorLocation[]): LocatedMonitor[] {
  return monitors.filter((one) => one.state === 'located');
}

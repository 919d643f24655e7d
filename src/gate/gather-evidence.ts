import { basename, posix } from 'node:path';
import { UserError } from '../errors.ts';
import type { DeclaredWorkload } from '../model/declared.ts';
import type { ContainerChange, InsteadOf } from '../model/gate.ts';
import type { HistoryTarget, Observation } from '../model/observation.ts';
import { judgeSettings } from '../observe/judge-settings.ts';
import { obtainObservation } from '../observe/obtain-observation.ts';
import type { Options } from '../options/schema.ts';
import { reportFolder } from '../report/build-report.ts';
import { reportDateOf } from '../report/report-files.ts';
import type { ReportJson } from '../report/report-json.ts';
import { readStoredReport } from '../report/stored-reports.ts';
import { matchesGlob } from '../text/glob.ts';
import type { ClusterEvidence } from '../weigh/cluster-evidence.ts';
import { evidenceOfObservation } from '../weigh/evidence-of-observation.ts';
import { evidenceOfReports, type StoredReport } from '../weigh/evidence-of-reports.ts';
import { isName } from '../weigh/match-workload.ts';
import { evidenceOfElsewhere } from '../weigh/no-evidence.ts';
import { type GateContext, isWithoutSecrets } from './context.ts';

/**
 * What the changed containers really use: from a recording or the cluster; where the job has no secrets, or neither cluster
 * nor Prometheus answers, from the reports on the base branch. `now` is in unix seconds.
 */
export async function gatherClusterEvidence(
  context: GateContext,
  changes: readonly ContainerChange[],
  now: number,
): Promise<ClusterEvidence> {
  const { options, trigger, runner } = context;
  refuseOwnRecording(context);
  const scoped = scopeTo(options, changes);
  if (scoped === undefined) return evidenceOfElsewhere();
  if (options.recording === undefined && isWithoutSecrets(trigger)) {
    return fromReports(context, changes, { instead: { kind: trigger.from }, now });
  }
  try {
    const observation = await obtainObservation(
      { ...context, options: scoped },
      { mayBeEmpty: true, alsoFor: (seen) => targetsIn(seen, changes) },
    );
    return evidenceOfObservation(observation, judgeSettings(options, observation.at));
  } catch (thrown) {
    // Of a recording nothing is unreachable: what is wrong with it is the user's to mend.
    if (!(thrown instanceof UserError) || options.recording !== undefined) throw thrown;
    runner.log.warn(thrown.message);
    return fromReports(context, changes, { instead: { kind: 'not reached', said: thrown.message }, now });
  }
}

/** A recording is read from the checkout, which is the head's. */
function refuseOwnRecording({ options: { recording }, commits: { changed } }: GateContext): void {
  if (recording === undefined) return;
  const path = posix.normalize(recording);
  if (![...changed].some((one) => path === one || path.startsWith(`${one}/`))) return;
  throw new UserError(
    `The pull request itself changes the recording (${path}) that it would be judged by. Change it in a pull request of its own, ` +
      'or let option recording name a file that a step of the workflow fetches.',
  );
}

/** A label of DNS; what a placeholder stands for is not known. */
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Only the namespaces that the change is about, where all of its workloads say theirs; peaks of the gate's own window.
 * `undefined` where none of them is looked at.
 */
function scopeTo(options: Options, changes: readonly ContainerChange[]): Options | undefined {
  const scoped = { ...options, sizingWindow: options.gateWindow };
  const named = changes.flatMap(workloadsOf).map(({ namespace }) => namespace);
  const wanted = new Set(named.flatMap((one) => (one !== undefined && NAMESPACE.test(one) ? [one] : [])));
  if (named.some((one) => one === undefined || !wanted.has(one))) return scoped;
  const own = [...wanted].filter((one) => isInspected(one, options)).sort();
  return own.length === 0 ? undefined : { ...scoped, namespaces: own, excludeNamespaces: [] };
}

/** The workload of a change, and the one whose place it takes. */
function workloadsOf({ workload, former }: ContainerChange): readonly DeclaredWorkload[] {
  return former === undefined ? [workload] : [workload, former.workload];
}

/** Whether the options take in a namespace. */
function isInspected(namespace: string, { namespaces, excludeNamespaces }: Options): boolean {
  const isIn = (globs: readonly string[]) => globs.some((glob) => matchesGlob(glob, namespace));
  return (namespaces.length === 0 || isIn(namespaces)) && !isIn(excludeNamespaces);
}

/** The containers of every live workload that a change may be about. */
function targetsIn({ cluster }: Observation, changes: readonly ContainerChange[]): HistoryTarget[] {
  const declared = changes.flatMap(workloadsOf);
  return cluster.workloads.flatMap(({ ref, containers }) => {
    const isMeant = declared.some(
      (workload) =>
        workload.kind === ref.kind &&
        workload.name === ref.name &&
        (workload.namespace === undefined || !isName(workload.namespace) || workload.namespace === ref.namespace),
    );
    if (!isMeant) return [];
    return containers
      .filter(({ kind }) => kind !== 'pod')
      .map(({ name }) => ({ namespace: ref.namespace, container: name, runs: false }));
  });
}

/** Reports are read newest first, as far as the gate's window reaches and no further than a run may. */
const MOST_REPORTS = 31;
/** Of all reports together: two weeks of a cluster of thousands. */
const MOST_WORKLOADS = 100_000;

async function fromReports(
  { options, commits }: GateContext,
  changes: readonly ContainerChange[],
  { instead, now }: { readonly instead: InsteadOf; readonly now: number },
): Promise<ClusterEvidence> {
  const { reportName, clusterName, gateWindow } = options;
  const folder = reportFolder(options.reportDirectory, clusterName);
  const listed = (await commits.base.list(folder)).map((path) => basename(path));
  const dated = listed.flatMap((name) => {
    const date = name.endsWith('.json') ? reportDateOf(name, reportName) : undefined;
    return date === undefined ? [] : [{ name, date }];
  });
  const newest = dated.sort((a, b) => (a.date < b.date ? 1 : -1)).slice(0, MOST_REPORTS);
  const reports: StoredReport[] = [];
  const ignored: string[] = [];
  let left = MOST_WORKLOADS;
  for (const { name } of newest) {
    const { report, ignored: why } = await readStoredReport(commits.base, folder, name);
    if (report !== undefined) reports.push({ path: `${folder}/${name}`, report: onlyMeant(report, changes) });
    left -= report?.workloads.length ?? 0;
    if (why !== undefined) ignored.push(why);
    // Others are only worth reading where they lie within the window of the newest.
    const oldest = report === undefined ? now : Date.parse(report.at) / 1000;
    if (oldest < now - gateWindow || left < 0) break;
  }
  const evidence = evidenceOfReports(reports, {
    instead,
    now,
    gateWindow,
    ...(clusterName === undefined ? {} : { clusterName }),
  });
  return { ...evidence, notes: [...evidence.notes, ...ignored.map((why) => `A report was passed over: ${why}`)] };
}

/** What a report tells of the workloads that the change is about; the rest need not be kept. */
function onlyMeant(report: ReportJson, changes: readonly ContainerChange[]): ReportJson {
  const meant = new Set(changes.flatMap(workloadsOf).map(nameOf));
  return { ...report, workloads: report.workloads.filter((one) => meant.has(nameOf(one))) };
}

function nameOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${name}`;
}

import type { InsteadOf } from '../model/gate.ts';
import { type NamespaceBounds, type Sizes, WHOLE_POD } from '../model/workload.ts';
import type { ReportJson, ReportJsonContainer, ReportJsonWorkload } from '../report/report-json.ts';
import type { ClusterEvidence, LiveMatch, Matched } from './cluster-evidence.ts';
import { type LiveCandidate, matchWorkload } from './match-workload.ts';
import { noEvidence } from './no-evidence.ts';
import { type DatedContainer, settingOf, useOfReports } from './use-of-reports.ts';

/** A report of the base branch, with the workloads of its parts. */
export interface StoredReport {
  readonly path: string;
  readonly report: ReportJson;
}

export interface ReportsInput {
  /** Why it is judged by reports. */
  readonly instead: InsteadOf;
  /** Unix seconds. */
  readonly now: number;
  /** Seconds; reports from before it tell nothing. */
  readonly gateWindow: number;
  readonly clusterName?: string;
}

interface DatedReport extends StoredReport {
  /** Unix seconds. */
  readonly at: number;
}

interface Reported extends LiveCandidate {
  readonly workload: ReportJsonWorkload;
}

/**
 * What the reports within the gate's window tell: of what is there the newest one, of peaks and kills all of them. Reports of
 * other clusters are passed over. None tells nothing of quotas, LimitRanges and nodes.
 */
export function evidenceOfReports(reports: readonly StoredReport[], input: ReportsInput): ClusterEvidence {
  const { instead, now, gateWindow, clusterName } = input;
  const own = reports
    .filter(({ report: { cluster } }) => isSameCluster(cluster, clusterName))
    .map((one): DatedReport => ({ ...one, at: Date.parse(one.report.at) / 1000 }))
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => b.at - a.at || (a.path < b.path ? -1 : 1));
  const known = own.filter(({ at }) => at >= now - gateWindow);
  const [newest] = known;
  if (newest === undefined) return noEvidence(instead, sayWhy(own[0]));
  const workloads = newest.report.workloads.map(candidateOf);
  const { namespaces, notes } = newest.report;
  return {
    source: {
      kind: 'reports',
      path: newest.path,
      count: known.length,
      at: newest.at,
      age: Math.max(0, Math.round(now - newest.at)),
      instead,
    },
    match(change): Matched {
      const found = matchWorkload(change, workloads);
      if (found.state === 'matched') return describeMatch(found.found.workload, change.container, known, input);
      if (found.state === 'unmatched') return { state: 'unmatched' };
      const { namespace } = change.workload;
      return { state: namespace === undefined || namespaces.includes(namespace) ? 'new' : 'not inspected' };
    },
    bounds: (): NamespaceBounds | undefined => undefined,
    notes: notes.filter(({ kind }) => kind === 'incomplete').map(({ text }) => text),
  };
}

function isSameCluster(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function sayWhy(newest: DatedReport | undefined): string {
  if (newest === undefined) return 'The base branch has no report';
  return `The newest report is of ${newest.report.date}, which is before gate-window`;
}

function candidateOf(workload: ReportJsonWorkload): Reported {
  const { namespace, group, kind, name, containers } = workload;
  return {
    namespace,
    ...(group !== undefined && { group }),
    kind,
    name,
    workload,
    sizesOf: (container) => {
      const found = containers.find((one) => one.name === container);
      return found && templateOf(found);
    },
  };
}

/** What the manifest says: what is in force, but where the pods are sized otherwise. */
function templateOf({ limit, request, drifts = [] }: ReportJsonContainer): Sizes {
  const [drift] = drifts;
  return {
    limit: settingOf(drift?.limit === undefined ? limit : drift.limit.from),
    request: settingOf(drift?.request === undefined ? request : drift.request.from),
  };
}

function describeMatch(
  workload: ReportJsonWorkload,
  container: string,
  reports: readonly DatedReport[],
  { now, gateWindow }: ReportsInput,
): LiveMatch {
  const { namespace, group = '', kind, name, pods, steeredBy, memoryHpa, containers } = workload;
  const history = reports.flatMap(({ report, at }): DatedContainer[] => {
    const same = report.workloads.find((one) => isSame(one, workload));
    const found = same?.containers.find((one) => one.name === container);
    return found === undefined ? [] : [{ container: found, at, window: report.windows?.window ?? 86_400 }];
  });
  const present = containers.find((one) => one.name === container);
  const ignored = present?.ignored;
  const holds = ignored !== undefined && (ignored.until === undefined || dateOf(now) <= ignored.until);
  return {
    state: 'matched',
    ref: { namespace, group, kind, name },
    pods,
    ...(present && { evidence: useOfReports(history, pods, { now, gateWindow }) }),
    ...(containers.some((one) => one.name === WHOLE_POD) && { sizedAsWhole: true }),
    ...(steeredBy !== undefined && { vpa: 'steered', steeredBy: { name: steeredBy } }),
    ...(memoryHpa && { memoryHpa: 'steered' }),
    ...(holds && { ignored: { reason: ignored.reason, ...(ignored.until !== undefined && { until: ignored.until }) } }),
  };
}

function isSame(a: ReportJsonWorkload, b: ReportJsonWorkload): boolean {
  return a.namespace === b.namespace && a.kind === b.kind && a.name === b.name && a.group === b.group;
}

function dateOf(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 10);
}

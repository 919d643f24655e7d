import type { PullRequestResult } from '../model/delivery.ts';
import type { CheckName } from '../model/finding.ts';
import type { JudgedWorkload } from '../model/inspection.ts';
import type { Setting } from '../model/workload.ts';
import { compareText, groupBy } from '../text/format.ts';
import { cellOf } from '../words/words.ts';
import { isOpen } from './change.ts';
import type { ContainerView, PodContainerView } from './container-view.ts';
import type { ReportInput } from './input.ts';
import { REPORT_SCHEMA, type ReportJson, type ReportJsonContainer } from './report-json.ts';

/** The report as JSON, one line a container and sorted by name, so that git stores its history small. */
export function writeReportJson(input: ReportInput, date: string, views: readonly ContainerView[]): string {
  const report = describeRun(input, date, views);
  const { notes, pullRequests, workloads, ...head } = report;
  const lines = Object.entries(head).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n${[
    ...lines,
    `"notes": ${linesOf(notes.map((note) => JSON.stringify(note)))}`,
    `"pullRequests": ${linesOf(pullRequests.map((result) => JSON.stringify(result)))}`,
    `"workloads": ${linesOf(workloads.map(writeWorkload))}`,
  ].join(',\n')}\n}\n`;
}

function writeWorkload(workload: ReportJson['workloads'][number]): string {
  const { containers, ...head } = workload;
  const opened = JSON.stringify(head).slice(0, -1);
  return `${opened},"containers":${linesOf(containers.map((container) => JSON.stringify(container)))}}`;
}

function linesOf(items: readonly string[]): string {
  return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n]`;
}

function describeRun(input: ReportInput, date: string, views: readonly ContainerView[]): ReportJson {
  const { inspection } = input;
  const windows = input.windows ?? views[0]?.pods[0]?.container.observation.windows;
  return {
    $schema: REPORT_SCHEMA,
    ...(input.clusterName === undefined ? {} : { cluster: input.clusterName }),
    date,
    at: new Date(inspection.at * 1000).toISOString(),
    timeZone: input.timeZone,
    outcome: input.outcome,
    verdict: inspection.verdict,
    totals: { ...inspection.totals },
    namespaces: [...inspection.namespaces],
    access: { ...inspection.access },
    queries: inspection.queries,
    thresholds: { ...input.thresholds },
    ...(windows === undefined ? {} : { windows: { ...windows } }),
    notes: inspection.notes.map(({ kind, text, namespaces }) => ({
      kind,
      text,
      ...(namespaces === undefined ? {} : { namespaces: [...namespaces] }),
    })),
    pullRequests: (input.deliveries ?? []).map(describeDelivery),
    workloads: describeWorkloads(inspection.workloads, views),
  };
}

function describeDelivery(delivery: PullRequestResult): ReportJson['pullRequests'][number] {
  const { title, branch, number, url, suggestions, why } = delivery;
  // What this run did to one that is open says nothing of the data: without it, the same data give the same report.
  const state = isOpen(delivery) ? 'open' : delivery.state;
  return { state, title, branch, number, url, suggestions: [...suggestions], why };
}

function describeWorkloads(
  workloads: readonly JudgedWorkload[],
  views: readonly ContainerView[],
): ReportJson['workloads'] {
  const containers = groupBy(views, (view) => view.workload);
  return workloads
    .map((judged) => ({
      namespace: judged.workload.ref.namespace,
      group: judged.workload.ref.group || undefined,
      kind: judged.workload.ref.kind,
      name: judged.workload.ref.name,
      level: judged.level,
      pods: judged.pods.length,
      containers: (containers.get(judged) ?? []).map(describeContainer).sort((a, b) => compareText(a.name, b.name)),
    }))
    .sort(
      (a, b) => compareText(a.namespace, b.namespace) || compareText(a.kind, b.kind) || compareText(a.name, b.name),
    );
}

function describeContainer(view: ContainerView): ReportJsonContainer {
  const { container, facts } = view;
  const highest = highestPod(view);
  const { observation } = highest?.container ?? {};
  const oomKill = facts.usage?.oomKill;
  const { suggestion } = container;
  return {
    name: container.name,
    level: container.level,
    checks: {
      usage: describeCheck(view, 'usage'),
      trend: describeCheck(view, 'trend'),
      sizing: describeCheck(view, 'sizing'),
      heap: describeCheck(view, 'heap'),
    },
    pod: highest?.pod.name,
    used: highest?.facts.usage?.used,
    peak: highest?.facts.usage?.peak,
    limit: sizeOf(observation?.limit),
    request: sizeOf(observation?.request),
    percent: rounded(highest?.facts.usage?.percent),
    growth: rounded(facts.trend?.growth),
    pattern: facts.trend?.pattern,
    bytesPerHour: facts.trend?.bytesPerHour === undefined ? undefined : Math.round(facts.trend.bytesPerHour),
    restarts: sum(view.pods.map((pod) => pod.container.observation.restartsInWindow)),
    oomKills: Math.max(
      sum(view.pods.map((pod) => pod.container.observation.oomKills.length)),
      oomKill === undefined ? 0 : 1,
    ),
    oomKilledAt: oomKill?.at === undefined ? undefined : new Date(oomKill.at * 1000).toISOString(),
    suggestion:
      suggestion === undefined
        ? undefined
        : {
            request: suggestion.request?.to,
            limit: suggestion.limit?.to,
            delivery: suggestion.delivery.kind,
            confidence: suggestion.confidence.level,
          },
    withheld: container.withheld?.why,
    ignored: view.ignored === undefined ? undefined : { reason: view.ignored.reason, until: view.ignored.until },
  };
}

/** The pod that uses the largest share of its limit, or most where none has one. */
function highestPod(view: ContainerView): PodContainerView | undefined {
  return [...view.pods].sort(
    (a, b) =>
      (b.facts.usage?.percent ?? -1) - (a.facts.usage?.percent ?? -1) ||
      (b.facts.usage?.used ?? -1) - (a.facts.usage?.used ?? -1) ||
      compareText(a.pod.name, b.pod.name),
  )[0];
}

function describeCheck<C extends CheckName>(view: ContainerView, check: C): ReportJsonContainer['checks']['usage'] {
  const finding = view.container.worst[check]?.finding;
  return finding === undefined
    ? { level: 'unknown', applies: false }
    : { level: finding.level, text: cellOf(check, finding) };
}

function sizeOf(setting: Setting | undefined): number | undefined {
  return setting?.state === 'set' ? setting.bytes : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Two decimals say enough and keep the diffs small. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 100) / 100;
}

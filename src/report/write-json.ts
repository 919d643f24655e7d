import type { PullRequestResult } from '../model/delivery.ts';
import { CHECKS, type CheckName, type SizeDrift } from '../model/finding.ts';
import type { JudgedWorkload, PodDrift } from '../model/inspection.ts';
import { exactCost, type Price } from '../model/price.ts';
import type { HeapSplit } from '../model/suggestion.ts';
import { bytesOf } from '../model/workload.ts';
import { byteLength, compareText, groupBy } from '../text/format.ts';
import { cellOf } from '../words/words.ts';
import { isOpen } from './change.ts';
import { type ContainerView, highestPod } from './container-view.ts';
import { describeCosts, sumUpCosts } from './costs.ts';
import { describeUse, measured } from './describe-use.ts';
import { describeFollowUps } from './follow-up-json.ts';
import type { Page, ReportInput } from './input.ts';
import { describeJvmMetrics } from './jvm-metrics.ts';
import { listNotes } from './notes.ts';
import {
  REPORT_PART_SCHEMA,
  REPORT_SCHEMA,
  type ReportJson,
  type ReportJsonContainer,
  type ReportJsonHeap,
} from './report-json.ts';

/** GitHub takes no file above some megabytes in a commit, so a larger report has its workloads in parts. */
const LARGEST_JSON = 2_500_000;

/** The JSON of a report and, where it would be too large, the files beside it that hold the workloads. */
export interface JsonFiles {
  readonly json: Page;
  /** In the order of the workloads. */
  readonly parts: readonly Page[];
}

/**
 * The report as JSON, one line a container and sorted by name, so that git stores its history small. `path` is that of
 * the report without its extension.
 */
export function writeReportJson(
  input: ReportInput,
  date: string,
  views: readonly ContainerView[],
  path: string,
): JsonFiles {
  const report = describeRun(input, date, views);
  const followed = describeFollowUps(input.followUps?.changes ?? []).map(writeContainers);
  const lines = report.workloads.map(writeContainers);
  const whole = writeHead(report, followed, lines);
  if (byteLength(whole) <= LARGEST_JSON) return { json: { path: `${path}.json`, text: whole }, parts: [] };
  const parts = splitLines(lines).map((own, index) => ({
    path: `${path}/workloads-${index + 1}.json`,
    text: writeObject({ $schema: REPORT_PART_SCHEMA, date }, { workloads: own }),
  }));
  const names = parts.map((part) => part.path.slice(path.lastIndexOf('/') + 1));
  return { json: { path: `${path}.json`, text: writeHead({ ...report, parts: names }, followed, []) }, parts };
}

function writeHead(report: ReportJson, followUps: readonly string[], workloads: readonly string[]): string {
  const { notes, pullRequests, jvmMetrics = [], workloads: _, ...head } = report;
  const stringify = (value: unknown) => JSON.stringify(value);
  return writeObject(head, {
    notes: notes.map(stringify),
    pullRequests: pullRequests.map(stringify),
    ...(followUps.length === 0 ? {} : { followUps }),
    ...(jvmMetrics.length === 0 ? {} : { jvmMetrics: jvmMetrics.map(stringify) }),
    workloads,
  });
}

/** One line a field, and one an item of the lists, which are JSON already. */
function writeObject(fields: object, lists: Readonly<Record<string, readonly string[]>>): string {
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${JSON.stringify(name)}: ${JSON.stringify(value)}`],
  );
  const listed = Object.entries(lists).map(([name, items]) => `${JSON.stringify(name)}: ${linesOf(items)}`);
  return `{\n${[...lines, ...listed].join(',\n')}\n}\n`;
}

function splitLines(lines: readonly string[]): string[][] {
  const parts: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const bytes = byteLength(line) + 2;
    // What stands around the lines takes less than 1,000 bytes.
    if (size + bytes > LARGEST_JSON - 1000) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(line);
    size += bytes;
  }
  return parts;
}

function writeContainers({ containers, ...head }: { readonly containers: readonly object[] }): string {
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
    cost: describeCosts(sumUpCosts(input, views)),
    notes: listNotes(inspection).map(({ kind, text, namespaces }) => ({
      kind,
      text,
      ...(namespaces === undefined ? {} : { namespaces: [...namespaces] }),
    })),
    pullRequests: (input.deliveries ?? []).map(describeDelivery),
    jvmMetrics: describeJvmMetrics(input.jvmMetrics ?? [], inspection.at),
    workloads: describeWorkloads(inspection.workloads, views, input.price),
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
  price: Price | undefined,
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
      memoryHpa: judged.workload.memoryHpa === 'steered' || undefined,
      steeredBy: judged.workload.steeredBy?.name,
      containers: (containers.get(judged) ?? [])
        .map((view) => describeContainer(view, price))
        .sort((a, b) => compareText(a.name, b.name)),
    }))
    .sort(
      (a, b) =>
        compareText(a.namespace, b.namespace) ||
        compareText(a.kind, b.kind) ||
        compareText(a.name, b.name) ||
        compareText(a.group ?? '', b.group ?? ''),
    );
}

/**
 * What is wrong is told in full. Of what is green only the level and the sizes are: a number that says nothing new costs
 * a line in the diff of every day. A count that is absent is 0.
 */
function describeContainer(view: ContainerView, price: Price | undefined): ReportJsonContainer {
  const { container, facts } = view;
  const highest = highestPod(view);
  const { observation } = highest?.container ?? {};
  const oomKill = facts.usage?.oomKill;
  const { suggestion } = container;
  const noticed = CHECKS.filter((check) => (view.findings[check]?.level ?? 'green') !== 'green');
  const restarts = sum(view.pods.map((pod) => pod.container.observation.restartsInWindow));
  const oomKills = sum(view.pods.map((pod) => pod.container.observation.oomKills.length));
  return {
    name: container.name,
    level: container.level,
    checks: {
      usage: describeCheck(view, 'usage'),
      trend: describeCheck(view, 'trend'),
      sizing: describeCheck(view, 'sizing'),
      heap: describeCheck(view, 'heap'),
    },
    pod: noticed.length === 0 ? undefined : highest?.pod.name,
    used: measured(highest?.facts.usage?.used),
    peak: measured(highest?.facts.usage?.peak),
    limit: bytesOf(observation?.limit),
    request: bytesOf(observation?.request),
    percent: noticed.includes('usage') ? rounded(highest?.facts.usage?.percent) : undefined,
    growth: rounded(facts.trend?.growth),
    pattern: noticed.includes('trend') ? facts.trend?.pattern : undefined,
    bytesPerHour: noticed.includes('trend') ? measured(facts.trend?.bytesPerHour) : undefined,
    use: describeUse(view, highest?.facts.usage),
    restarts: restarts || undefined,
    oomKills: Math.max(oomKills, oomKill === undefined ? 0 : 1) || undefined,
    oomKilledAt: oomKill?.at === undefined ? undefined : new Date(oomKill.at * 1000).toISOString(),
    suggestion:
      suggestion === undefined
        ? undefined
        : {
            request: suggestion.request?.to,
            limit: suggestion.limit?.to,
            delivery: suggestion.delivery.kind,
            confidence: suggestion.confidence.level,
            backtest: suggestion.backtest && {
              ...suggestion.backtest,
              headroom: Math.round(suggestion.backtest.headroom),
            },
            effect: suggestion.effect && { ...suggestion.effect },
            costPerMonth: price && exactCost(suggestion.reserves, price),
            heap: describeHeap(suggestion.heap),
          },
    drifts: container.drifts?.map(({ how, by, pods, ...sizes }) => ({ how, by, ...describeChanges(sizes, pods) })),
    resizes: container.resizes?.map(({ state, message, pods, ...sizes }) => ({
      state,
      message,
      ...describeChanges(sizes, pods),
    })),
    withheld: container.withheld?.why,
    heap: describeHeap(container.withheld?.heap),
    ignored: view.ignored === undefined ? undefined : { reason: view.ignored.reason, until: view.ignored.until },
  };
}

function describeHeap(heap: HeapSplit | undefined): ReportJsonHeap | undefined {
  if (heap === undefined) return undefined;
  const { threads, grows, raiseGoesTo, betterFlag, ...sizes } = heap;
  const parts = Object.entries(sizes).map(([part, size]) => [part, measured(size)]);
  return {
    ...Object.fromEntries(parts),
    threads: threads && { count: threads.count, size: threads.size, most: measured(threads.most) ?? 0 },
    grows,
    raiseGoesTo,
    betterFlag: betterFlag && { ...betterFlag },
  };
}

function describeChanges({ limit, request }: Pick<PodDrift, 'limit' | 'request'>, pods: readonly string[]) {
  const describe = (change: SizeDrift | undefined) =>
    change === undefined ? undefined : { from: bytesOf(change.from), to: bytesOf(change.to) };
  return { limit: describe(limit), request: describe(request), pods: pods.length };
}

function describeCheck<C extends CheckName>(view: ContainerView, check: C): ReportJsonContainer['checks'][CheckName] {
  const finding = view.findings[check];
  if (finding === undefined) return { level: 'unknown', applies: false };
  // The numbers of a heap stand nowhere else.
  const said = finding.level !== 'green' || check === 'heap';
  return said ? { level: finding.level, text: cellOf(check, finding) } : { level: finding.level };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}

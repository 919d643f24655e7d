import type { Log } from '../log.ts';
import type { Availability, ContainerMeasurement } from '../model/measurement.ts';
import type { Windows } from '../model/observation.ts';
import type { QualityNote } from '../model/workload.ts';
import { type Asker, createAsker } from './ask-in-parts.ts';
import type { PrometheusClient } from './client.ts';
import { createDrafts, type Drafts, keepChanges, type SeriesField, takePeaks, takeSeries } from './drafts.ts';
import {
  readOomCounts,
  readOomGrowth,
  readOomReasons,
  readResources,
  readRestarts,
  readStarts,
  type StartOfInstance,
} from './measure-events.ts';
import { measureJvm } from './measure-jvm.ts';
import { mayLinger, readLingering, readNow } from './measure-now.ts';
import { checkLabelName, checkMatchers } from './promql.ts';
import * as build from './queries.ts';
import { checkClusters, explainMissing, readNamespaces } from './scope.ts';

/** What is measured. `at` is the evaluation time of all queries, in unix seconds. */
export interface MeasureScope {
  readonly at: number;
  readonly windows: Windows;
  readonly namespaces: readonly string[] | 'all';
  /** The user's extra matchers: `cluster="prod",env=~"a|b"`. */
  readonly matchers?: string;
  readonly clusterLabel: string;
}

export interface Measured {
  readonly measurements: ContainerMeasurement[];
  readonly availability: Availability;
  readonly notes: QualityNote[];
}

/** Slots of the window: the trend needs at least 48 filled ones, so a few gaps in the scrapes do not blind it. */
const FEWEST_SLOTS = 60;
const MOST_SLOTS = 336;
/** A request is sized by half-hour averages, so longer windows have more slots rather than longer ones, up to a week. */
const LONGEST_SLOT = 1800;
const SHORTEST_SLOT = 300;
/** Evaluation times for the exporter's reasons, finer than slots: a pod may be killed and gone within one. */
const REASON_STEPS = 288;

/**
 * Measures all containers of the namespaces with at most fourteen queries, whatever their number. Throws `UserError` where Prometheus has no
 * memory series of them in the window, or those of several clusters.
 */
export async function measure(client: PrometheusClient, scope: MeasureScope, log: Log): Promise<Measured> {
  const { at } = scope;
  const { window } = scope.windows;
  const clusterLabel = checkLabelName(scope.clusterLabel);
  const asker = createAsker(client, { ...scope, matchers: checkMatchers(scope.matchers) }, log);
  const drafts = createDrafts(scope.namespaces);

  const series = await asker.instant('the number of series', (selection) => build.scopeQuery(selection, clusterLabel));
  checkClusters(series, clusterLabel);
  asker.learn(readNamespaces(series));
  const peaks = await asker.instant('the peaks', (selection) => build.peakQuery(selection, window));
  if (series.length === 0) explainMissing(peaks.length > 0, scope, asker.notes);
  takePeaks(peaks, drafts);
  readNow(await asker.instant('the current values', build.nowQuery), drafts);
  const startOf = await measureStarts(asker, window, at, drafts);
  if (mayLinger(drafts, at)) {
    readLingering(await asker.instant('the restarted containers', build.lingeringQuery), drafts);
  }
  await measureAverages(asker, scope.windows, at, drafts);
  const exporter = await measureExporter(asker, window, at, drafts);
  await measureOomEvents(asker, window, at, startOf, drafts);
  const jvmAsker = createAsker(client, { ...scope, matchers: checkMatchers(scope.matchers) }, log);
  jvmAsker.learn(readNamespaces(series));
  const jvm = await measureJvm(jvmAsker, drafts);
  return {
    measurements: [...drafts.all()],
    availability: { exporter, cadvisor: true, jvm },
    notes: [...asker.notes.list(), ...notesOnJvm(asker, jvmAsker)],
  };
}

/** Missing JVM metrics change no level and end no run. */
function notesOnJvm(asker: Asker, jvmAsker: Asker): QualityNote[] {
  const told = new Set(asker.notes.list().map(({ text }) => text));
  const notes = jvmAsker.notes.list().filter(({ text }) => !told.has(text));
  return notes.map((note) => ({ ...note, kind: 'info', only: 'sizes' }));
}

async function measureAverages(asker: Asker, windows: Windows, at: number, drafts: Drafts): Promise<void> {
  const { step, start } = slotsOf(windows.window, at);
  const averages = await asker.range('the averages', { start, end: at, step }, (selection) =>
    build.averagesQuery(selection, step),
  );
  takeSeries(averages, drafts, () => 'averages');

  const quarter = Math.floor(windows.window / 4);
  const quarters = await asker.range(
    'the quarter averages',
    { start: at - 3 * quarter, end: at, step: quarter },
    (selection) => build.quartersQuery(selection, quarter),
  );
  takeSeries(quarters, drafts, (part) => QUARTER_FIELDS.find((field) => field === part));

  const slow = build.SLOW_STEP;
  const slowStart = at - (Math.floor(windows.slowWindow / slow) - 1) * slow;
  const slowAverages = await asker.range('the slow averages', { start: slowStart, end: at, step: slow }, (selection) =>
    build.averagesQuery(selection, slow),
  );
  takeSeries(slowAverages, drafts, () => 'slowAverages');
}

const QUARTER_FIELDS: readonly SeriesField[] = ['rss', 'mappedFile', 'activeFile'];

/** Ends of the window's slots; `begin` is the beginning of the first. */
function slotsOf(window: number, at: number): { step: number; start: number; begin: number } {
  const slots = Math.min(MOST_SLOTS, Math.max(FEWEST_SLOTS, Math.ceil(window / LONGEST_SLOT)));
  const step = Math.max(SHORTEST_SLOT, Math.floor(window / slots));
  const begin = at - Math.floor(window / step) * step;
  return { step, start: begin + step, begin };
}

async function measureStarts(asker: Asker, window: number, at: number, drafts: Drafts): Promise<StartOfInstance> {
  const rows = await asker.instant('the start times', (selection) => build.startsQuery(selection, window));
  return readStarts(rows, drafts, slotsOf(window, at));
}

/** Limits, requests, restarts and their reasons. Returns whether the exporter (kube-state-metrics) has any series. */
async function measureExporter(asker: Asker, window: number, at: number, drafts: Drafts): Promise<boolean> {
  const { step, begin } = slotsOf(window, at);
  const restarts = await asker.range('the restarts', { start: begin, end: at, step }, build.restartsQuery, keepChanges);
  readRestarts(restarts, drafts);
  const reasonStep = Math.max(SHORTEST_SLOT, Math.ceil(window / REASON_STEPS));
  const reasonSteps = { start: at - Math.floor(window / reasonStep) * reasonStep, end: at, step: reasonStep };
  readOomReasons(await asker.range('the OOM kills', reasonSteps, build.oomReasonQuery), drafts, reasonStep, at);
  const resources = await asker.instant('the limits and requests', (selection) =>
    build.resourcesQuery(selection, window),
  );
  readResources(resources, drafts);
  const exporter = resources.length + restarts.length > 0;
  if (!exporter) asker.notes.add(NO_EXPORTER);
  return exporter;
}

async function measureOomEvents(
  asker: Asker,
  window: number,
  at: number,
  starts: StartOfInstance,
  drafts: Drafts,
): Promise<void> {
  const counts = await asker.instant('the OOM events', (selection) => build.oomCountQuery(selection, window));
  if (!readOomCounts(counts, drafts, starts, at - window)) return;
  const growth = await asker.instant('the new OOM events', (selection) => build.oomGrowthQuery(selection, window));
  readOomGrowth(growth, drafts, starts, at - window);
}

const NO_EXPORTER: QualityNote = {
  kind: 'info',
  text: 'Prometheus has no series from kube-state-metrics for these namespaces: limits and requests come from the pods themselves, and OOM kills of pods that are gone cannot be seen',
};

import type { Log } from '../log.ts';
import { type Availability, type ContainerMeasurement, SLOW_STEP } from '../model/measurement.ts';
import type { Windows } from '../model/observation.ts';
import type { QualityNote } from '../model/workload.ts';
import { type Asker, createAsker, type Notes } from './ask-in-parts.ts';
import { chooseSource, explainUnnamed, noteLacks } from './choose-source.ts';
import type { PrometheusClient } from './client.ts';
import type { Dialect } from './dialect.ts';
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
import { measureInstances } from './measure-instances.ts';
import { measureJvm, measureJvmCourse } from './measure-jvm.ts';
import { mayLinger, readLingering, readNow } from './measure-now.ts';
import { measurePressure } from './measure-pressure.ts';
import { checkLabelName, checkMatchers, type Namespaces } from './promql.ts';
import * as build from './queries.ts';
import { checkClusters, explainMissing, limitTo, namespacesOf, readClusters } from './scope.ts';
import { doTogether, type Together } from './together.ts';

/** What is measured. `at` is the evaluation time of all queries, in unix seconds. */
export interface MeasureScope {
  readonly at: number;
  readonly windows: Windows;
  /** What is asked about, which may be more than what is inspected. */
  readonly namespaces: Namespaces;
  /** Where they are `all`: patterns (`*`, `?`) of those that are left out. */
  readonly except?: readonly string[];
  /** The namespaces that are inspected, once the cluster has been read. Those that are named, or have series, by default. */
  readonly inspected?: Promise<readonly string[]>;
  /** The user's extra matchers: `cluster="prod",env=~"a|b"`. */
  readonly matchers?: string;
  readonly clusterLabel: string;
  readonly signal?: AbortSignal;
}

export interface Measured {
  /** In the order of their names. */
  readonly measurements: ContainerMeasurement[];
  readonly availability: Availability;
  readonly notes: QualityNote[];
  /** What the usage is called, where it is not cAdvisor's; for the queries that follow. */
  readonly dialect?: Dialect;
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
 * Measures all containers of the namespaces with at most seventeen queries, whatever their number, those that need no
 * other's answer at the same time. Throws `UserError` where Prometheus has no memory series of them in the window, or
 * those of several clusters; then no query is left under way.
 */
export function measure(client: PrometheusClient, scope: MeasureScope, log: Log): Promise<Measured> {
  return doTogether(
    (together) => measureTogether(client, { ...scope, signal: together.signal }, log, together),
    scope.signal,
  );
}

async function measureTogether(
  client: PrometheusClient,
  scope: MeasureScope,
  log: Log,
  together: Together,
): Promise<Measured> {
  const clusterLabel = checkLabelName(scope.clusterLabel);
  const matchers = checkMatchers(scope.matchers);
  const asking = { ...scope, matchers };
  const counting = createAsker(client, { ...asking, known: async () => scope.inspected ?? [] }, log);
  const counted = together.start(
    counting.instant('the number of series', (selection) => build.scopeQuery(selection, clusterLabel)),
  );
  const inspected = together.start<readonly string[]>(
    scope.inspected ?? (scope.namespaces === 'all' ? counted.then(namespacesOf) : Promise.resolve(scope.namespaces)),
  );
  const source = chooseSource(await counted);
  const { namespaces } = scope;
  if (namespaces === 'all' && readClusters(source.series, clusterLabel).length > 1) {
    // All namespaces of several clusters would be too many: only those of this one are asked about.
    const names = await inspected;
    checkClusters(limitTo(names, source.series), clusterLabel);
    return measureTogether(client, { ...scope, namespaces: names }, log, together);
  }
  const narrowed = { ...asking, namespaces, dialect: source.dialect, known: () => inspected };
  const asker = createAsker(client, narrowed, log);
  const jvmAsker = createAsker(client, narrowed, log);
  const drafts = createDrafts(namespaces);
  const exporter = new Set<string>();
  const starts = together.start(measureStarts(asker, scope.windows.window, scope.at, drafts));
  const oomEvents = together.start(measureOomEvents(asker, scope.windows.window, scope.at, starts, drafts));
  const measuring = [
    ...measureContainers(asker, scope, drafts, starts, exporter, together),
    oomEvents,
    inspected.then((names) => checkClusters(limitTo(names, source.series), clusterLabel)),
  ];
  const jvm = together.start(measureJvms(jvmAsker, createAsker(client, narrowed, log), scope, drafts));
  await Promise.all([...measuring, jvm]);

  const names = await inspected;
  const measurements = drafts.finish(names);
  const notes = counting.notes;
  if (limitTo(names, source.series).length === 0) {
    const hasPeaks = measurements.some(({ peak }) => peak !== undefined);
    if (!hasPeaks) explainUnnamed(source);
    explainMissing(hasPeaks, { ...scope, namespaces: names }, notes);
  }
  const hasExporter = names.some((name) => exporter.has(name));
  if (!hasExporter) notes.add(NO_EXPORTER);
  noteLacks(source, measurements, await oomEvents, notes);
  for (const note of asker.notes.list()) notes.add(note);
  return {
    measurements,
    dialect: source.dialect,
    availability: { exporter: hasExporter, cadvisor: true, jvm: await jvm },
    notes: [...notes.list(), ...notesOnJvm(notes, jvmAsker.notes)].flatMap((note) => aboutInspected(note, names)),
  };
}

/** The queries of all but the JVM, each of which puts what it learns into the drafts; none rejects unseen. */
function measureContainers(
  asker: Asker,
  { at, windows }: MeasureScope,
  drafts: Drafts,
  starts: Promise<StartOfInstance>,
  exporter: Set<string>,
  together: Together,
): readonly Promise<unknown>[] {
  const { window } = windows;
  const peaks = asker
    .instant('the peaks', (selection) => build.peakQuery(selection, window))
    .then((rows) => takePeaks(rows, drafts));
  const now = asker.instant('the current values', build.nowQuery).then((rows) => readNow(rows, drafts));
  return [
    peaks,
    Promise.all([now, starts]).then(() => measureLingering(asker, at, drafts)),
    ...measureAverages(asker, windows, at, drafts),
    ...measureExporter(asker, window, at, drafts, exporter),
    starts.then((startOf) => measureInstances(asker, window, startOf, drafts)),
    measurePressure(asker, window, at, drafts),
  ].map(together.start);
}

async function measureLingering(asker: Asker, at: number, drafts: Drafts): Promise<void> {
  if (!mayLinger(drafts, at)) return;
  readLingering(await asker.instant('the restarted containers', build.lingeringQuery), drafts);
}

async function measureJvms(
  asker: Asker,
  courseAsker: Asker,
  { at, windows }: MeasureScope,
  drafts: Drafts,
): Promise<Availability['jvm']> {
  const jvm = await measureJvm(asker, drafts);
  if (jvm.state === 'available') await measureJvmCourse(courseAsker, windows.window, at, drafts);
  return jvm;
}

/** Missing JVM metrics change no level and end no run. */
function notesOnJvm(others: Notes, own: Notes): QualityNote[] {
  const told = new Set(others.list().map(({ text }) => text));
  const notes = own.list().filter(({ text }) => !told.has(text));
  return notes.map((note) => ({ ...note, kind: 'info', only: 'sizes' }));
}

/** The note without namespaces that were asked about but are not inspected; none where it is about no other. */
function aboutInspected(note: QualityNote, inspected: readonly string[]): readonly QualityNote[] {
  if (!note.namespaces) return [note];
  const namespaces = note.namespaces.filter((name) => inspected.includes(name));
  return namespaces.length === 0 ? [] : [{ ...note, namespaces }];
}

function measureAverages(asker: Asker, windows: Windows, at: number, drafts: Drafts): readonly Promise<void>[] {
  const { step, start } = slotsOf(windows.window, at);
  const quarter = Math.floor(windows.window / 4);
  const slow = SLOW_STEP;
  const slowStart = at - (Math.floor(windows.slowWindow / slow) - 1) * slow;
  return [
    asker
      .range('the averages', { start, end: at, step }, (selection) => build.averagesQuery(selection, step))
      .then((rows) => takeSeries(rows, drafts, () => 'averages')),
    asker
      .range('the slow averages', { start: slowStart, end: at, step: slow }, (selection) =>
        build.averagesQuery(selection, slow),
      )
      .then((rows) => takeSeries(rows, drafts, () => 'slowAverages')),
    asker
      .range('the quarter averages', { start: at - 3 * quarter, end: at, step: quarter }, (selection) =>
        build.quartersQuery(selection, quarter),
      )
      .then((rows) => takeSeries(rows, drafts, (part) => QUARTER_FIELDS.find((field) => field === part))),
  ];
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

/** Limits, requests, restarts and their reasons; `seen` gets the namespaces of which the exporter (kube-state-metrics) has series. */
function measureExporter(
  asker: Asker,
  window: number,
  at: number,
  drafts: Drafts,
  seen: Set<string>,
): readonly Promise<void>[] {
  const { step, begin } = slotsOf(window, at);
  const reasonStep = Math.max(SHORTEST_SLOT, Math.ceil(window / REASON_STEPS));
  const reasonSteps = { start: at - Math.floor(window / reasonStep) * reasonStep, end: at, step: reasonStep };
  return [
    asker
      .range('the restarts', { start: begin, end: at, step }, build.restartsQuery, keepChanges)
      .then((rows) => readRestarts(rows, drafts, seen)),
    asker
      .range('the OOM kills', reasonSteps, build.oomReasonQuery)
      .then((rows) => readOomReasons(rows, drafts, reasonStep, at)),
    asker
      .instant('the limits and requests', (selection) => build.resourcesQuery(selection, window))
      .then((rows) => readResources(rows, drafts, seen)),
  ];
}

/** Returns whether there is any series of them, of kills or not. */
async function measureOomEvents(
  asker: Asker,
  window: number,
  at: number,
  starting: Promise<StartOfInstance>,
  drafts: Drafts,
): Promise<boolean> {
  const counts = await asker.instant('the OOM events', (selection) => build.oomCountQuery(selection, window));
  const starts = await starting;
  const hasSeries = counts.length > 0;
  if (!readOomCounts(counts, drafts, starts, at - window)) return hasSeries;
  const growth = await asker.instant('the new OOM events', (selection) => build.oomGrowthQuery(selection, window));
  readOomGrowth(growth, drafts, starts, at - window);
  return hasSeries;
}

const NO_EXPORTER: QualityNote = {
  kind: 'info',
  text: 'Prometheus has no series from kube-state-metrics for these namespaces: limits and requests come from the pods themselves, and OOM kills of pods that are gone cannot be seen',
};

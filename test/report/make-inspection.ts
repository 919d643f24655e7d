import { type Bytes, MIB, mebibytes } from '../../src/bytes.ts';
import { judge } from '../../src/judge/judge.ts';
import type { Ignored, Inspection } from '../../src/model/inspection.ts';
import type { Level } from '../../src/model/level.ts';
import type { ContainerHistory, ContainerMeasurement, HeapMeasurement, Sample } from '../../src/model/measurement.ts';
import { containerKey, type Windows } from '../../src/model/observation.ts';
import type { Suggestion } from '../../src/model/suggestion.ts';
import type {
  IgnoreMark,
  PendingResize,
  Pod,
  PodContainer,
  QualityNote,
  Setting,
  Sizes,
  TemplateContainer,
  Workload,
  WorkloadRef,
} from '../../src/model/workload.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { THRESHOLDS } from '../checks/fixtures.ts';

/** 2025-12-26 08:30 UTC. */
export const AT = Date.UTC(2025, 11, 26, 8, 30) / 1000;
export const WINDOWS: Windows = { window: 86_400, slowWindow: 7 * 86_400, sizingWindow: 14 * 86_400 };
export { THRESHOLDS };

const DAY = 86_400;

/** One container of one pod as it was observed; sizes in Mi, `null` for no limit or request, `undefined` for not known. */
export interface ContainerSpec {
  readonly name: string;
  /** The working set now; without it nothing was measured. */
  readonly used?: number;
  readonly limit?: number | null;
  readonly request?: number | null;
  /** The peak of the window; default: the highest of `averages` and `used`. */
  readonly peak?: number;
  /** Averages over the window, evenly spaced; default: `used`, 48 times. */
  readonly averages?: readonly number[];
  /** Averages over the slow window; default: the first of `averages`, 56 times. */
  readonly slowAverages?: readonly number[];
  /** Page cache within the working set: now and in each quarter of the window. */
  readonly cache?: { readonly now: number; readonly quarters: readonly number[] };
  /** What the running container has in swap. */
  readonly swap?: number;
  /** The share of the last quarter (0 to 1) in which tasks waited for memory. */
  readonly waiting?: number;
  readonly heap?: { readonly live: number; readonly maximum: number; readonly nonHeap?: number };
  /** What else is measured of its JVM, in bytes. */
  readonly heapMore?: Partial<HeapMeasurement>;
  /** The flags in its manifest. */
  readonly jvm?: Pick<TemplateContainer, 'jvm' | 'jvmFlags'>;
  /** Hours before `AT` at which it was OOM-killed and started again. */
  readonly killedHoursAgo?: readonly number[];
  /** Hours before `AT` at which it was restarted for another reason, also before the window. */
  readonly restartedHoursAgo?: readonly number[];
  /** Default: 30 days. */
  readonly startedHoursAgo?: number;
  readonly days?: number;
  /** Whether all days peaked alike. Default: every other one a tenth lower. */
  readonly flat?: boolean;
  /** Default: it does. */
  readonly running?: boolean;
  readonly ignored?: Ignored;
  /** What its manifest says, where that is another size than its pod asks for. */
  readonly template?: { readonly limit: number | null; readonly request: number | null };
  /** What is in force, where that is another size than its pod asks for. */
  readonly actual?: { readonly limit: number | null; readonly request: number | null };
  readonly resizedBy?: string;
  readonly resize?: PendingResize;
}

/** A workload as it was observed. */
export interface WorkloadSpec {
  readonly namespace: string;
  readonly name: string;
  readonly kind?: string;
  /** Pod name to its containers. */
  readonly pods: Readonly<Record<string, readonly ContainerSpec[]>>;
  readonly replicas?: number;
  readonly ignoreMarks?: readonly IgnoreMark[];
}

export function setting(mi: number | null | undefined): Setting {
  if (mi === undefined) return { state: 'unknown' };
  return mi === null ? { state: 'absent' } : { state: 'set', bytes: mebibytes(mi) };
}

/** `from` to `to` in `steps` even steps. */
export function ramp(from: number, to: number, steps = 48): number[] {
  return Array.from({ length: steps }, (_, index) => from + ((to - from) * index) / (steps - 1));
}

/** Values in Mi as evenly spaced averages over a window that ends at `AT`. */
export function spread(values: readonly number[], window = WINDOWS.window): Sample[] {
  const slot = window / values.length;
  return values.map((v, index) => ({ t: AT - window + slot * (index + 1), v: v * MIB }));
}

/** The last `values.length` slots of a window of `slots`. */
function recent(values: readonly number[], window: number, slots: number): Sample[] {
  const slot = window / slots;
  return values.map((v, index) => ({ t: AT - slot * (values.length - 1 - index), v: v * MIB }));
}

/** A container with nothing wrong. */
export function healthy(name: string, used = 300, limit: number | null = 512): ContainerSpec {
  return { name, used, limit, request: Math.ceil(used * 0.8) };
}

function measure(namespace: string, pod: string, spec: ContainerSpec): ContainerMeasurement {
  const { used } = spec;
  const averages = spec.averages ?? (used === undefined ? [] : Array<number>(48).fill(used));
  const slow = spec.slowAverages ?? (averages[0] === undefined ? [] : Array<number>(56).fill(averages[0]));
  const startedAt = AT - (spec.startedHoursAgo ?? 30 * 24) * 3600;
  const kills = (spec.killedHoursAgo ?? []).map((hours) => AT - hours * 3600).sort((a, b) => a - b);
  const restarts = (spec.restartedHoursAgo ?? []).map((hours) => AT - hours * 3600).sort((a, b) => a - b);
  const slots = recent(averages, WINDOWS.window, Math.max(48, averages.length));
  const countAt = (t: number) => kills.filter((kill) => kill <= t).length;
  const peak = Math.max(spec.peak ?? 0, used ?? 0, ...(spec.peak === undefined ? averages : []));
  return {
    namespace,
    pod,
    container: spec.name,
    ...(used === undefined
      ? {}
      : {
          now: {
            workingSet: mebibytes(used),
            startedAt: kills.at(-1) ?? restarts.at(-1) ?? startedAt,
            ...(spec.cache && { activeFile: mebibytes(spec.cache.now) }),
            ...(spec.swap !== undefined && { swap: mebibytes(spec.swap) }),
          },
        }),
    ...(peak > 0 && { peak: mebibytes(peak) }),
    averages: slots,
    slowAverages: recent(slow, WINDOWS.slowWindow, 56),
    rss: [],
    mappedFile: [],
    activeFile: spec.cache === undefined ? [] : spread(spec.cache.quarters),
    ...(spec.waiting !== undefined && { pressure: { waiting: [{ t: AT, v: spec.waiting }], stalled: [] } }),
    starts: [
      ...restarts.map((v) => ({ t: v, v })),
      ...slots.map(({ t }) => ({ t, v: kills.findLast((kill) => kill <= t) ?? restarts.at(-1) ?? startedAt })),
    ],
    restarts: slots.map(({ t }) => ({ t, v: countAt(t) })),
    oomReason: slots.filter(({ t }) => countAt(t) > 0).map(({ t }) => ({ t, v: 1 })),
    ...(spec.heap && {
      heap: {
        liveSet: mebibytes(spec.heap.live),
        maximum: mebibytes(spec.heap.maximum),
        ...(spec.heap.nonHeap !== undefined && { nonHeap: mebibytes(spec.heap.nonHeap) }),
        ...spec.heapMore,
      },
    }),
  };
}

function peaksOf(namespace: string, pod: string, spec: ContainerSpec): ContainerHistory[] {
  const peak = Math.max(spec.peak ?? 0, spec.used ?? 0);
  if (peak === 0) return [];
  const dailyPeaks = Array.from({ length: spec.days ?? 14 }, (_, index) => ({
    t: AT - index * DAY,
    v: peak * MIB * (spec.flat || index % 2 === 0 ? 1 : 0.9),
  }));
  return [{ namespace, pod, container: spec.name, dailyPeaks: dailyPeaks.reverse() }];
}

function liveOf(spec: ContainerSpec): PodContainer {
  return {
    name: spec.name,
    kind: 'container',
    injected: false,
    limit: setting(spec.limit),
    request: setting(spec.request),
    ...(spec.actual && { actual: sizesOf(spec.actual) }),
    running: spec.running ?? true,
    restarts: spec.killedHoursAgo?.length ?? 0,
  };
}

function sizesOf({ limit, request }: NonNullable<ContainerSpec['actual']>): Sizes {
  return { limit: setting(limit), request: setting(request) };
}

function resizesOf(containers: readonly ContainerSpec[]): Pick<Pod, 'current' | 'resize' | 'resizedBy'> {
  const resize = containers.find((one) => one.resize)?.resize;
  const marks = containers.flatMap(({ name, resizedBy: by }) =>
    by === undefined ? [] : [{ by, byHand: by.startsWith('kubectl'), at: AT - DAY, containers: [name] }],
  );
  return { current: true, ...(resize && { resize }), ...(marks.length > 0 && { resizedBy: marks }) };
}

function refOf({ namespace, kind = 'Deployment', name }: WorkloadSpec): WorkloadRef {
  return { namespace, group: 'apps', kind, name };
}

function workloadOf(spec: WorkloadSpec): Workload {
  const pods = Object.entries(spec.pods);
  const templates = new Map(pods.flatMap(([, containers]) => containers.map((one) => [one.name, one] as const)));
  return {
    ref: refOf(spec),
    edit: { allowed: true },
    replicas: spec.replicas ?? pods.length,
    containers: [...templates.values()].map(({ name, limit, request, template, jvm }) => ({
      ...jvm,
      name,
      kind: 'container',
      image: 'example.invalid/app:1',
      limit: setting(template === undefined ? limit : template.limit),
      request: setting(template === undefined ? request : template.request),
    })),
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    ...(spec.ignoreMarks && { ignoreMarks: spec.ignoreMarks }),
    pods: pods.map(([name, containers]) => ({
      name,
      uid: `uid-${name}`,
      phase: 'Running',
      ready: true,
      deleting: false,
      containers: containers.map(liveOf),
      ...resizesOf(containers),
    })),
  };
}

export interface InspectionOverrides extends Partial<Inspection> {
  /** Suggestions to change after judging, by `namespace/kind/name/container`. */
  readonly suggestions?: Readonly<Record<string, Partial<Suggestion>>>;
  readonly partialNotes?: readonly QualityNote[];
}

/** The inspection that judging these workloads gives; what is overridden afterwards is what no check says. */
export function makeInspection(specs: readonly WorkloadSpec[], overrides: InspectionOverrides = {}): Inspection {
  const { suggestions = {}, partialNotes = [], ...rest } = overrides;
  const all = specs.flatMap((spec) =>
    Object.entries(spec.pods).flatMap(([pod, containers]) => containers.map((one) => ({ spec, pod, one }))),
  );
  const ignored = new Map(
    all.flatMap(({ spec, one }) => (one.ignored ? [[`${spec.namespace}/${spec.name}/${one.name}`, one.ignored]] : [])),
  );
  const inspection = judge(
    {
      format: 1,
      at: AT,
      windows: WINDOWS,
      cluster: {
        namespaces: [...new Set(specs.map(({ namespace }) => namespace))].sort(),
        workloads: specs.map(workloadOf),
        bounds: [],
        notes: [],
      },
      access: { way: 'exec', url: 'http://prometheus.monitoring:9090', through: 'pigo-rel/pigo-api-7d4b9c-x2x1p' },
      queries: 11,
      availability: {
        exporter: true,
        cadvisor: true,
        jvm: { state: 'unavailable', why: 'no series of a JVM exporter.' },
      },
      measurements: all.map(({ spec, pod, one }) => measure(spec.namespace, pod, one)),
      histories: all.flatMap(({ spec, pod, one }) => peaksOf(spec.namespace, pod, one)),
      notes: partialNotes,
    },
    {
      thresholds: THRESHOLDS,
      date: '2025-12-26',
      tighten: 'report',
      ignoredBy: ({ namespace, name, container }) => ignored.get(containerKey(namespace, name, container)),
    },
  );
  return { ...withSuggestions(inspection, suggestions), ...rest };
}

function withSuggestions(inspection: Inspection, changes: Readonly<Record<string, Partial<Suggestion>>>): Inspection {
  const workloads = inspection.workloads.map((judged) => ({
    ...judged,
    containers: judged.containers.map((container) => {
      const { namespace, kind, name } = judged.workload.ref;
      const change = changes[`${namespace}/${kind}/${name}/${container.name}`];
      if (change === undefined) return container;
      return { ...container, suggestion: makeSuggestion(judged.workload.ref, container.name, container.level, change) };
    }),
  }));
  return { ...inspection, workloads };
}

export function makeSuggestion(
  workload: WorkloadRef,
  container: string,
  level: Level,
  overrides: Partial<Suggestion> = {},
): Suggestion {
  return {
    workload,
    container,
    direction: 'raise',
    level,
    delivery: { kind: 'change' },
    confidence: { level: 'high', why: '14 days, 1 pod, no restarts' },
    notes: [],
    ...overrides,
  };
}

export function makeInput(inspection: Inspection, overrides: Partial<ReportInput> = {}): ReportInput {
  return {
    inspection,
    outcome: inspection.verdict === 'red' ? 'findings' : 'ok',
    thresholds: THRESHOLDS,
    timeZone: 'UTC',
    reportDirectory: 'reports/memory',
    history: [],
    ...overrides,
  };
}

export function mi(value: number): Bytes {
  return mebibytes(value);
}

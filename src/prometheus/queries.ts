import { OPENTELEMETRY, OPENTELEMETRY_UTF8 } from './dialect.ts';
import { anyOf, either, type Selection, selectors, withUsualLabels } from './promql.ts';

/** The label that tells the parts of a combined query apart. */
export const PART = 'part';

/** What names a container in a row: a scrape that renames keeps the metric's own labels as `exported_…`. */
export const NAMED_BY = 'namespace,pod,container,exported_namespace,exported_pod,exported_container';

export const WORKING_SET = 'container_memory_working_set_bytes';
export const START_TIME = 'container_start_time_seconds';
export const RESTARTS =
  '__name__=~"kube_pod_container_status_restarts_total|kube_pod_init_container_status_restarts_total"';
export const OOM_REASONS = '__name__=~"kube_pod_(init_)?container_status_(last_)?terminated_reason"';
const OOM_EVENTS = 'container_oom_events_total';

function tagged(part: string, vector: string): string {
  return `label_replace(${vector}, "${PART}", "${part}", "", "")`;
}

export function maxBy(labels: string, vector: string): string {
  return `max by (${labels}) (${vector})`;
}

export function over(functionName: string, seconds: number): (selector: string) => string {
  return (selector) => `${functionName}(${selector}[${seconds}s])`;
}

export const asItIs = (selector: string): string => selector;

/** The part of `scopeQuery` that counts series of nobody's memory. */
export const UNNAMED = 'unnamed';

/**
 * Counts the inspected series by cluster and namespace: cAdvisor's, as parts those of other dialects, and as the part
 * `unnamed` those that do not say whose memory they are. Quoted names are not used here, because not every engine has them.
 */
export function scopeQuery(selection: Selection, clusterLabel: string): string {
  const labels = `${clusterLabel},namespace,exported_namespace`;
  const count = (rows: string): string => `count by (${labels}) (${rows})`;
  const { name, metrics } = OPENTELEMETRY_UTF8;
  const names = Object.values(metrics[WORKING_SET] ?? []);
  const any = `__name__=~${anyOf([WORKING_SET, 'container_memory_working_set', ...names])}`;
  const more = selection.matchers === '' ? '' : `,${selection.matchers}`;
  const unnamed = `{${any},namespace="",pod="",id="",${OPENTELEMETRY.labels.pod}=""${more}}`;
  const quoted = `{__name__=~${anyOf(names)}${more}}`;
  return [
    count(either(selectors(WORKING_SET, selection, [`${OPENTELEMETRY.labels.container}=""`]), asItIs)),
    tagged(OPENTELEMETRY.name, count(either(selectors(WORKING_SET, { ...selection, dialect: OPENTELEMETRY }), asItIs))),
    tagged(name, `${count(withUsualLabels(OPENTELEMETRY_UTF8, quoted))}`),
    tagged(UNNAMED, `count(${unnamed})`),
  ].join(' or ');
}

/** Metrics of `nowQuery` and `lingeringQuery` by their name. */
export const NOW_METRICS = {
  workingSet: WORKING_SET,
  rss: 'container_memory_rss',
  mappedFile: 'container_memory_mapped_file',
  activeFile: 'container_memory_total_active_file_bytes',
  swap: 'container_memory_swap',
  startedAt: START_TIME,
} as const;

const ANY_NOW_METRIC = `__name__=~${anyOf(Object.values(NOW_METRICS))}`;

/** The present values of each container; where two containers of one name are seen at once, the higher. */
export function nowQuery(selection: Selection): string {
  return maxBy(`__name__,${NAMED_BY}`, either(selectors(ANY_NOW_METRIC, selection), asItIs));
}

/**
 * The same by container instance (`id`), only where one name has several: a container that restarted within the last
 * minutes. The part `seen` is the time of the instance's newest sample.
 */
export function lingeringQuery(selection: Selection): string {
  const byId = `${NAMED_BY},id`;
  const workingSet = either(selectors(WORKING_SET, selection), asItIs);
  const several = `(count by (${NAMED_BY}) (count by (${byId}) (${workingSet})) > 1)`;
  const values = maxBy(`__name__,${byId}`, either(selectors(ANY_NOW_METRIC, selection), asItIs));
  const seen = maxBy(
    byId,
    either(selectors(WORKING_SET, selection), (selector) => `timestamp(${selector})`),
  );
  return `(${values} or ${tagged('seen', seen)}) and on (${NAMED_BY}) ${several}`;
}

/** The raw peak of the working set within the window. */
export function peakQuery(selection: Selection, window: number): string {
  return maxBy(NAMED_BY, either(selectors(WORKING_SET, selection), over('max_over_time', window)));
}

/** The average of the working set in each slot, in whole bytes. For a range query whose step is the slot. */
export function averagesQuery(selection: Selection, slot: number): string {
  const average = either(selectors(WORKING_SET, selection), over('avg_over_time', slot));
  return `round(${maxBy(NAMED_BY, average)})`;
}

/** Averages of what a working set consists of, as parts `rss`, `mappedFile`, `activeFile`. Step and range are a quarter. */
export function quartersQuery(selection: Selection, quarter: number): string {
  const parts = (['rss', 'mappedFile', 'activeFile'] as const).map((part) => {
    const average = either(selectors(NOW_METRICS[part], selection), over('avg_over_time', quarter));
    return tagged(part, `round(${maxBy(NAMED_BY, average)})`);
  });
  return parts.join(' or ');
}

/**
 * Seconds a second that tasks waited for memory, as parts `waiting` (some of them) and `stalled` (all). Step and range are a
 * quarter.
 */
export function pressureQuery(selection: Selection, quarter: number): string {
  const parts = (['waiting', 'stalled'] as const).map((part) => {
    const counter = selectors(`container_pressure_memory_${part}_seconds_total`, selection);
    return tagged(part, maxBy(NAMED_BY, either(counter, over('rate', quarter))));
  });
  return parts.join(' or ');
}

/** The start of each container instance that ran within the window. */
export function startsQuery(selection: Selection, window: number): string {
  return maxBy(`${NAMED_BY},id`, either(selectors(START_TIME, selection), over('max_over_time', window)));
}

/** The raw peaks of the working set within the window by container instance, only where one name had several. */
export function instancePeaksQuery(selection: Selection, window: number): string {
  const peaks = maxBy(`${NAMED_BY},id`, either(selectors(WORKING_SET, selection), over('max_over_time', window)));
  return `(${peaks}) and on (${NAMED_BY}) (count by (${NAMED_BY}) (${startsQuery(selection, window)}) > 1)`;
}

/** The part of `oomCountQuery` that counts the series, whatever they count. */
export const COUNTED = 'counted';

/** The highest count of OOM events within the window, by container instance; and how many series there are, as a part. */
export function oomCountQuery(selection: Selection, window: number): string {
  const highest = either(selectors(OOM_EVENTS, selection), over('max_over_time', window));
  const series = `count(${either(selectors(OOM_EVENTS, selection), asItIs)})`;
  return `${maxBy(`${NAMED_BY},id`, highest)} > 0 or ${tagged(COUNTED, series)}`;
}

/** The OOM events that were counted within the window, by container instance. */
export function oomGrowthQuery(selection: Selection, window: number): string {
  const growth = either(selectors(OOM_EVENTS, selection), over('increase', window));
  return `${maxBy(`${NAMED_BY},id`, growth)} > 0`;
}

/** The exporter's restart counters, of containers and init containers (native sidecars are these). */
export function restartsQuery(selection: Selection): string {
  return maxBy(NAMED_BY, either(selectors(RESTARTS, selection), asItIs));
}

/** 1 where the exporter's reason for the last or present termination is OOMKilled. */
export function oomReasonQuery(selection: Selection): string {
  return `${maxBy(NAMED_BY, either(selectors(OOM_REASONS, selection, ['reason="OOMKilled"']), asItIs))} == 1`;
}

/**
 * Memory limits and requests as the exporter has them, by the pod's uid; and, as the part `former`, the limits within the
 * window of pods that it no longer reports.
 */
export function resourcesQuery(selection: Selection, window: number): string {
  const metric = '__name__=~"kube_pod_(init_)?container_resource_(limits|requests)(_memory_bytes)?"';
  const memory = ['resource=~"memory|"'];
  const rows = maxBy(`__name__,${NAMED_BY},uid`, either(selectors(metric, selection, memory), asItIs));
  const limits = LIMITS.flatMap((name) => selectors(name, selection, memory));
  const before = maxBy(`${NAMED_BY},uid`, either(limits, over('last_over_time', window)));
  const now = maxBy(`${NAMED_BY},uid`, either(limits, asItIs));
  return `${rows} or ${tagged('former', `(${before} unless on (${NAMED_BY},uid) ${now})`)}`;
}

export const LIMITS = ['kube_pod_container_resource_limits', 'kube_pod_init_container_resource_limits'];

export const DAY = 86_400;

/** Names under which libraries publish the memory of a JVM: Micrometer and client_java 1.x, client_java 0.x, OpenTelemetry. */
const JVM_MEMORY = [
  ...['jvm_memory_used_bytes', 'jvm_memory_bytes_used'],
  ...['jvm_memory_max_bytes', 'jvm_memory_bytes_max', 'jvm_memory_limit_bytes'],
  ...['jvm_memory_committed_bytes', 'jvm_memory_bytes_committed'],
  ...['jvm_gc_live_data_size_bytes', 'jvm_memory_used_after_last_gc_bytes', 'jvm_memory_pool_collection_used_bytes'],
  ...['jvm_threads_live_threads', 'jvm_threads_current', 'jvm_thread_count'],
];
const JVM_BUFFERS = ['jvm_buffer_memory_used_bytes', 'jvm_buffer_memory_usage_bytes', 'jvm_buffer_pool_used_bytes'];
/** Each library has its own label for the kind of a buffer. */
const DIRECT = ['id=~"direct|"', 'pool=~"direct|"', 'jvm_buffer_pool_name=~"direct|"'];
const JVM_USED_HEAP = [
  ['jvm_memory_used_bytes', 'area="heap"'],
  ['jvm_memory_bytes_used', 'area="heap"'],
  ['jvm_memory_used_bytes', 'jvm_memory_type="heap"'],
] as const;
const POOL = 'id,pool,jvm_memory_pool_name';
const THREADS = 'jvm_thread_daemon,jvm_thread_state';
const KIND = 'area,jvm_memory_type';

/** The part that is the direct buffers of a JVM. */
export const DIRECT_BUFFERS = 'direct';

/** The JVM's memory and threads by metric and area, pools summed; a maximum of -1 is left out. Direct buffers are a part. */
function jvmSums(selection: Selection): string {
  const sum = (labels: string, names: readonly string[], extra: readonly string[] = []): string => {
    const rows = either(selectors(`__name__=~${anyOf(names)}`, selection, extra, 'any'), asItIs);
    return `sum by (${labels},${NAMED_BY}) (max by (${labels},${POOL},${THREADS},${NAMED_BY}) (${rows}) >= 0)`;
  };
  // The two sides of an \`or\` are told apart by their labels, not by their names.
  return `${sum(`__name__,${KIND}`, JVM_MEMORY)} or ${tagged(DIRECT_BUFFERS, sum(KIND, JVM_BUFFERS, DIRECT))}`;
}

/**
 * What `jvmSums` has now; the part `lowest`, the least heap use of the last hour; and the parts `targets` and `down`, which
 * count scrape targets and those that fail.
 */
export function jvmQuery(selection: Selection): string {
  const used = JVM_USED_HEAP.map(([metric, heap]) => either(selectors(metric, selection, [heap], 'any'), asItIs));
  const heap = `sum by (${NAMED_BY}) (max by (${POOL},${NAMED_BY}) (${used.join(' or ')}))`;
  const up = either(selectors('up', selection, [], 'any'), asItIs);
  return [
    jvmSums(selection),
    tagged('lowest', `min_over_time((${heap})[3600s:60s])`),
    tagged('targets', `count(${up})`),
    tagged('down', `count((${up}) == 0)`),
  ].join(' or ');
}

/** Averages of `jvmSums`; the part is the metric's name. For a range query whose step is the quarter. */
export function jvmCourseQuery(selection: Selection, quarter: number): string {
  const step = Math.max(60, Math.min(600, Math.floor(quarter / 6)));
  const named = `label_replace(${jvmSums(selection)}, "${PART}", "$1", "__name__", "(.+)")`;
  return `round(avg_over_time((${named})[${quarter}s:${step}s]))`;
}

/** The scrape targets that belong to a pod: 1 for one that is up, or one of several of the same name, else 0. */
export function targetsQuery(selection: Selection): string {
  return maxBy(`${NAMED_BY},job,endpoint`, either(selectors('up', selection, ['pod!=""'], 'any'), asItIs));
}

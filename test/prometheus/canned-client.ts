import type { InstantRow, Labels, RangeRow } from '../../src/prometheus/answer.ts';
import type { PrometheusClient, Steps } from '../../src/prometheus/client.ts';

/** What a query of the plan asks for, told by its text. */
export type Asked = keyof typeof SIGNS;

const SIGNS = {
  scope: /^count by/,
  peak: /^max by .*max_over_time\(container_memory_working_set_bytes\{.*\[\d+s\]/,
  lingering: /part", "seen"/,
  instancePeaks: /^\(max by .*max_over_time/,
  now: /^max by \(__name__,namespace.*container_memory_rss/,
  pressure: /pressure_memory/,
  quarters: /part", "rss"/,
  jvmCourse: /^round\(avg_over_time.*jvm_/,
  slow: /^round.*\[10800s\]/,
  averages: /^round/,
  starts: /max_over_time\(container_start_time_seconds/,
  restarts: /status_restarts_total/,
  reasons: /terminated_reason/,
  oomGrowth: /increase\(container_oom_events_total/,
  oomCounts: /oom_events/,
  resources: /container_resource/,
  jvm: /jvm_memory_used_bytes/,
} as const;

export interface Call {
  readonly asked: Asked;
  readonly query: string;
  readonly steps?: Steps;
}

type Rows = readonly (InstantRow | RangeRow)[];

/**
 * A client that answers from tables. A function may throw a refusal, or answer only for what the query names.
 */
export function createCannedClient(
  tables: Partial<Record<Asked, Rows | ((query: string) => Rows)>>,
  warnings: readonly string[] = [],
): PrometheusClient & { readonly calls: Call[] } {
  const calls: Call[] = [];
  const answer = (query: string, steps?: Steps): Rows => {
    const asked = (Object.keys(SIGNS) as Asked[]).find((name) => SIGNS[name].test(query));
    if (!asked) throw new Error(`no table for ${query}`);
    calls.push({ asked, query, steps });
    const table = tables[asked] ?? [];
    return typeof table === 'function' ? table(query) : table;
  };
  return {
    calls,
    access: { way: 'direct', url: 'http://prometheus' },
    get queries() {
      return calls.length;
    },
    instant: async (query) => ({ rows: answer(query).filter((row) => 'value' in row), warnings }),
    range: async (query, steps) => ({ rows: answer(query, steps).filter((row) => 'samples' in row), warnings }),
  };
}

/** Labels of the container `app` of a pod. */
export function labelsOf(namespace: string, pod: string, more: Labels = {}): Labels {
  return { namespace, pod, container: 'app', ...more };
}

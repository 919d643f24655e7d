import { readCluster } from '../cluster/read-cluster.ts';
import { selectSizingTargets } from '../judge/select-sizing-targets.ts';
import type { JudgeSettings } from '../judge/settings.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import type { Log } from '../log.ts';
import type { Observation, Windows } from '../model/observation.ts';
import type { Options } from '../options/schema.ts';
import { connectPrometheus } from '../prometheus/access/connect.ts';
import { measure } from '../prometheus/measure.ts';
import { measurePeaks } from '../prometheus/measure-peaks.ts';

/** The edges of an observation. `now` gives unix seconds; `elapsed` seconds since any fixed moment. */
export interface ObserveDeps {
  readonly kubectl: Kubectl;
  readonly fetch: typeof fetch;
  readonly log: Log;
  now(): number;
  elapsed(): number;
}

const REQUEST_TIMEOUT_SECONDS = 60;

/**
 * Observes the cluster and its memory at one evaluation time: option `at`, else now. The long peaks are asked for only
 * where judging what was seen so far would suggest something, which `settingsAt` decides.
 */
export async function observe(
  options: Options,
  settingsAt: (at: number) => JudgeSettings,
  deps: ObserveDeps,
): Promise<Observation> {
  const { log } = deps;
  const at = options.at ?? Math.floor(deps.now());
  const windows: Windows = {
    window: options.window,
    slowWindow: options.slowWindow,
    sizingWindow: options.sizingWindow,
  };
  const cluster = await timed(deps, 'Reading the cluster', () =>
    readCluster(deps.kubectl, options, log).then((state) => [state, describeCluster(state)]),
  );
  const { client, measured } = await timed(deps, 'Querying Prometheus', async () => {
    const connected = await connectPrometheus(
      {
        url: options.prometheusUrl,
        access: options.prometheusAccess,
        token: options.prometheusToken,
        headers: options.prometheusHeaders,
        queryPod: options.queryPod && Object.values(options.queryPod).join('/'),
        timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
      },
      { kubectl: deps.kubectl, cluster, fetch: deps.fetch, log },
    );
    const result = await measure(connected, scopeOf(options, at, windows, cluster.namespaces), log);
    return [
      { client: connected, measured: result },
      `${result.measurements.length} containers measured, ${connected.queries} queries via ${connected.access.way}`,
    ];
  });
  const seen: Observation = {
    format: 1,
    at,
    windows,
    cluster,
    access: client.access,
    queries: client.queries,
    availability: measured.availability,
    measurements: measured.measurements,
    histories: [],
    notes: measured.notes,
  };
  const targets = selectSizingTargets(seen, settingsAt(at));
  if (targets.length === 0) return seen;
  const peaks = await timed(deps, 'Querying the long peaks', async () => {
    const scope = { ...scopeOf(options, at, windows, cluster.namespaces), targets };
    const result = await measurePeaks(client, scope, log);
    return [result, `${result.histories.length} series for ${targets.length} containers`];
  });
  return {
    ...seen,
    queries: client.queries,
    histories: peaks.histories,
    notes: [...seen.notes, ...peaks.notes],
  };
}

function scopeOf(options: Options, at: number, windows: Windows, namespaces: readonly string[]) {
  return {
    at,
    windows,
    namespaces,
    matchers: options.prometheusMatchers.join(','),
    clusterLabel: options.clusterLabel,
  };
}

function describeCluster(state: Observation['cluster']): string {
  const pods = state.workloads.reduce((sum, workload) => sum + workload.pods.length, 0);
  return `${state.workloads.length} workloads, ${pods} pods in ${state.namespaces.length} namespaces`;
}

/** Does one step in a fold of the log and says in one line what came of it and how long it took. */
async function timed<T>(deps: ObserveDeps, title: string, work: () => Promise<readonly [T, string]>): Promise<T> {
  const begin = deps.elapsed();
  const [result, said] = await deps.log.group(title, work);
  deps.log.step(`${title}: ${said} (${(deps.elapsed() - begin).toFixed(1)} s)`);
  return result;
}

import { readCluster } from '../cluster/read-cluster.ts';
import { selectHistoryTargets } from '../judge/select-history-targets.ts';
import type { JudgeSettings } from '../judge/settings.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import type { Log } from '../log.ts';
import type { FollowedTarget } from '../model/followed-values.ts';
import type { Access } from '../model/measurement.ts';
import type { HistoryTarget, Observation, Windows } from '../model/observation.ts';
import type { ClusterState } from '../model/workload.ts';
import type { Options } from '../options/schema.ts';
import { connectPrometheus } from '../prometheus/access/connect.ts';
import { type Measured, measure } from '../prometheus/measure.ts';
import { measureHistory } from '../prometheus/measure-history.ts';
import { chooseQuestion } from './choose-question.ts';
import { lookAtFollowed } from './look-at-followed.ts';
import { observeScraping } from './observe-scraping.ts';

/** The edges of an observation. `now` gives unix seconds; `elapsed` seconds since any fixed moment. */
export interface ObserveDeps {
  readonly kubectl: Kubectl;
  readonly fetch: typeof fetch;
  readonly log: Log;
  now(): number;
  elapsed(): number;
}

const REQUEST_TIMEOUT_SECONDS = 60;

/** How far an observation goes. */
export interface ObserveScope {
  /** Whether nothing may be there yet: then Prometheus has nothing to tell. */
  readonly mayBeEmpty?: boolean;
  /** Days before are asked for where it matters for judging what was seen so far, these settings decide. */
  settingsAt(at: number): JudgeSettings;
  /** Whether it is looked at whether the metrics of JVMs arrive. */
  readonly jvmMetrics?: boolean;
  /** Of these in any case. */
  alsoFor?(seen: Observation): readonly HistoryTarget[] | Promise<readonly HistoryTarget[]>;
  /** The merged changes that are followed: what holds them up is asked for. */
  followed?(seen: Observation): Promise<readonly FollowedTarget[]> | readonly FollowedTarget[];
}

/** Observes the cluster and its memory at one evaluation time: option `at`, else now. */
export async function observe(
  options: Options,
  { settingsAt, alsoFor = () => [], followed = () => [], mayBeEmpty = false, jvmMetrics = false }: ObserveScope,
  deps: ObserveDeps,
): Promise<Observation> {
  const { log } = deps;
  const at = options.at ?? Math.floor(deps.now());
  const windows: Windows = {
    window: options.window,
    slowWindow: options.slowWindow,
    sizingWindow: options.sizingWindow,
  };
  const { cluster, access, client, measured } = await log.group('Reading the cluster and querying Prometheus', () =>
    observeTogether({ ...options, mayBeEmpty }, at, windows, deps),
  );
  const first: Observation = {
    format: 1,
    at,
    windows,
    cluster,
    access,
    queries: client?.queries ?? 0,
    availability: measured.availability,
    measurements: measured.measurements,
    histories: [],
    notes: measured.notes,
  };
  const [looked, scraping] = await Promise.all([
    Promise.resolve(followed(first)).then((targets) => lookAtFollowed(deps.kubectl, first, targets)),
    jvmMetrics && client !== undefined ? observeScraping(first, options, client, deps) : undefined,
  ]);
  const seen: Observation = { ...looked, queries: client?.queries ?? 0, ...(scraping && { scraping }) };
  const { dialect } = measured;
  const targets = mergeTargets([...selectHistoryTargets(seen, settingsAt(at)), ...(await alsoFor(seen))]);
  if (targets.length === 0 || client === undefined) return seen;
  const past = await log.group('Querying the days before', () =>
    timed(deps, 'Querying the days before', async () => {
      const result = await measureHistory(client, { ...scopeOf(options, at, windows), targets, dialect }, log);
      return [result, `${result.histories.length} series for ${targets.length} containers`];
    }),
  );
  return {
    ...seen,
    queries: client.queries,
    histories: past.histories,
    notes: [...seen.notes, ...past.notes],
  };
}

interface Observed {
  readonly cluster: ClusterState;
  readonly access: Access;
  /** Absent where there was nothing to ask. */
  readonly client?: Awaited<ReturnType<typeof connectPrometheus>>;
  readonly measured: Measured;
}

const NOTHING_MEASURED: Measured = {
  measurements: [],
  availability: { exporter: false, cadvisor: false, jvm: { state: 'unavailable', why: 'nothing runs' } },
  notes: [],
};

/** Each container of a namespace once. */
function mergeTargets(targets: readonly HistoryTarget[]): HistoryTarget[] {
  const merged = new Map<string, HistoryTarget>();
  for (const one of targets) {
    const key = `${one.namespace}/${one.container}`;
    merged.set(key, { ...one, runs: one.runs || merged.get(key)?.runs === true });
  }
  return [...merged.values()];
}

/**
 * Reads the cluster and asks Prometheus at the same time, as far as one does not need the other. Where both fail, what the
 * cluster said is thrown: without it, nothing that Prometheus says can be judged.
 */
async function observeTogether(
  options: Options & Pick<ObserveScope, 'mayBeEmpty'>,
  at: number,
  windows: Windows,
  deps: ObserveDeps,
): Promise<Observed> {
  const stop = new AbortController();
  const reading = timed(deps, 'Reading the cluster', () =>
    readCluster(deps.kubectl, options, deps.log).then((state) => [state, describeCluster(state)]),
  );
  const asking = askPrometheus(options, at, windows, deps, reading, stop.signal);
  asking.catch(() => undefined);
  try {
    const cluster = await reading;
    if (cluster.workloads.length > 0) return { cluster, ...(await asking) };
    stop.abort();
    await asking.catch(() => undefined);
    return { cluster, access: { way: 'direct', url: options.prometheusUrl ?? '' }, measured: NOTHING_MEASURED };
  } catch (cause) {
    stop.abort(cause);
    await asking.catch(() => undefined);
    throw cause;
  }
}

function askPrometheus(
  options: Options,
  at: number,
  windows: Windows,
  deps: ObserveDeps,
  reading: Promise<ClusterState>,
  signal: AbortSignal,
) {
  return timed(deps, 'Querying Prometheus', async () => {
    const { kubectl, fetch, log } = deps;
    const workloads = async () => (await reading).workloads;
    const client = await connectPrometheus(
      {
        url: options.prometheusUrl,
        access: options.prometheusAccess,
        token: options.prometheusToken,
        headers: options.prometheusHeaders,
        queryPod: options.queryPod && Object.values(options.queryPod).join('/'),
        timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
      },
      { kubectl, workloads, fetch, log, signal },
    );
    const inspected = reading.then(({ namespaces }) => namespaces);
    inspected.catch(() => undefined);
    const question = chooseQuestion(options) ?? { namespaces: await inspected };
    const measured = await measure(client, { ...scopeOf(options, at, windows), ...question, inspected, signal }, log);
    const { access, queries } = client;
    return [
      { client, access, measured },
      `${measured.measurements.length} containers measured, ${queries} queries via ${access.way}`,
    ];
  });
}

function scopeOf(options: Options, at: number, windows: Windows) {
  return {
    at,
    windows,
    matchers: options.prometheusMatchers.join(','),
    clusterLabel: options.clusterLabel,
  };
}

function describeCluster(state: Observation['cluster']): string {
  const pods = state.workloads.reduce((sum, workload) => sum + workload.pods.length, 0);
  return `${state.workloads.length} workloads, ${pods} pods in ${state.namespaces.length} namespaces`;
}

/** Does one step and says in one line what came of it and how long it took. */
async function timed<T>(deps: ObserveDeps, title: string, work: () => Promise<readonly [T, string]>): Promise<T> {
  const begin = deps.elapsed();
  const [result, said] = await work();
  deps.log.step(`${title}: ${said} (${(deps.elapsed() - begin).toFixed(1)} s)`);
  return result;
}

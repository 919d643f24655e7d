import { setTimeout as waitMilliseconds } from 'node:timers/promises';
import { MIB } from '../../bytes.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { Kubectl } from '../../kubectl/kubectl.ts';
import type { Log } from '../../log.ts';
import type { Access } from '../../model/measurement.ts';
import type { Workload } from '../../model/workload.ts';
import type { Redact } from '../../text/redact.ts';
import { isLeftAlone } from '../answer.ts';
import { type ClientSettings, createClient, type ReadingClient } from '../client.ts';
import { type Address, readAddress } from './address.ts';
import { openDirect } from './direct.ts';
import { discoverUrl } from './discover.ts';
import { openExec } from './exec.ts';
import { listCandidates, readQueryPod } from './exec-candidates.ts';
import { QueryFailure } from './failure.ts';
import { openServiceProxy } from './service-proxy.ts';
import type { Transport } from './transport.ts';
import { judgeAnswer } from './verdict.ts';

export interface ConnectOptions {
  readonly url?: string;
  readonly access: 'auto' | Access['way'];
  readonly token?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `namespace/pod`, `namespace/pod/container` or `namespace/deployment/name`. */
  readonly queryPod?: string;
  readonly timeoutSeconds: number;
}

export interface ConnectDeps {
  readonly kubectl: Kubectl;
  /** Waits for the cluster to be read. */
  readonly workloads: () => Promise<readonly Workload[]>;
  readonly fetch: typeof fetch;
  readonly log: Log;
  /** Ends a wait between attempts, and the search for a way. */
  readonly signal?: AbortSignal;
  /** Waits that many milliseconds between attempts; real time by default. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
}

const ALL_WAYS = ['direct', 'service-proxy', 'exec'] as const;
const ATTEMPTS = 3;
/** A way that does not answer the probe by then is passed over, so that `auto` does not wait minutes for an unreachable one. */
const PROBE_SECONDS = 10;
const PROBE_BYTES = MIB;

/**
 * Finds a way to Prometheus that answers a cheap query, and keeps it for the run. Throws `UserError` with every way's
 * reason when none answers.
 */
export async function connectPrometheus(options: ConnectOptions, deps: ConnectDeps): Promise<ReadingClient> {
  const address = readAddress(await findUrl(options, deps), options.token, options.headers);
  const wait = deps.wait ?? ((milliseconds, signal) => waitMilliseconds(milliseconds, undefined, { signal }));
  const settings: ClientSettings = {
    timeoutSeconds: options.timeoutSeconds,
    attempts: ATTEMPTS,
    wait: async (milliseconds, signal) => void (await wait(milliseconds, signal)),
    log: deps.log,
    hasSecrets: hasSecrets(address),
    redactorOf: async (body) =>
      hasSecrets(address) && !isLeftAlone(body, address.redact)
        ? exceptNames(address.redact, await deps.workloads())
        : address.redact,
  };
  const ways = options.access === 'auto' ? ALL_WAYS : [options.access];
  const reasons: string[] = [];
  const causes: unknown[] = [];
  for (const way of ways) {
    try {
      const transport = await open(way, address, options, deps);
      const attempts = ways.length > 1 ? 1 : ATTEMPTS;
      const sent = await probe(transport, options, settings, attempts, address.redact, deps.signal);
      return createClient(transport, settings, sent);
    } catch (cause) {
      deps.signal?.throwIfAborted();
      if (!(cause instanceof QueryFailure) && !(cause instanceof UserError)) throw cause;
      causes.push(cause);
      const named = way === 'exec' && options.queryPod ? `${way} (query-pod ${options.queryPod})` : way;
      reasons.push(`${named}: ${messageOf(cause)}`);
      deps.log.debug(`cannot reach Prometheus via ${reasons.at(-1)}`);
    }
  }
  throw new UserError(
    `Prometheus at ${address.url} does not answer. Check prometheus-url, prometheus-access and the rights of the kubeconfig.\n${reasons.join('\n')}`,
    { cause: causes.length === 1 ? causes[0] : new AggregateError(causes) },
  );
}

function hasSecrets(address: Address): boolean {
  return Object.keys(address.headers).length > 0;
}

/** What the API server calls its objects is no secret, even where a header's value is the same word. */
function exceptNames(redact: Redact, workloads: readonly Workload[]): Redact {
  const names = new Set(
    workloads.flatMap(({ ref, pods }) => [
      ref.namespace,
      ref.name,
      ...pods.flatMap((pod) => [pod.name, ...pod.containers.map(({ name }) => name)]),
    ]),
  );
  return (text) => (names.has(text) ? text : redact(text));
}

async function findUrl(options: ConnectOptions, deps: ConnectDeps): Promise<string> {
  if (options.url !== undefined && options.url.trim() !== '') return options.url.trim();
  const found = await discoverUrl(deps.kubectl);
  if ('url' in found) {
    deps.log.step(`Prometheus was found by its labels: ${found.url}`);
    return found.url;
  }
  throw new UserError(
    `Prometheus could not be found: ${found.why}. Set prometheus-url, for example http://prometheus-k8s.monitoring.svc:9090`,
  );
}

async function open(
  way: Access['way'],
  address: Address,
  options: ConnectOptions,
  deps: ConnectDeps,
): Promise<Transport> {
  if (way === 'direct') return openDirect(address, deps.fetch);
  if (way === 'service-proxy') return openServiceProxy(address, deps.kubectl);
  if (!options.queryPod && hasSecrets(address)) {
    throw new QueryFailure(
      'refused',
      'skipped, because the pod would see the token or the headers: name a pod that you trust in query-pod',
    );
  }
  const candidates = options.queryPod ? [readQueryPod(options.queryPod)] : listCandidates(await deps.workloads());
  return openExec(address, candidates, deps);
}

/** Returns how many queries it took. */
async function probe(
  transport: Transport,
  options: ConnectOptions,
  settings: ClientSettings,
  attempts: number,
  redact: Redact,
  signal?: AbortSignal,
): Promise<number> {
  const bounds = { timeoutSeconds: Math.min(options.timeoutSeconds, PROBE_SECONDS), mostBytes: PROBE_BYTES, signal };
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await transport.send('/api/v1/query', [['query', 'vector(1)']], bounds);
      judgeAnswer(answer, () => undefined, redact);
      return attempt;
    } catch (cause) {
      const again = cause instanceof QueryFailure && cause.kind === 'unsteady' && attempt < attempts;
      if (!again) throw cause;
      await settings.wait(500 * attempt, signal);
    }
  }
}

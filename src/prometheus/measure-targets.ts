import { UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import { containerKey } from '../model/observation.ts';
import type { SeenTarget } from '../model/scraping.ts';
import { QueryFailure } from './access/failure.ts';
import { createAsker } from './ask-in-parts.ts';
import type { ReadingClient } from './client.ts';
import { containerOf } from './drafts.ts';
import { checkMatchers } from './promql.ts';
import { targetsQuery } from './queries.ts';

/** Which targets are asked for. `at` is the evaluation time in unix seconds. */
export interface TargetScope {
  readonly at: number;
  readonly namespaces: readonly string[];
  /** Whether a pod is one of those whose targets matter. */
  readonly keeps: (namespace: string, pod: string) => boolean;
  readonly matchers: string;
}

/** Text of a target, cut short. */
const LONGEST = 300;
const MOST_TARGETS = 5000;
const MOST_BYTES = 32 * 1024 * 1024;

/** The targets of pods, by one query whatever their number; `undefined` where Prometheus refuses. */
export async function measureTargets(
  client: ReadingClient,
  { at, namespaces, keeps, matchers }: TargetScope,
  log: Log,
): Promise<readonly SeenTarget[] | undefined> {
  const asker = createAsker(client, { at, namespaces, matchers: checkMatchers(matchers) }, log);
  try {
    const rows = await asker.instant('the scrape targets', targetsQuery);
    if (asker.notes.list().length > 0) return undefined;
    const targets = rows.flatMap(({ labels, value }): SeenTarget[] => {
      const { namespace, pod, container } = containerOf(labels);
      if (!keeps(namespace, pod)) return [];
      const { job, endpoint } = labels;
      return [
        {
          namespace,
          pod,
          ...(container !== '' && { container }),
          ...(job !== undefined && { job: job.slice(0, LONGEST) }),
          ...(endpoint !== undefined && { endpoint: endpoint.slice(0, LONGEST) }),
          up: value > 0,
        },
      ];
    });
    return targets.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).slice(0, MOST_TARGETS);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    log.debug(`the scrape targets could not be asked for: ${cause.message}`);
    return undefined;
  }
}

function keyOf({ namespace, pod, container = '', job = '', endpoint = '' }: SeenTarget): string {
  return `${containerKey(namespace, pod, container)}/${job}/${endpoint}`;
}

/**
 * The targets with the errors of those that are down, as far as Prometheus tells them for the given scrape pools: not every
 * engine does, and a setting may forbid it.
 */
export async function addTargetErrors(
  client: ReadingClient,
  targets: readonly SeenTarget[],
  pools: readonly string[],
  log: Log,
): Promise<readonly SeenTarget[]> {
  const errors = new Map<string, { readonly error: string; readonly pool: string }>();
  for (const pool of pools) {
    try {
      const params = [['state', 'active'] as const, ['scrapePool', pool] as const];
      for (const found of errorsOf(await client.read('/api/v1/targets', params, MOST_BYTES))) {
        if (found.pool === pool) errors.set(found.key, found);
      }
    } catch (cause) {
      if (!(cause instanceof QueryFailure)) throw cause;
      log.debug(`the errors of ${pool} could not be asked for: ${cause.message}`);
      break;
    }
  }
  return targets.map((target) => {
    const found = target.up ? undefined : errors.get(keyOf(target));
    return found === undefined ? target : { ...target, error: found.error, pool: found.pool };
  });
}

function errorsOf(data: unknown): readonly { readonly key: string; readonly error: string; readonly pool: string }[] {
  const { activeTargets } = (data ?? {}) as { readonly activeTargets?: unknown };
  if (!Array.isArray(activeTargets)) return [];
  return activeTargets.flatMap((one: unknown) => {
    const { labels, lastError, scrapePool } = (one ?? {}) as Record<string, unknown>;
    if (typeof lastError !== 'string' || lastError === '' || typeof scrapePool !== 'string') return [];
    const own = Object.fromEntries(
      Object.entries((labels ?? {}) as Record<string, unknown>).map(([name, value]) => [name, String(value)]),
    );
    const { namespace, pod, container } = containerOf(own);
    const key = keyOf({
      namespace,
      pod,
      container,
      job: own.job?.slice(0, LONGEST),
      endpoint: own.endpoint?.slice(0, LONGEST),
      up: false,
    });
    return [{ key, error: withoutSecrets(lastError).slice(0, LONGEST), pool: scrapePool.slice(0, LONGEST) }];
  });
}

/** Without what a URL in it may carry: credentials, and the parameters of the request. */
function withoutSecrets(text: string): string {
  const words = text.slice(0, 10 * LONGEST).split(/([\s"])/);
  return words.map(stripUrl).join('');
}

function stripUrl(word: string): string {
  const start = word.indexOf('://');
  if (start < 0) return word;
  const [address = ''] = word.slice(start + 3).split('?', 1);
  const end = address.search(/[/#]/);
  const host = end < 0 ? address : address.slice(0, end);
  return `${word.slice(0, start + 3)}${host.slice(host.lastIndexOf('@') + 1)}${address.slice(host.length)}`;
}

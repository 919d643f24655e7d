import { MIB } from '../bytes.ts';
import { UserError } from '../errors.ts';
import { countAsked, type Log } from '../log.ts';
import type { Access, Sample } from '../model/measurement.ts';
import type { Redact } from '../text/redact.ts';
import { excerpt, QueryFailure } from './access/failure.ts';
import type { Params, Transport } from './access/transport.ts';
import { judgeAnswer, readData } from './access/verdict.ts';
import { type Answer, type InstantRow, type RangeRow, type ReadRow, readInstantRow, readRangeRow } from './answer.ts';
import { createInFlight } from './in-flight.ts';

/** Evaluation times of a range query, in unix seconds; `end` is included. */
export interface Steps {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/**
 * Asks Prometheus, at most four queries at a time; the others wait in the order in which they came. Rejects with
 * `QueryFailure` (`too large`, `timed out`, `too long`), which fewer namespaces or a shorter time may mend, with `UserError`, or with the reason of the
 * signal, which ends a query that waits or is under way.
 */
export interface PrometheusClient {
  /** The way that is used; its pod may change when one goes away. */
  readonly access: Access;
  /** Queries sent so far, repetitions included. */
  readonly queries: number;
  instant(query: string, at: number, signal?: AbortSignal): Promise<Answer<InstantRow>>;
  /** `keep` thins out each row's samples as they are read, before the next row is. */
  range(query: string, steps: Steps, keep?: KeepSamples, signal?: AbortSignal): Promise<Answer<RangeRow>>;
}

/** A client that also reads what is no query: another path of the HTTP API. */
export interface ReadingClient extends PrometheusClient {
  /** The `data` of the answer, without the run's secrets. Asks once; rejects with `QueryFailure` for what cannot be had. */
  read(path: string, params: Params, mostBytes: number): Promise<unknown>;
}

export type KeepSamples = (samples: readonly Sample[]) => readonly Sample[];

export interface ClientSettings {
  readonly timeoutSeconds: number;
  /** How often a query is sent before an unsteady answer fails it. */
  readonly attempts: number;
  /** Waits that many milliseconds, or rejects when the signal says so. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Log;
  /** Whether anything is sent along that an answer may repeat: then it is held as a whole until that is taken out. */
  readonly hasSecrets: boolean;
  /** What takes the run's secrets out of an answer's body. */
  readonly redactorOf: (body: string) => Redact | Promise<Redact>;
}

/** Asked of every engine: no partial data, no downsampling, duplicates removed, times as given. */
const WHOLE_AND_RAW: Params = [
  ['dedup', 'true'],
  ['partial_response', 'false'],
  ['deny_partial_response', '1'],
  ['max_source_resolution', '0s'],
  ['nocache', '1'],
];

const AT_ONCE = 4;
const FIRST_WAIT_MS = 500;
/** Attempts beyond the usual where the server only asks to wait. */
const MORE_WHEN_BUSY = 2;
/** A server that asks for more has an outage, which no run waits for. */
const LONGEST_WAIT_MS = 60_000;
/** An answer for all pods of a large cluster is a third of that; fewer namespaces make one that is larger smaller. */
const LARGEST_ANSWER = 128 * MIB;

/** A client over one way, over which `alreadySent` queries have gone. */
export function createClient(transport: Transport, settings: ClientSettings, alreadySent = 0): ReadingClient {
  let queries = alreadySent;
  const inFlight = createInFlight(AT_ONCE);
  const inTurn = <T>(work: () => Promise<T>) => countAsked(settings.log, 'query', () => inFlight.run(work));
  const ask = async <Row>(
    path: string,
    params: Params,
    readRow: ReadRow<Row>,
    signal?: AbortSignal,
  ): Promise<Answer<Row>> => {
    const query = params.find(([name]) => name === 'query')?.[1] ?? '';
    const all: Params = [...params, ['timeout', `${settings.timeoutSeconds}s`], ...WHOLE_AND_RAW];
    const bounds = { timeoutSeconds: settings.timeoutSeconds, mostBytes: LARGEST_ANSWER, signal };
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      try {
        queries++;
        const { onRow, rows } = collectRows(readRow);
        const answer = await transport.send(path, all, settings.hasSecrets ? bounds : { ...bounds, onRow });
        const judged = judgeAnswer(answer, readRow, await settings.redactorOf(answer.body));
        return rows.length === 0 ? judged : { rows, warnings: judged.warnings };
      } catch (cause) {
        signal?.throwIfAborted();
        if (!(cause instanceof QueryFailure)) throw cause;
        if (cause.kind !== 'unsteady' && cause.kind !== 'refused') throw cause;
        const more = cause.busy ? MORE_WHEN_BUSY : 0;
        if (cause.kind === 'refused' || attempt >= settings.attempts + more)
          throw lastError(cause, transport.access, query, attempt);
        if (cause.busy?.fewerAtATime) inFlight.slowDown();
        const wait = waitBefore(attempt, cause);
        settings.log.debug(`attempt ${attempt} failed, sent again in ${wait / 1000} s: ${cause.message}`);
        await settings.wait(wait, signal);
      }
    }
  };
  return {
    get access() {
      return transport.access;
    },
    get queries() {
      return queries;
    },
    instant(query, at, signal) {
      const params: Params = [
        ['query', query],
        ['time', String(at)],
      ];
      return inTurn(() => ask('/api/v1/query', params, readInstantRow, signal));
    },
    read(path, params, mostBytes) {
      const { timeoutSeconds } = settings;
      return inTurn(async () => {
        queries++;
        const answer = await transport.send(path, params, { timeoutSeconds, mostBytes, byGet: true });
        return readData(answer, await settings.redactorOf(answer.body));
      });
    },
    range(query, steps, keep, signal) {
      const params: Params = [
        ['query', query],
        ['start', String(steps.start)],
        ['end', String(steps.end)],
        ['step', String(steps.step)],
      ];
      const readRow: ReadRow<RangeRow> = keep ? (raw) => thinOut(readRangeRow(raw), keep) : readRangeRow;
      return inTurn(() => ask('/api/v1/query_range', params, readRow, signal));
    },
  };
}

/** Reads rows while an answer comes in. */
function collectRows<Row>(readRow: ReadRow<Row>): { readonly onRow: (text: string) => void; readonly rows: Row[] } {
  const rows: Row[] = [];
  const onRow = (text: string): void => {
    try {
      const row = readRow(JSON.parse(text));
      if (row !== undefined) rows.push(row);
    } catch (cause) {
      throw new QueryFailure('unsteady', 'a row of the answer is not JSON', { cause });
    }
  };
  return { onRow, rows };
}

/** Milliseconds until a query is sent again. */
function waitBefore(attempt: number, { busy }: QueryFailure): number {
  const usual = FIRST_WAIT_MS * 4 ** (attempt - 1);
  return Math.min(LONGEST_WAIT_MS, Math.max(usual, (busy?.waitSeconds ?? 0) * 1000));
}

function thinOut(row: RangeRow | undefined, keep: KeepSamples): RangeRow | undefined {
  return row && { labels: row.labels, samples: keep(row.samples) };
}

/** The way as a sentence names it: `Prometheus at URL (exec through pigo-rel/api-1)`. */
function nameAccess(access: Access): string {
  return `Prometheus at ${access.url} (${access.way}${access.through ? ` through ${access.through}` : ''})`;
}

function lastError(cause: QueryFailure, access: Access, query: string, attempts: number): UserError {
  const often = attempts > 1 ? ` ${attempts} times in a row` : '';
  return new UserError(
    `${nameAccess(access)} failed a query${often}. Last error: ${cause.message}. Query: ${excerpt(query, 200)}`,
    { cause },
  );
}

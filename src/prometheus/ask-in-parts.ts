import { UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { QualityNote } from '../model/workload.ts';
import { QueryFailure } from './access/failure.ts';
import type { Answer, InstantRow, RangeRow } from './answer.ts';
import type { KeepSamples, PrometheusClient, Steps } from './client.ts';
import type { Selection } from './promql.ts';

type Namespaces = readonly string[] | 'all';

/** What the queries of one measurement share. */
interface Asking {
  readonly namespaces: Namespaces;
  /** The namespaces that have series, once they are known; `all` is halved by them. */
  known: readonly string[];
  readonly notes: Notes;
  readonly log: Log;
  /** Time-outs since the last answer. */
  timeouts: number;
}

/** Collects notes, each text once. */
export interface Notes {
  add(note: QualityNote): void;
  list(): QualityNote[];
}

/** How many parts may time out in a row before the run is ended instead of asking on. */
const MOST_TIMEOUTS = 3;

function createNotes(): Notes {
  const byText = new Map<string, QualityNote>();
  return {
    add(note) {
      const before = byText.get(note.text);
      const both = before?.namespaces && note.namespaces && [...new Set([...before.namespaces, ...note.namespaces])];
      byText.set(note.text, before ? { ...before, namespaces: both } : note);
    },
    list: () => [...byText.values()],
  };
}

/** Asks one query after the other about the same namespaces, at the same time, and collects notes. */
export interface Asker {
  readonly notes: Notes;
  /** Says which namespaces have series. */
  learn(namespaces: readonly string[]): void;
  instant(about: string, query: (selection: Selection) => string): Promise<InstantRow[]>;
  range(about: string, steps: Steps, query: (selection: Selection) => string, keep?: KeepSamples): Promise<RangeRow[]>;
}

export function createAsker(
  client: PrometheusClient,
  scope: { readonly at: number; readonly namespaces: Namespaces; readonly matchers: string },
  log: Log,
): Asker {
  const { at, matchers } = scope;
  const asking: Asking = { namespaces: scope.namespaces, known: [], notes: createNotes(), log, timeouts: 0 };
  return {
    notes: asking.notes,
    learn(namespaces) {
      asking.known = namespaces;
    },
    instant: (about, query) =>
      askInParts(asking, about, (namespaces) => client.instant(query({ namespaces, matchers }), at)),
    range: (about, steps, query, keep) =>
      askInParts(asking, about, (namespaces) => client.range(query({ namespaces, matchers }), steps, keep)),
  };
}

/**
 * Sends one query for all namespaces; where it is refused as too large or takes too long, for each half of them. What is
 * refused for a single namespace becomes a note. `about` says what the query asks for: "the averages".
 */
async function askInParts<Row>(
  asking: Asking,
  about: string,
  send: (namespaces: Namespaces) => Promise<Answer<Row>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  const ask = async (namespaces: Namespaces, isPart: boolean): Promise<void> => {
    let answer: Answer<Row>;
    try {
      answer = await send(namespaces);
    } catch (cause) {
      if (!(cause instanceof QueryFailure)) throw cause;
      const names = namespaces === 'all' ? asking.known : namespaces;
      if (names.length <= 1) return noteRefusal(asking, about, names[0], cause);
      const half = Math.ceil(names.length / 2);
      asking.log.debug(`${about} of ${names.length} namespaces: ${cause.message}; asked again in halves`);
      await ask(names.slice(0, half), true);
      return ask(names.slice(half), true);
    }
    asking.timeouts = 0;
    for (const row of answer.rows) rows.push(row);
    for (const warning of answer.warnings) asking.notes.add(partialData(warning, isPart ? namespaces : 'all'));
  };
  await ask(asking.namespaces, false);
  asking.log.debug(`${about}: ${rows.length} rows`);
  return rows;
}

function partialData(warning: string, namespaces: Namespaces): QualityNote {
  return {
    kind: 'incomplete',
    partial: true,
    text: `Prometheus answered with partial data: ${warning}`,
    ...(namespaces === 'all' ? {} : { namespaces }),
  };
}

function noteRefusal(asking: Asking, about: string, namespace: string | undefined, cause: QueryFailure): void {
  if (namespace === undefined) {
    const message = `Prometheus refused to answer for all namespaces at once: ${cause.message}. Name them in the option namespaces`;
    throw new UserError(message, { cause });
  }
  if (cause.kind === 'timed out') {
    asking.timeouts++;
    if (asking.timeouts >= MOST_TIMEOUTS) {
      throw new UserError(
        `Prometheus is too slow: it did not answer the query for ${about} of the namespace ${namespace} either (${cause.message}). Check its load, or shorten window and slow-window`,
        { cause },
      );
    }
  }
  const query = `the query for ${about} of the namespace ${namespace}`;
  const what = cause.kind === 'timed out' ? `did not answer ${query} in time` : `refused ${query} as too large`;
  asking.notes.add({
    kind: 'incomplete',
    partial: true,
    namespaces: [namespace],
    text: `Prometheus ${what}: ${cause.message}`,
  });
}

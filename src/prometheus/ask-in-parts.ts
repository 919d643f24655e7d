import { UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { QualityNote } from '../model/workload.ts';
import { QueryFailure } from './access/failure.ts';
import type { Answer, InstantRow, RangeRow } from './answer.ts';
import type { KeepSamples, PrometheusClient, Steps } from './client.ts';
import type { Namespaces, Selection } from './promql.ts';

/** What the queries of one measurement share. */
interface Asking {
  readonly namespaces: Namespaces;
  /** The namespaces by which `all` is halved. */
  readonly known: () => Promise<readonly string[]>;
  readonly notes: Notes;
  readonly log: Log;
  readonly signal?: AbortSignal;
  /** Time-outs since the last answer to any of the queries. */
  timeouts: number;
}

/** Collects notes, each text once; listed in the order of their texts, whatever answer came first. */
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
    list: () =>
      [...byText.values()]
        .sort((a, b) => (a.text < b.text ? -1 : 1))
        .map((note) => (note.namespaces ? { ...note, namespaces: [...note.namespaces].sort() } : note)),
  };
}

/** Asks queries about the same namespaces and the same moment, and collects notes. */
export interface Asker {
  readonly notes: Notes;
  instant(about: string, query: (selection: Selection) => string): Promise<readonly InstantRow[]>;
  range(
    about: string,
    steps: Steps,
    query: (selection: Selection) => string,
    keep?: KeepSamples,
  ): Promise<readonly RangeRow[]>;
}

/** What an asker asks about. */
export interface AskingScope extends Selection {
  readonly at: number;
  /** Where `namespaces` is `all`: those by which it is halved. */
  readonly known?: () => Promise<readonly string[]>;
  readonly signal?: AbortSignal;
}

export function createAsker(client: PrometheusClient, scope: AskingScope, log: Log): Asker {
  const { at, matchers, except, dialect, signal, known = async () => [] } = scope;
  const asking: Asking = { namespaces: scope.namespaces, known, notes: createNotes(), log, signal, timeouts: 0 };
  const select = (namespaces: Namespaces): Selection => ({ namespaces, except, matchers, dialect });
  return {
    notes: asking.notes,
    instant: (about, query) =>
      askInParts(asking, about, (namespaces) => client.instant(query(select(namespaces)), at, signal)),
    range: (about, steps, query, keep) =>
      askInParts(asking, about, (namespaces) =>
        askUnmoved(steps, (asked, ahead) => client.range(query({ ...select(namespaces), ahead }), asked, keep, signal)),
      ),
  };
}

/**
 * The answer at the times that were asked for. A query front end may move them to multiples of the step, for its cache:
 * then multiples are asked for, at which the selectors look ahead.
 */
async function askUnmoved(
  { start, end, step }: Steps,
  send: (steps: Steps, ahead?: number) => Promise<Answer<RangeRow>>,
): Promise<Answer<RangeRow>> {
  const answer = await send({ start, end, step });
  const off = start % step;
  const first = answer.rows[0]?.samples[0]?.t;
  if (off === 0 || first === undefined || first % step === off) return answer;
  const { rows, warnings } = await send({ start: start - off, end: end - off, step }, off);
  const back = rows.map(({ labels, samples }) => ({ labels, samples: samples.map(({ t, v }) => ({ t: t + off, v })) }));
  return { rows: back, warnings };
}

/**
 * Sends one query for all namespaces; where it is refused as too large or takes too long, for each half of them. What is
 * refused for a single namespace becomes a note. `about` says what the query asks for: "the averages".
 */
async function askInParts<Row>(
  asking: Asking,
  about: string,
  send: (namespaces: Namespaces) => Promise<Answer<Row>>,
): Promise<readonly Row[]> {
  const ask = async (namespaces: Namespaces, isPart: boolean): Promise<readonly Row[]> => {
    let answer: Answer<Row>;
    try {
      answer = await send(namespaces);
    } catch (cause) {
      if (!(cause instanceof QueryFailure)) throw cause;
      if (cause.kind === 'too long') {
        asking.notes.add(tooLong(about, cause));
        return [];
      }
      const names = namespaces === 'all' ? await asking.known() : namespaces;
      if (names.length <= 1) {
        noteRefusal(asking, about, names[0], cause);
        return [];
      }
      const half = Math.ceil(names.length / 2);
      asking.log.debug(`${about} of ${names.length} namespaces: ${cause.message}; asked again in halves`);
      const first = ask(names.slice(0, half), true);
      // A slow server is not asked for both at once, and the run ends after a few of its smallest parts.
      if (cause.kind === 'timed out') await first;
      return (await Promise.all([first, ask(names.slice(half), true)])).flat();
    }
    asking.timeouts = 0;
    for (const warning of answer.warnings) asking.notes.add(partialData(warning, isPart ? namespaces : 'all'));
    return answer.rows;
  };
  const rows = await ask(asking.namespaces, false);
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

function tooLong(about: string, cause: QueryFailure): QualityNote {
  return {
    kind: 'incomplete',
    partial: true,
    text: `Prometheus does not answer the query for ${about} over so long a time (${cause.message}): shorten window, slow-window or sizing-window, or raise its limit`,
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

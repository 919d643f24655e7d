import type { Log } from '../log.ts';
import { type ContainerHistory, HISTORY_STEP, type Sample } from '../model/measurement.ts';
import { containerKey, type HistoryTarget } from '../model/observation.ts';
import type { QualityNote } from '../model/workload.ts';
import { isCount, isSize, isTime } from '../plausible.ts';
import type { RangeRow } from './answer.ts';
import { type Asker, createAsker } from './ask-in-parts.ts';
import type { PrometheusClient } from './client.ts';
import type { Dialect } from './dialect.ts';
import { createDrafts, keepChanges, mergeSamples } from './drafts.ts';
import * as build from './history-queries.ts';
import type { MeasureScope } from './measure.ts';
import { checkMatchers, type Selection } from './promql.ts';
import { DAY } from './queries.ts';
import { doTogether } from './together.ts';

type Field = Exclude<keyof ContainerHistory, 'namespace' | 'pod' | 'container'>;
type Draft = { -readonly [K in keyof ContainerHistory]: ContainerHistory[K] };

/** Every field in one order, so that a recording does not depend on which answer came first. */
const NOTHING_YET: Omit<Draft, 'namespace' | 'pod' | 'container'> = {
  dailyPeaks: [],
  hourlyAverages: undefined,
  starts: undefined,
  restarts: undefined,
  oomReason: undefined,
  limits: undefined,
};

/** One question about the targets: what it fills, when it is asked, and what its values are. */
interface Question {
  readonly about: string;
  readonly field: Field;
  readonly length: number;
  readonly step: number;
  readonly query: (selection: Selection, containers: readonly string[]) => string;
  readonly isValue: (value: number) => boolean;
  readonly keep?: (samples: readonly Sample[]) => readonly Sample[];
  readonly runs?: true;
}

/** The questions by the windows, in seconds. */
function questionsOf(sizingWindow: number, slowWindow: number): readonly Question[] {
  const days = Math.max(1, Math.floor(sizingWindow / DAY)) * DAY;
  const often = { length: sizingWindow, step: HISTORY_STEP };
  return [
    {
      about: 'the daily peaks',
      field: 'dailyPeaks',
      length: days,
      step: DAY,
      query: build.dailyPeaksQuery,
      isValue: isSize,
    },
    {
      about: 'the earlier starts',
      field: 'starts',
      ...often,
      query: build.startedQuery,
      isValue: isTime,
      keep: keepChanges,
    },
    {
      about: 'the earlier restarts',
      field: 'restarts',
      ...often,
      query: build.restartCountsQuery,
      isValue: isCount,
      keep: keepChanges,
    },
    {
      about: 'the earlier OOM kills',
      field: 'oomReason',
      ...often,
      query: build.killedQuery,
      isValue: (value) => value === 1,
    },
    {
      about: 'the earlier limits',
      field: 'limits',
      ...often,
      query: build.limitsQuery,
      isValue: isSize,
      keep: keepChanges,
    },
    {
      about: 'the hourly averages',
      field: 'hourlyAverages',
      length: slowWindow,
      step: 3600,
      query: build.hourlyAveragesQuery,
      isValue: isSize,
      runs: true,
    },
  ];
}

/**
 * What the sizing window knows of the targets' containers, over all pods that there were, with a query each for peaks,
 * starts, restarts, kills, limits and, where runs are wanted, hourly averages: for only the targets' namespaces and
 * containers. What is missing from the answers bars sizes from being suggested, and no more. Where one fails, none is left
 * under way.
 */
export async function measureHistory(
  client: PrometheusClient,
  scope: Pick<MeasureScope, 'at' | 'windows' | 'matchers'> & {
    readonly targets: readonly HistoryTarget[];
    readonly dialect?: Dialect;
  },
  log: Log,
): Promise<{ readonly histories: ContainerHistory[]; readonly notes: QualityNote[] }> {
  const { at, windows, targets, dialect } = scope;
  const matchers = checkMatchers(scope.matchers);
  const drafts = new Map<object, Draft>();
  const ask = async (question: Question, signal: AbortSignal): Promise<QualityNote[]> => {
    const wanted = question.runs === undefined ? targets : targets.filter(({ runs }) => runs);
    if (wanted.length === 0) return [];
    const namespaces = distinct(wanted.map(({ namespace }) => namespace));
    const containers = distinct(wanted.map(({ container }) => container));
    const asker = createAsker(client, { at, namespaces, matchers, dialect, signal }, log);
    take(await askRange(asker, question, at, containers), question, new Set(wanted.map(keyOf)), namespaces);
    return asker.notes.list().map((note): QualityNote => ({ ...note, only: 'sizes' }));
  };
  const named = createDrafts('all');
  const take = (
    rows: readonly RangeRow[],
    { field, isValue }: Question,
    wanted: ReadonlySet<string>,
    asked: readonly string[],
  ) => {
    for (const { labels, samples } of rows) {
      const name = named.of(labels);
      if (name === undefined || !asked.includes(name.namespace) || !wanted.has(keyOf(name))) continue;
      const { namespace, pod, container } = name;
      const draft = drafts.get(name) ?? { ...NOTHING_YET, namespace, pod, container };
      drafts.set(name, draft);
      draft[field] = mergeSamples(
        draft[field] ?? [],
        samples.filter(({ v }) => isValue(v)),
      );
    }
  };
  const questions = questionsOf(windows.sizingWindow, windows.slowWindow);
  const notes = await doTogether(
    ({ start, signal }) => Promise.all(questions.map((question) => start(ask(question, signal)))),
    undefined,
  );
  return { histories: [...drafts.values()].sort(byName), notes: notes.flat() };
}

function askRange(asker: Asker, question: Question, at: number, containers: readonly string[]) {
  const { about, length, step, query, keep } = question;
  const steps = { start: at - (Math.floor(length / step) - 1) * step, end: at, step };
  return asker.range(about, steps, (selection) => query(selection, containers), keep);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function keyOf({ namespace, container }: { readonly namespace: string; readonly container: string }): string {
  return `${namespace}/${container}`;
}

function byName(a: ContainerHistory, b: ContainerHistory): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function nameOf({ namespace, pod, container }: ContainerHistory): string {
  return containerKey(namespace, pod, container);
}

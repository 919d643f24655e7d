import type { ContainerMeasurement, Sample } from '../model/measurement.ts';
import { containerKey } from '../model/observation.ts';
import { isSize, sizeOf } from '../plausible.ts';
import { type InstantRow, type Labels, MOST_SAMPLES, type RangeRow } from './answer.ts';
import { PART } from './queries.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A measurement while answers come in. */
export type Draft = Mutable<Omit<ContainerMeasurement, 'now' | 'heap'>> & {
  now?: Mutable<NonNullable<ContainerMeasurement['now']>>;
  heap?: Mutable<NonNullable<ContainerMeasurement['heap']>>;
};

export type SeriesField = 'averages' | 'slowAverages' | 'rss' | 'mappedFile' | 'activeFile' | 'restarts' | 'oomReason';

/** The container that a row is about: labels that a scrape renamed win. `undefined` outside the namespaces. */
export interface RowContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Drafts by container. */
export interface Drafts {
  /** The draft of the row's container; `undefined` for rows of no (single) container or of other namespaces. */
  of(labels: Labels, rows?: 'only containers' | 'any'): Draft | undefined;
  all(): IterableIterator<Draft>;
  /** The measurements of these namespaces, in the order of their names. */
  finish(namespaces: readonly string[]): ContainerMeasurement[];
}

export function createDrafts(namespaces: readonly string[] | 'all'): Drafts {
  const wanted = namespaces === 'all' ? undefined : new Set(namespaces);
  const drafts = new Map<string, Draft>();
  return {
    of(labels, rows = 'only containers') {
      const found = containerOf(labels);
      if (found.pod === '' || found.namespace === '' || found.container === 'POD') return undefined;
      if (found.container === '' && rows === 'only containers') return undefined;
      if (wanted && !wanted.has(found.namespace)) return undefined;
      const key = containerKey(found.namespace, found.pod, found.container);
      let draft = drafts.get(key);
      if (!draft) {
        draft = { ...found, ...NOTHING_YET };
        drafts.set(key, draft);
      }
      return draft;
    },
    all: () => drafts.values(),
    finish(namespaces) {
      const inspected = new Set(namespaces);
      return [...drafts.values()].filter(({ namespace }) => inspected.has(namespace)).sort(byName);
    },
  };
}

const NONE: readonly Sample[] = [];
/** Every field in one order, so that a recording does not depend on which answer came first. */
const NOTHING_YET: Omit<Draft, keyof RowContainer> = {
  now: undefined,
  peak: undefined,
  averages: NONE,
  slowAverages: NONE,
  rss: NONE,
  mappedFile: NONE,
  activeFile: NONE,
  pressure: undefined,
  starts: NONE,
  restarts: NONE,
  oomReason: NONE,
  oomEvents: undefined,
  limit: undefined,
  request: undefined,
  uid: undefined,
  formerLimit: undefined,
  instances: undefined,
  heap: undefined,
};

function byName(a: RowContainer, b: RowContainer): number {
  return compare(a.namespace, b.namespace) || compare(a.pod, b.pod) || compare(a.container, b.container);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export function containerOf(labels: Labels): RowContainer {
  return {
    namespace: labels.exported_namespace || labels.namespace || '',
    pod: labels.exported_pod || labels.pod || '',
    container: labels.exported_container || labels.container || '',
  };
}

/** The greater of what is there and the value. */
export function greater<T extends number>(before: T | undefined, value: T): T {
  return before === undefined || value > before ? value : before;
}

/** Joins two series of one container, the greater value where both have a sample. */
export function mergeSamples(before: readonly Sample[], more: readonly Sample[]): readonly Sample[] {
  if (before.length === 0) return more;
  const byTime = new Map(before.map((sample) => [sample.t, sample]));
  for (const sample of more) {
    const there = byTime.get(sample.t);
    if (!there || sample.v > there.v) byTime.set(sample.t, sample);
  }
  return [...byTime.values()].sort((a, b) => a.t - b.t).slice(-MOST_SAMPLES);
}

/** Leaves the first and last sample and those at both sides of a change. */
export function keepChanges(samples: readonly Sample[]): readonly Sample[] {
  return samples.filter(({ v }, index) => v !== samples[index - 1]?.v || v !== samples[index + 1]?.v);
}

/** Takes the rows of `peakQuery`. */
export function takePeaks(rows: readonly InstantRow[], drafts: Drafts): void {
  for (const { labels, value } of rows) {
    const draft = drafts.of(labels);
    const size = sizeOf(value);
    if (draft && size !== undefined) draft.peak = greater(draft.peak, size);
  }
}

/** Takes the sizes in the rows of a range query into the field that each row's part stands for. */
export function takeSeries(
  rows: readonly RangeRow[],
  drafts: Drafts,
  fieldOf: (part: string | undefined) => SeriesField | undefined,
): void {
  for (const { labels, samples } of rows) {
    const field = fieldOf(labels[PART]);
    const draft = field && drafts.of(labels);
    if (draft)
      draft[field] = mergeSamples(
        draft[field],
        samples.filter(({ v }) => isSize(v)),
      );
  }
}

import type { Sample } from '../model/measurement.ts';
import { isCount, isTime, sizeOf } from '../plausible.ts';
import type { InstantRow, Labels, RangeRow } from './answer.ts';
import { type Draft, type Drafts, greater, keepChanges, mergeSamples } from './drafts.ts';
import { PART } from './queries.ts';

/** Starts closer than this are one start that two scrapes tell differently. */
const SAME_START_SECONDS = 5;

/** Start times by container and instance (`id`). */
export type StartOfInstance = ReadonlyMap<Draft, ReadonlyMap<string, number>>;

/**
 * Takes the rows of `startsQuery`: each container's distinct starts, each placed at the end of the slot in which it lies.
 */
export function readStarts(
  rows: readonly InstantRow[],
  drafts: Drafts,
  grid: { readonly start: number; readonly step: number },
): StartOfInstance {
  const found = new Map<Draft, Map<string, number>>();
  for (const { labels, value } of rows) {
    const draft = drafts.of(labels);
    if (!draft || !isTime(value)) continue;
    const instances = found.get(draft) ?? new Map<string, number>();
    const id = labels.id ?? '';
    found.set(draft, instances.set(id, greater(instances.get(id), value)));
  }
  for (const [draft, instances] of found) draft.starts = distinctStarts([...instances.values()], grid);
  return found;
}

function distinctStarts(
  starts: readonly number[],
  { start, step }: { readonly start: number; readonly step: number },
): readonly Sample[] {
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted
    .filter((v, index) => index === 0 || v - (sorted[index - 1] ?? v) > SAME_START_SECONDS)
    .map((v) => ({ t: start + Math.max(0, Math.ceil((v - start) / step)) * step, v }));
}

/** Takes the rows of `restartsQuery`, without the samples between which nothing happened, and notes their namespaces. */
export function readRestarts(rows: readonly RangeRow[], drafts: Drafts, seen: Set<string>): void {
  for (const { labels, samples } of rows) {
    const draft = drafts.of(labels);
    if (!draft) continue;
    seen.add(draft.namespace);
    const counts = samples.filter(({ v }) => isCount(v));
    draft.restarts = keepChanges(mergeSamples(draft.restarts, counts));
  }
}

/**
 * Takes the rows of `oomReasonQuery`. The exporter tells of a restart up to a scrape late, so that an old reason may
 * still stand just after a restart for another reason: the last sample of a longer run is left out, unless the run
 * lasts to the `end`.
 */
export function readOomReasons(rows: readonly RangeRow[], drafts: Drafts, step: number, end: number): void {
  for (const { labels, samples } of rows) {
    const draft = drafts.of(labels);
    if (!draft) continue;
    const reasons = samples.filter(({ v }) => v === 1);
    draft.oomReason = mergeSamples(draft.oomReason, reasons);
  }
  for (const draft of drafts.all()) {
    const all = draft.oomReason;
    const goesOn = (index: number): boolean =>
      (all[index + 1]?.t ?? Number.POSITIVE_INFINITY) - (all[index]?.t ?? 0) <= step;
    draft.oomReason = all.filter(
      ({ t }, index) => goesOn(index) || t + step > end || index === 0 || !goesOn(index - 1),
    );
  }
}

/**
 * Takes the rows of `oomCountQuery` of instances that were born within the window: their counter began at 0, so all it
 * counts is of the window. Returns whether there are other instances, of which only the growth tells.
 */
export function readOomCounts(
  rows: readonly InstantRow[],
  drafts: Drafts,
  starts: StartOfInstance,
  windowStart: number,
): boolean {
  let others = false;
  for (const { labels, value } of rows) {
    const draft = drafts.of(labels);
    if (!draft || !isCount(value)) continue;
    if (isBorn(labels, draft, starts, windowStart)) addOomEvents(draft, value);
    else others = true;
  }
  return others;
}

/** Takes the rows of `oomGrowthQuery` of all other instances; engines differ in whether a birth is growth. */
export function readOomGrowth(
  rows: readonly InstantRow[],
  drafts: Drafts,
  starts: StartOfInstance,
  windowStart: number,
): void {
  for (const { labels, value } of rows) {
    const draft = drafts.of(labels);
    if (draft && isCount(value) && !isBorn(labels, draft, starts, windowStart)) addOomEvents(draft, value);
  }
}

function isBorn(labels: Labels, draft: Draft, starts: StartOfInstance, windowStart: number): boolean {
  return (starts.get(draft)?.get(labels.id ?? '') ?? Number.NEGATIVE_INFINITY) > windowStart;
}

function addOomEvents(draft: Draft, events: number): void {
  draft.oomEvents = (draft.oomEvents ?? 0) + Math.max(1, Math.round(events));
}

/**
 * Takes the rows of `resourcesQuery`, and notes their namespaces; the limit of a pod that is gone is its successor's former one, or its own. While two pods of one name (a StatefulSet's) are both reported, neither is taken.
 */
export function readResources(rows: readonly InstantRow[], drafts: Drafts, seen: Set<string>): void {
  const uids = new Map<Draft, string>();
  const ambiguous = new Set<Draft>();
  for (const { labels, value } of rows) {
    const draft = drafts.of(labels);
    if (!draft) continue;
    seen.add(draft.namespace);
    const size = sizeOf(value);
    if (labels[PART] === 'former') {
      if (size !== undefined) draft.formerLimit = greater(draft.formerLimit, size);
      continue;
    }
    const uid = labels.uid ?? '';
    if (uid !== '') {
      if ((uids.get(draft) ?? uid) !== uid) ambiguous.add(draft);
      uids.set(draft, uid);
      draft.uid = uid;
    }
    const field = labels.__name__?.includes('_limit') ? 'limit' : 'request';
    if (size !== undefined) draft[field] = greater(draft[field], size);
  }
  for (const draft of ambiguous) {
    draft.uid = undefined;
    draft.limit = undefined;
    draft.request = undefined;
  }
}

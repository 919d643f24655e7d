import { bytes } from '../bytes.ts';
import { isSize, isTime } from '../plausible.ts';
import type { InstantRow } from './answer.ts';
import { canonicalMetric } from './dialect.ts';
import { type Draft, type Drafts, greater } from './drafts.ts';
import { NOW_METRICS, PART } from './queries.ts';

type NowField = keyof typeof NOW_METRICS;

const FIELD_OF = new Map(Object.entries(NOW_METRICS).map(([field, metric]) => [metric as string, field as NowField]));

/** Takes the present values of the rows of `nowQuery`. */
export function readNow(rows: readonly InstantRow[], drafts: Drafts): void {
  for (const { labels, value } of rows) {
    const field = FIELD_OF.get(canonicalMetric(labels.__name__ ?? ''));
    const draft = field && drafts.of(labels);
    if (draft && isOf(field, value)) setNow(draft, field, value);
  }
}

function isOf(field: NowField, value: number): boolean {
  return field === 'startedAt' ? isTime(value) : isSize(value);
}

const NOTHING_NOW = {
  workingSet: undefined,
  rss: undefined,
  mappedFile: undefined,
  activeFile: undefined,
  startedAt: undefined,
};

function setNow(draft: Draft, field: NowField, value: number): void {
  draft.now ??= { ...NOTHING_NOW };
  if (field === 'startedAt') {
    draft.now.startedAt = greater(draft.now.startedAt, value);
    return;
  }
  draft.now[field] = greater(draft.now[field], bytes(value));
}

/** A container instance of `lingeringQuery`. */
interface Instance {
  readonly values: Map<NowField, number>;
  seen: number;
}

/**
 * Where a container has several instances, leaves the present values of the newest alone: the one that started last,
 * or, where a start is not known, the one that was seen last.
 */
export function readLingering(rows: readonly InstantRow[], drafts: Drafts): void {
  const byDraft = new Map<Draft, Map<string, Instance>>();
  for (const { labels, value } of rows) {
    const draft = drafts.of(labels);
    if (!draft) continue;
    const instances = byDraft.get(draft) ?? new Map<string, Instance>();
    byDraft.set(draft, instances);
    const id = labels.id ?? '';
    const instance = instances.get(id) ?? { values: new Map(), seen: 0 };
    instances.set(id, instance);
    const field = FIELD_OF.get(canonicalMetric(labels.__name__ ?? ''));
    if (labels[PART] === 'seen') instance.seen = Math.max(instance.seen, isTime(value) ? value : 0);
    else if (field && isOf(field, value))
      instance.values.set(field, Math.max(instance.values.get(field) ?? value, value));
  }
  for (const [draft, instances] of byDraft) {
    const newest = newestOf([...instances.values()]);
    if (newest.length === 0) continue;
    draft.now = { ...NOTHING_NOW };
    for (const { values } of newest) for (const [field, value] of values) setNow(draft, field, value);
  }
}

function newestOf(instances: readonly Instance[]): Instance[] {
  const alive = instances.filter(({ values }) => values.has('workingSet'));
  const byStart = alive.every(({ values }) => values.has('startedAt'));
  const ageOf = ({ values, seen }: Instance): number => (byStart ? (values.get('startedAt') ?? 0) : seen);
  const newest = alive.reduce((latest, instance) => Math.max(latest, ageOf(instance)), Number.NEGATIVE_INFINITY);
  return alive.filter((instance) => ageOf(instance) >= newest);
}

/** An old container's row stays in sight for five minutes; a scrape and its delay come on top. */
const LINGERS_SECONDS = 600;

/**
 * Whether an old container's row may stand beside the present one: a container started in the last minutes, or its
 * start is not known.
 */
export function mayLinger(drafts: Drafts, at: number): boolean {
  for (const { now, starts } of drafts.all()) {
    if (now?.workingSet === undefined) continue;
    const newest = starts.at(-1)?.v ?? now.startedAt;
    if (newest === undefined || newest > at - LINGERS_SECONDS) return true;
  }
  return false;
}

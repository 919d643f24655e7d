import type { Sample } from '../model/measurement.ts';
import type { RangeRow } from './answer.ts';
import type { Asker } from './ask-in-parts.ts';
import { type Drafts, mergeSamples } from './drafts.ts';
import { PART, pressureQuery } from './queries.ts';

/** A rate may come out a little above the most that there is, because its ends are extrapolated. */
const MOST_RATE = 1.1;
const DIGITS = 1e4;

/** Memory pressure over the quarters of the window, where the kernel and the kubelet tell of it (cgroup v2, Kubernetes 1.34). */
export async function measurePressure(asker: Asker, window: number, at: number, drafts: Drafts): Promise<void> {
  const quarter = Math.floor(window / 4);
  const rows = await asker.range(
    'the memory pressure',
    { start: at - 3 * quarter, end: at, step: quarter },
    (selection) => pressureQuery(selection, quarter),
  );
  for (const row of rows) readPressure(row, drafts);
}

function readPressure({ labels, samples }: RangeRow, drafts: Drafts): void {
  const part = labels[PART];
  const draft = drafts.of(labels);
  if (draft === undefined || (part !== 'waiting' && part !== 'stalled')) return;
  const pressure = draft.pressure ?? { waiting: [], stalled: [] };
  draft.pressure = { ...pressure, [part]: mergeSamples(pressure[part], samples.flatMap(toShare)) };
}

function toShare({ t, v }: Sample): Sample[] {
  return v >= 0 && v <= MOST_RATE ? [{ t, v: Math.min(1, Math.round(v * DIGITS) / DIGITS) }] : [];
}

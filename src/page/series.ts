/**
 * A course of memory, evenly spaced: seconds from its last value to the inspection, seconds between two values, the lowest
 * and the highest value in Ki, and two characters a value between them.
 */
export type Series = readonly [back: number, slot: number, lowKi: number, highKi: number, values: string];

/** Seconds before the inspection (0 or less on the page's axis) and bytes; `undefined` for a gap. */
export interface Point {
  readonly t: number;
  readonly v: number | undefined;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The largest number of two digits stands for a gap. */
const GAP = 64 * 64 - 1;
const STEPS = GAP - 1;
const KI = 1024;
const MOST_VALUES = 1000;

/** The samples of a course up to `at` (unix seconds), to one 4,094th of its span; `undefined` where there are none. */
export function encodeSeries(
  samples: readonly { readonly t: number; readonly v: number }[],
  at: number,
): Series | undefined {
  const kept = samples.filter(({ t, v }) => Number.isFinite(t) && Number.isFinite(v) && v >= 0 && t <= at);
  const [first, last] = [kept[0], kept.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const slot = slotOf(
    kept.map(({ t }) => t),
    last.t - first.t,
  );
  const low = Math.floor(Math.min(...kept.map(({ v }) => v)) / KI);
  const high = Math.ceil(Math.max(...kept.map(({ v }) => v)) / KI);
  const slots = slot === 0 ? 1 : Math.round((last.t - first.t) / slot) + 1;
  const steps = Array<number>(slots).fill(GAP);
  for (const { t, v } of kept) {
    const step = high === low ? 0 : Math.round(((v / KI - low) / (high - low)) * STEPS);
    steps[slot === 0 ? 0 : Math.round((t - first.t) / slot)] = Math.min(STEPS, Math.max(0, step));
  }
  return [Math.round(at - last.t), Math.round(slot), low, high, steps.map(writeStep).join('')];
}

/** The points of a series; what is broken gives none. */
export function decodeSeries([back, slot, lowKi, highKi, values]: Series): Point[] {
  const count = Math.floor(values.length / 2);
  return Array.from({ length: count }, (_, index) => {
    const step = DIGITS.indexOf(values.charAt(2 * index)) * 64 + DIGITS.indexOf(values.charAt(2 * index + 1));
    const v = step >= GAP || step < 0 ? undefined : Math.round((lowKi + ((highKi - lowKi) * step) / STEPS) * KI);
    return { t: -back - (count - 1 - index) * slot, v };
  });
}

function writeStep(step: number): string {
  return DIGITS.charAt(step >> 6) + DIGITS.charAt(step & 63);
}

/** The step of which all distances are whole numbers or, where they are too uneven for that, one as fine as may be. */
function slotOf(times: readonly number[], span: number): number {
  const steps = times.slice(1).map((t, index) => Math.round(t - (times[index] ?? t)));
  const positive = steps.filter((step) => step > 0);
  const common = positive.reduce(greatestDivisor, 0);
  if (common * (MOST_VALUES - 1) >= span) return common;
  const smallest = positive.reduce((least, step) => Math.min(least, step), span);
  return span / Math.min(MOST_VALUES - 1, Math.ceil(span / smallest));
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

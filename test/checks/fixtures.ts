import { type Bytes, mebibytes } from '../../src/bytes.ts';
import type { ContainerObservation, Thresholds, TrendFacts } from '../../src/model/finding.ts';
import type { ContainerMeasurement, Sample } from '../../src/model/measurement.ts';
import type { Windows } from '../../src/model/observation.ts';
import type { Setting } from '../../src/model/workload.ts';
import { readOptions } from '../../src/options/read-options.ts';

export const AT = 1_766_700_000;
export const HOUR = 3600;
export const DAY = 24 * HOUR;
export const SLOT = HOUR / 2;
export const WINDOWS: Windows = { window: DAY, slowWindow: 7 * DAY, sizingWindow: 14 * DAY };

/** The defaults, as a run without options has them. */
export const THRESHOLDS: Thresholds = readOptions(
  () => '',
  () => undefined,
).thresholds;

export function mi(value: number): Bytes {
  return mebibytes(Math.max(0, value));
}

export function set(mebi: number): Setting {
  return { state: 'set', bytes: mi(mebi) };
}

export const ABSENT: Setting = { state: 'absent' };
export const UNKNOWN: Setting = { state: 'unknown' };

/** Samples that end at `AT`, one a slot, oldest first; `at` gives Mi from the hours before `AT` (negative). */
export function series(count: number, slot: number, at: (hours: number) => number): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const before = (count - 1 - index) * slot;
    return { t: AT - before, v: mi(at(-before / HOUR)) };
  });
}

/** What Prometheus would keep of a container whose working set in Mi is `at(hours)`, `hours` being negative before now. */
export function measureOf(
  at: (hours: number) => number,
  change: Partial<ContainerMeasurement> = {},
): ContainerMeasurement {
  const averages = change.averages ?? series(48, SLOT, at);
  const quarter = (share: number) => series(4, 6 * HOUR, (hours) => at(hours - 3) * share);
  return {
    namespace: 'shop',
    pod: 'cart-0',
    container: 'app',
    now: { workingSet: mi(at(0)), startedAt: AT - 30 * DAY },
    peak: Math.max(...averages.map(({ v }) => v)) as Bytes,
    averages,
    slowAverages: series(56, 3 * HOUR, at),
    rss: quarter(0.9),
    mappedFile: quarter(0),
    activeFile: quarter(0.02),
    starts: averages.map(({ t }) => ({ t, v: AT - 30 * DAY })),
    restarts: averages.map(({ t }) => ({ t, v: 0 })),
    oomReason: [],
    ...change,
  };
}

export function observe(
  measured: ContainerMeasurement | undefined,
  change: Partial<ContainerObservation> = {},
): ContainerObservation {
  return {
    at: AT,
    windows: WINDOWS,
    namespace: 'shop',
    pod: 'cart-0',
    container: 'app',
    kind: 'container',
    limit: set(2048),
    request: set(1536),
    measured,
    startedAt: measured?.now?.startedAt,
    oomKills: [],
    restartsInWindow: 0,
    partial: false,
    ...change,
  };
}

export function trendFacts(finding: { readonly facts: unknown } | undefined): TrendFacts {
  return finding?.facts as TrendFacts;
}

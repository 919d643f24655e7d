import { type Bytes, MIB } from '../bytes.ts';
import type { ContainerObservation, Doubt, Growth, RunsGrow, Thresholds, TrendPattern } from '../model/finding.ts';
import type { Level } from '../model/level.ts';
import { cacheGrowth } from './cache.ts';
import { measureRise } from './rise.ts';
import { growthPercent } from './statistics.ts';

/** Below this growth a trend is never worse than yellow. */
export const SMALLEST_LEAK = (32 * MIB) as Bytes;

export type Pace = Omit<Growth, 'reachesLimitAt'>;

/** What a rule makes of the averages that it looks at. */
export type TrendVerdict = Pace & { readonly level: Level } & (
    | {
        readonly pattern: Exclude<
          TrendPattern,
          'rising' | 'soon' | 'grows in every run' | 'leak cut by OOMKills' | 'too little data'
        >;
      }
    | { readonly pattern: 'soon'; readonly hours: number }
    | ({ readonly pattern: 'grows in every run' } & RunsGrow)
    | { readonly pattern: 'leak cut by OOMKills'; readonly kills: number }
    | { readonly pattern: 'rising'; readonly doubt: Doubt }
  );

/** A rise that is not called a leak, and why. */
export function rising(pace: Pace, doubt: Doubt): TrendVerdict {
  return { ...pace, level: 'yellow', pattern: 'rising', doubt };
}

/** The numbers of a verdict without what was made of them. */
export function paceOf({ growth, days, bytesPerHour, tau }: TrendVerdict): Pace {
  return { growth, days, bytesPerHour, tau };
}

/** Takes red back where the growth is small, or is page cache, which RSS does not follow. */
export function soften(
  verdict: TrendVerdict,
  growthBytes: number,
  container: ContainerObservation,
  thresholds: Thresholds,
): TrendVerdict {
  if (verdict.level === 'green') return verdict;
  if (isCacheGrowth(container, thresholds)) return { ...paceOf(verdict), level: 'yellow', pattern: 'page cache' };
  if (verdict.level === 'red' && growthBytes < SMALLEST_LEAK) {
    return rising(paceOf(verdict), { kind: 'small', below: SMALLEST_LEAK });
  }
  return verdict;
}

/** Whether page cache explains most of the window's growth, and what is left would not be red. */
function isCacheGrowth(container: ContainerObservation, thresholds: Thresholds): boolean {
  const { measured } = container;
  if (measured === undefined || measured.averages.length < 4) return false;
  const { growthBytes, means } = measureRise(measured.averages);
  const cache = cacheGrowth(measured);
  if (cache === undefined || growthBytes <= 0 || cache <= growthBytes / 2) return false;
  return growthPercent(means[0], means[0] + growthBytes - cache) <= thresholds.growthRed;
}

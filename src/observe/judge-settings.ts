import type { JudgeSettings } from '../judge/settings.ts';
import { findIgnore, thresholdsFor } from '../options/match.ts';
import type { Options } from '../options/schema.ts';
import { dateIn } from '../text/format.ts';

/** What judging needs of the options, for a run whose evaluation time is `at` (unix seconds): ignores expire by its date. */
export function judgeSettings(options: Options, at: number): JudgeSettings {
  const date = dateIn(options.timeZone, at);
  return {
    thresholds: options.thresholds,
    thresholdsFor: (container) => thresholdsFor(options, container),
    ignoredBy: (container) => findIgnore(options.ignore, container, date),
    date,
    tighten: options.tighten,
  };
}

import type { Series } from './series.ts';

/** What the page's script is given; it travels as JSON within the page. Sizes are in bytes unless a name says otherwise. */

/** A piece of a sentence: plain text, what matters, a name, or a link; all of it shown as text. */
export type Inline =
  | string
  | { readonly b: string }
  | { readonly c: string }
  | { readonly a: string; readonly to: string };

export type Sentence = readonly Inline[];

/** `g`reen, `y`ellow, `r`ed, `u`nknown. */
export type LevelLetter = 'g' | 'y' | 'r' | 'u';

/** A limit or request; absent where it is not known. */
export type Size = number | 'none';

/** One of the four checks: its level and what fits a cell; `undefined` (null in JSON) where it does not apply. */
export type CheckCell = readonly [level: LevelLetter, text: string] | null;

/** Name, level, used and peak in Ki, percent of the limit, growth in percent, restarts; null where it is not known. */
export type PodCell = readonly [
  name: string,
  level: LevelLetter,
  usedKi: number | null,
  peakKi: number | null,
  percent: number | null,
  growth: number | null,
  restarts: number,
];

/** One container of a workload. */
export interface RowData {
  readonly level: LevelLetter;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly container: string;
  /** How many pods it has; `pods` holds as many as have room. */
  readonly podCount: number;
  readonly used?: number;
  readonly limit?: Size;
  readonly request?: Size;
  readonly percent?: number;
  readonly peak?: number;
  readonly growth?: number;
  /** Seconds from the inspection on, and the same in words. */
  readonly reached?: readonly [seconds: number, text: string];
  /** In the order of `PageData.checks`. */
  readonly checks: readonly CheckCell[];
  readonly suggestion?: string;
  /** What it adds a month, negative for what it frees. */
  readonly cost?: number;
  readonly proposedLimit?: number;
  /** Seconds before the inspection at which it was OOM-killed. */
  readonly kills?: readonly number[];
  readonly found?: readonly Sentence[];
  readonly todo?: readonly Sentence[];
  /** YAML to copy. */
  readonly snippet?: string;
  readonly ignored?: true;
  readonly pods?: readonly PodCell[];
}

/** The courses of one pod: the window, then the slow window; null where nothing was measured. */
export type PodSeries = readonly [pod: number, window: Series | null, slow: Series | null];

export interface TotalsData {
  readonly total: number;
  readonly healthy: number;
  readonly attention: number;
  readonly atRisk: number;
  readonly unknown: number;
}

/** One run of the past, or this one. */
export interface RunData extends TotalsData {
  readonly date: string;
  readonly level: LevelLetter;
}

/** What a container used then and now; one of both is absent where it is new or gone. */
export interface Move {
  readonly label: string;
  readonly from?: number;
  readonly to?: number;
}

/** What changed in use since an earlier report. */
export interface MovesData {
  readonly since: string;
  readonly days: number;
  /** The largest changes in bytes first. */
  readonly moved: readonly Move[];
  readonly added: readonly Move[];
  readonly addedCount: number;
  readonly gone: readonly Move[];
  readonly goneCount: number;
}

export interface FollowedData {
  readonly change: Sentence;
  readonly merged: string;
  readonly rollout: Sentence;
  readonly use: string;
  readonly outcome: Sentence;
}

export interface ScoreData {
  readonly counts: readonly (readonly [name: string, count: number])[];
  readonly effects: readonly Sentence[];
}

export interface PageData {
  readonly title: string;
  readonly headline: string;
  readonly date: string;
  /** The names of the checks, in their order. */
  readonly checks: readonly string[];
  readonly inspected: readonly Sentence[];
  readonly alerts: readonly {
    readonly kind: 'error' | 'warning';
    readonly text: string;
    readonly reasons: readonly string[];
  }[];
  readonly totals: TotalsData;
  readonly since?: { readonly date: string; readonly totals: TotalsData };
  /** The most urgent first. */
  readonly todo: readonly { readonly key: string; readonly level: LevelLetter; readonly text: Sentence }[];
  readonly todoCount: number;
  /** Of both windows in words; absent where nothing was measured. */
  readonly windows?: readonly [window: string, slow: string];
  /** Three letters; absent where no price is known or it has none. */
  readonly currency?: string;
  readonly quality: readonly Sentence[];
  readonly runs: readonly RunData[];
  readonly moves: readonly MovesData[];
  readonly followed: readonly FollowedData[];
  readonly score?: ScoreData;
  /** What did not have room, or could not be read, in sentences. */
  readonly leftOut: readonly string[];
}

/** What is another in every run, even if nothing else is: on a line of its own. */
export interface MomentData {
  readonly asOf: string;
  readonly runUrl?: string;
}

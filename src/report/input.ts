import type { PullRequestResult } from '../model/delivery.ts';
import type { Thresholds } from '../model/finding.ts';
import type { FollowUps, Scorecard } from '../model/follow-up.ts';
import type { Inspection, Outcome } from '../model/inspection.ts';
import type { JvmMetrics } from '../model/jvm-metrics.ts';
import type { Location } from '../model/location.ts';
import type { MonitorLocation } from '../model/monitor-location.ts';
import type { Windows } from '../model/observation.ts';
import type { Owner } from '../model/owner.ts';
import type { Price } from '../model/price.ts';
import type { Context } from './context.ts';
import type { IndexEntry } from './index-page.ts';
import type { ReportJson } from './report-json.ts';

export interface ReportInput {
  readonly inspection: Inspection;
  readonly outcome: Outcome;
  readonly thresholds: Thresholds;
  /** IANA name; the report's date and every time in it are in this zone. */
  readonly timeZone: string;
  /** Relative to the repository, with `/`. */
  readonly reportDirectory: string;
  /** File name without its extension; `{date}` stands for the date, and is the default. */
  readonly reportName?: string;
  /** The level at which the job fails; default: red. */
  readonly failOn?: 'red' | 'yellow' | 'never';
  readonly clusterName?: string;
  /** Default: those of the first container observed. */
  readonly windows?: Windows;
  /** The newest report of an earlier date. */
  readonly previous?: ReportJson;
  /** Why an earlier report was passed over, in plain text. */
  readonly previousIgnored?: string;
  /** The runs that the index held so far. */
  readonly history: readonly IndexEntry[];
  /** The names of the files beside the index: others are not linked. Without it, all of `history` is taken to be there. */
  readonly kept?: ReadonlySet<string>;
  readonly runUrl?: string;
  /** What files of the repository are linked with, ending in `/`; without it their paths are not links. */
  readonly repositoryUrl?: string;
  readonly deliveries?: readonly PullRequestResult[];
  readonly locations?: readonly Location[];
  /** Whom the containers that match concern. */
  readonly owners?: readonly Owner[];
  /** What the merged changes did; absent where GitHub was not asked. */
  readonly followUps?: FollowUps;
  /** The one that the index held so far, for a run that did not ask GitHub. */
  readonly lastScorecard?: Scorecard;
  /** Absent where nothing is said of costs. */
  readonly price?: Price;
  readonly jvmMetrics?: readonly JvmMetrics[];
  /** Where what mends their way belongs; absent where that is not proposed. */
  readonly monitors?: readonly MonitorLocation[];
  /** Plain-text sentences: what the run could not do (a refused commit, a pull request that failed). */
  readonly failures?: readonly string[];
  /** Whether the pull requests and the report commit are still to come. */
  readonly underWay?: boolean;
  /** Upper limit of the job summary in bytes; GitHub's own is 1 MiB, which is the default. */
  readonly summaryBytes?: number;
}

export interface Page {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** One line each, plain text. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
}

export interface Report {
  readonly title: string;
  /** `YYYY-MM-DD` in the time zone. */
  readonly date: string;
  /** The main page first; then, where it would be too large for GitHub to render, one or more a namespace. */
  readonly pages: readonly Page[];
  readonly json: Page;
  /** What of the JSON is in files of its own, where it would be too large for one. */
  readonly jsonParts: readonly Page[];
  readonly index: Page;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** What all of it was made of. */
  readonly context: Context;
}

import type { Bytes } from '../bytes.ts';
import type { Thresholds } from '../model/finding.ts';
import type { ContainerChange, ContainerEvidence, GateFinding } from '../model/gate.ts';
import type { NamespaceBounds, Setting, SizedKind, Sizes } from '../model/workload.ts';
import type { LiveMatch, Matched } from './cluster-evidence.ts';

/** A changed container with all that a rule may look at. */
export interface WeighedCase {
  readonly change: ContainerChange;
  readonly matched: Matched;
  readonly live?: LiveMatch;
  /** Whether `live` is what had its place. */
  readonly isByFormer: boolean;
  readonly evidence?: ContainerEvidence;
  /** Whether it is for the cluster that was looked at; for another one only what the change itself says counts. */
  readonly isHere: boolean;
  readonly namespace?: string;
  /** What of it the pull request touches. */
  readonly touched: { readonly limit: boolean; readonly request: boolean; readonly heap: boolean };
  /** As the API server completes them. */
  readonly before: Sizes;
  readonly after: Sizes;
  /** Those that run, else those that are declared. */
  readonly pods?: number;
  readonly bounds?: NamespaceBounds;
  readonly largestNode?: Bytes;
  readonly thresholds: Thresholds;
}

/** A rule: pure, the same shape for all. Nothing where there is nothing to say. */
export type Rule = (one: WeighedCase) => readonly GateFinding[];

/**
 * The sizes with what the API server fills in: a missing request is the limit, and what then still is missing the default of
 * the namespace's LimitRange.
 */
export function completeSizes({ limit, request }: Sizes, sort: SizedKind, bounds?: NamespaceBounds): Sizes {
  if (sort === 'pod') return { limit, request };
  const implied = request.state === 'absent' && limit.state !== 'absent' ? limit : request;
  return { limit: orDefault(limit, bounds?.defaultLimit), request: orDefault(implied, bounds?.defaultRequest) };
}

function orDefault(setting: Setting, fallback: Bytes | undefined): Setting {
  return setting.state === 'absent' && fallback !== undefined ? { state: 'set', bytes: fallback } : setting;
}

/** Whether two settings say the same. */
export function isSameSetting(a: Setting, b: Setting): boolean {
  return a.state === 'set' && b.state === 'set' ? a.bytes === b.bytes : a.state === b.state;
}

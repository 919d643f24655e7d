import type { Application } from '../model/declared.ts';
import type { ContainerChange, Place, SizedField, ValueChange, WeighedChange } from '../model/gate.ts';
import { bySeverity } from '../model/level.ts';
import type { Setting } from '../model/workload.ts';
import { compareText, groupBy } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import type { GateScene } from '../words/gate.ts';
import type { GateReportInput } from './gate-report.ts';

/** Labels and names are cut after so many characters. */
const LONGEST_NAME = 120;

/** What is the same in several applications, as the tables speak of it. */
export interface GateRow extends WeighedChange {
  /** Plain text: `namespace/name`, with kind and container where they tell apart. */
  readonly label: string;
  /** All that it stands for; the first is the row's own. */
  readonly changes: readonly WeighedChange[];
  readonly applications: readonly Application[];
  readonly scene: GateScene;
}

/** A row for each container, the worst first; those that differ by their application alone share one. */
export function listRows({ verdict, usageYellow, usageRed }: GateReportInput): GateRow[] {
  const kinds = groupBy(verdict.changes, shortName);
  const isShared = (weighed: WeighedChange) =>
    new Set(kinds.get(shortName(weighed))?.map(({ change }) => change.workload.kind)).size > 1;
  const rows = [...groupBy(verdict.changes, identify).values()].flatMap((changes): GateRow[] => {
    const [first] = changes;
    if (first === undefined) return [];
    const { days, cacheShare } = first.evidence ?? {};
    const scene: GateScene = { usageYellow, usageRed, days, cacheShare, limit: first.change.limit.after };
    return [
      { ...first, label: labelOf(first, isShared(first)), changes, applications: applicationsOf(changes), scene },
    ];
  });
  return rows.sort((a, b) => bySeverity(a.level, b.level));
}

/** All that a row shows but the application, and where its values stand. */
function identify({ change, ...weighed }: WeighedChange): string {
  const { application: _, workload, limit, request, ...rest } = change;
  const values = [limit, request].map(({ before, after, written }) => [before, after, written]);
  return JSON.stringify([workload, values, rest, weighed]);
}

function shortName({ change: { workload }, namespace = workload.namespace }: WeighedChange): string {
  return namespace === undefined ? workload.name : `${namespace}/${workload.name}`;
}

function labelOf(weighed: WeighedChange, withKind: boolean): string {
  const { workload, container } = weighed.change;
  const who =
    toSingleLine(shortName(weighed), LONGEST_NAME) + (withKind ? ` (${toSingleLine(workload.kind, 40)})` : '');
  return container === workload.name ? who : `${who} · ${toSingleLine(container, LONGEST_NAME)}`;
}

/** Each application of the changes once, by name. */
export function applicationsOf(changes: readonly WeighedChange[]): readonly Application[] {
  const all = changes.map(({ change }) => change.application);
  return [...groupBy(all, (one) => JSON.stringify([one.way, one.name, one.cluster])).values()]
    .flatMap(([first]) => first ?? [])
    .toSorted((a, b) => compareText(nameOf(a), nameOf(b)));
}

/** "overlays/rel", "overlays/rel (cluster production)"; plain text. */
export function nameOf({ name, cluster }: Application): string {
  const short = toSingleLine(name, LONGEST_NAME);
  return cluster === undefined ? short : `${short} (cluster ${toSingleLine(cluster, 60)})`;
}

/** Whether a request or a limit is known to differ between base and head. */
export function isValueTouched({ before, after }: ValueChange): boolean {
  return !isSame(before, after);
}

function isSame(a: Setting, b: Setting): boolean {
  return a.state === 'set' && b.state === 'set' ? a.bytes === b.bytes : a.state === b.state;
}

/** Where a field of a change is shown; where neither field has a place, the file that describes the application. */
export function placeOf(change: ContainerChange, field: SizedField): Place {
  const other = field === 'limit' ? change.request : change.limit;
  return pointAt(change[field]) ?? pointAt(other) ?? { path: change.application.path };
}

function pointAt({ at, decidedBy }: ValueChange): Place | undefined {
  if (at !== undefined) return at;
  return decidedBy.state === 'line' ? { path: decidedBy.path, line: decidedBy.line } : undefined;
}

import type { Inspection } from '../model/inspection.ts';
import { bySeverity, isProblem, type Level } from '../model/level.ts';
import type { ContainerView } from './container-view.ts';
import type { ReportJson } from './report-json.ts';

/** `to` is absent where the container is no longer there. `label` is plain text. */
export interface Change {
  readonly label: string;
  readonly from?: Level;
  readonly to?: Level;
}

/**
 * What changed since an earlier report, by workload container. `added`: a problem that was none; `worse` and `better`:
 * a problem before and after; `gone`: a problem that is none any more; `lost`: a problem of which nothing is known now.
 */
export interface Comparison {
  readonly since: string;
  readonly totals: ReportJson['totals'];
  readonly added: readonly Change[];
  readonly worse: readonly Change[];
  readonly better: readonly Change[];
  readonly gone: readonly Change[];
  readonly lost: readonly Change[];
}

/** Compares with a report of an earlier date; `undefined` where that is not earlier. */
export function compareReports(
  previous: ReportJson,
  date: string,
  inspection: Inspection,
  views: readonly ContainerView[],
): Comparison | undefined {
  if (previous.date >= date) return undefined;
  const earlier = levelsOf(previous);
  const changes = { added: [], worse: [], better: [], gone: [], lost: [] } as Record<Kind, Change[]>;
  for (const view of views) {
    const before = earlier.get(view.key);
    earlier.delete(view.key);
    const kind = kindOf(before?.level, view.level);
    if (kind !== undefined) {
      const from = before === undefined ? {} : { from: before.level };
      changes[kind].push({ label: view.label, ...from, to: view.level });
    }
  }
  const readable = new Set(inspection.namespaces);
  const unread = new Set(
    inspection.notes.flatMap((note) => (note.kind === 'incomplete' ? (note.namespaces ?? []) : [])),
  );
  for (const { level, label, namespace } of earlier.values()) {
    if (!isProblem(level)) continue;
    const seen = readable.has(namespace) && !unread.has(namespace);
    changes[seen ? 'gone' : 'lost'].push({ label, from: level });
  }
  return { since: previous.date, totals: previous.totals, ...changes };
}

type Kind = 'added' | 'worse' | 'better' | 'gone' | 'lost';

function kindOf(before: Level | undefined, now: Level): Kind | undefined {
  if (!isProblem(before)) return isProblem(now) ? 'added' : undefined;
  if (now === 'unknown') return 'lost';
  if (now === 'green') return 'gone';
  const order = bySeverity(before, now);
  if (order === 0) return undefined;
  return order > 0 ? 'worse' : 'better';
}

function levelsOf(report: ReportJson): Map<string, { level: Level; label: string; namespace: string }> {
  return new Map(
    report.workloads.flatMap(({ namespace, kind, name, containers }) =>
      containers.map((container) => {
        const alone = containers.length === 1;
        const label = `${namespace}/${name}${alone ? '' : ` · ${container.name}`}`;
        return [
          `${namespace}/${kind}/${name}/${container.name}`,
          { level: container.level, label, namespace },
        ] as const;
      }),
    ),
  );
}

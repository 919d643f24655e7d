import { UserError } from '../errors.ts';
import { excerpt } from './access/failure.ts';
import type { InstantRow } from './answer.ts';
import type { Notes } from './ask-in-parts.ts';
import { containerOf } from './drafts.ts';

const MOST_NAMES = 5;

function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** The values of the cluster label in the rows of `scopeQuery`, empty for series without one. */
export function readClusters(rows: readonly InstantRow[], clusterLabel: string): readonly string[] {
  return [...new Set(rows.map(({ labels }) => labels[clusterLabel] ?? ''))].sort();
}

/** Throws `UserError` where the rows of `scopeQuery` come from more than one cluster. */
export function checkClusters(rows: readonly InstantRow[], clusterLabel: string): void {
  const values = readClusters(rows, clusterLabel);
  if (values.length <= 1) return;
  const names = values.map((value) => (value === '' ? '(none)' : `"${excerpt(value, 60)}"`));
  const example = values.find((value) => value !== '') ?? '';
  throw new UserError(
    `The inspected namespaces have series from ${values.length} clusters (label ${clusterLabel}: ${nameSome(names)}), which would be mixed up: set prometheus-matchers, for example ${clusterLabel}="${excerpt(example, 60)}", or cluster-label if ${clusterLabel} does not tell clusters apart`,
  );
}

/** The namespaces that have series, from the rows of `scopeQuery`. */
export function namespacesOf(rows: readonly InstantRow[]): string[] {
  return [...new Set(rows.map(({ labels }) => containerOf(labels).namespace))].filter((name) => name !== '').sort();
}

/** The rows of these namespaces. */
export function limitTo(namespaces: readonly string[], rows: readonly InstantRow[]): readonly InstantRow[] {
  const wanted = new Set(namespaces);
  return rows.filter(({ labels }) => wanted.has(containerOf(labels).namespace));
}

/**
 * Says what it means that no series is there now: an error where there was none in the window either, else a note,
 * because containers that run now cannot be judged.
 */
export function explainMissing(
  hasPeaks: boolean,
  scope: { readonly at: number; readonly namespaces: readonly string[] | 'all'; readonly matchers?: string },
  notes: Notes,
): void {
  const which = scope.namespaces === 'all' ? 'any namespace' : `the namespaces ${nameSome(scope.namespaces)}`;
  const when = new Date(scope.at * 1000).toISOString().replace('.000Z', 'Z');
  if (hasPeaks) {
    notes.add({
      kind: 'incomplete',
      text: `Prometheus has no container_memory_working_set_bytes for ${which} in the five minutes before ${when}, only older values: the kubelets are not scraped any more, or nothing runs there`,
    });
    return;
  }
  const matchers = scope.matchers ? `prometheus-matchers (${scope.matchers}), ` : '';
  throw new UserError(
    `Prometheus has no memory series (container_memory_working_set_bytes, from cAdvisor) for ${which} in the window before ${when}: check namespaces, ${matchers}the option at, and that this Prometheus scrapes the kubelets of this cluster`,
  );
}

import type { PodInstance } from '../model/measurement.ts';
import { sizeOf } from '../plausible.ts';
import type { InstantRow } from './answer.ts';
import type { Asker } from './ask-in-parts.ts';
import { type Draft, type Drafts, greater } from './drafts.ts';
import type { StartOfInstance } from './measure-events.ts';
import { instancePeaksQuery } from './queries.ts';

/**
 * Tells apart the pods of one name that ran within the window, as a StatefulSet's do over a rollout. Asks one query, and
 * only if there are any.
 */
export async function measureInstances(
  asker: Asker,
  window: number,
  startOf: StartOfInstance,
  drafts: Drafts,
): Promise<void> {
  const several = [...startOf].filter(([, instances]) => podsOf([...instances.keys()]).size > 1);
  if (several.length === 0) return;
  const replaced = new Map(several.map(([draft, starts]) => [draft, gatherStarts(starts)]));
  const rows = await asker.instant('the peaks of replaced pods', (selection) => instancePeaksQuery(selection, window));
  for (const row of rows) addPeak(row, drafts, replaced);
  for (const [draft, pods] of replaced) {
    draft.instances = [...pods.values()].sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
  }
}

type Pods = Map<string, PodInstance>;

function gatherStarts(starts: ReadonlyMap<string, number>): Pods {
  const pods: Pods = new Map();
  for (const [id, start] of starts) {
    const uid = podUidOf(id);
    if (uid === undefined) continue;
    pods.set(uid, { uid, startedAt: Math.min(start, pods.get(uid)?.startedAt ?? start) });
  }
  return pods;
}

function addPeak({ labels, value }: InstantRow, drafts: Drafts, replaced: ReadonlyMap<Draft, Pods>): void {
  const draft = drafts.of(labels);
  const pods = draft && replaced.get(draft);
  const uid = podUidOf(labels.id ?? '');
  const peak = sizeOf(value);
  if (pods === undefined || uid === undefined || peak === undefined) return;
  pods.set(uid, { ...pods.get(uid), uid, peak: greater(pods.get(uid)?.peak, peak) });
}

function podsOf(ids: readonly string[]): Set<string> {
  return new Set(ids.flatMap((id) => podUidOf(id) ?? []));
}

const POD_UID = /pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})/;

/** The UID of the pod in whose cgroup a container ran; systemd's driver writes it with `_`. */
function podUidOf(id: string): string | undefined {
  return POD_UID.exec(id)?.[1]?.replaceAll('_', '-');
}

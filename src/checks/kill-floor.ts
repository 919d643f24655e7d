import type { Bytes } from '../bytes.ts';
import type { ContainerObservation } from '../model/finding.ts';

/** How far OOMKills within the sizing window let a limit be lowered: `above` is a limit that killed. */
export type KillFloor =
  | { readonly kind: 'none' }
  | { readonly kind: 'above'; readonly limit: Bytes }
  /** It was killed at a limit that is not known; `limit` is the highest of those that are, where there are any. */
  | { readonly kind: 'unknown'; readonly limit?: Bytes };

const NONE: KillFloor = { kind: 'none' };

/** Seconds between the times at which a pod's status and the exporter's series place one kill. */
const SAME_KILL = 1800;

/** What the kills that are known of a container, over all pods of its workload where that was asked for, forbid. */
export function killFloorOf(container: ContainerObservation): KillFloor {
  const kills = container.history?.kills ?? container.oomKills;
  const known = highestFloor(kills.flatMap(({ limit }) => (limit === undefined ? [] : { kind: 'above', limit })));
  const isUnknown = kills.some(({ limit }) => limit === undefined) || hasKillBeside(container, kills);
  return isUnknown ? { ...known, kind: 'unknown' } : known;
}

/** The floor of several containers that share one limit. */
export function highestFloor(floors: readonly KillFloor[]): KillFloor {
  return floors.reduce((highest, floor) => {
    if (highest.kind === 'none' || floor.kind === 'none') return highest.kind === 'none' ? floor : highest;
    const limits = [highest.limit, floor.limit].filter((limit) => limit !== undefined);
    const kind = highest.kind === 'unknown' ? highest.kind : floor.kind;
    const limit = limits.length === 0 ? undefined : (Math.max(...limits) as Bytes);
    return limit === undefined ? { kind: 'unknown' } : { kind, limit };
  }, NONE);
}

/** Whether the pod's status, or the exporter's reason that stays set, tells of a kill that no series places in time. */
function hasKillBeside(
  { at, windows, live, measured }: ContainerObservation,
  kills: readonly { at?: number }[],
): boolean {
  const last = live?.lastTermination;
  if (last?.reason !== 'OOMKilled') return kills.length === 0 && (measured?.oomReason.length ?? 0) > 0;
  const { finishedAt } = last;
  if (finishedAt === undefined) return kills.length === 0;
  if (finishedAt <= at - windows.sizingWindow) return false;
  return !kills.some((kill) => kill.at === undefined || Math.abs(kill.at - finishedAt) <= SAME_KILL);
}

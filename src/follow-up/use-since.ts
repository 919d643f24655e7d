import { type Bytes, bytes } from '../bytes.ts';
import { spacing } from '../checks/statistics.ts';
import type { JoinedWorkload } from '../judge/join.ts';
import type { ContainerObservation, OomKill } from '../model/finding.ts';
import type { FollowedChange, FollowedContainer, UseOverTime } from '../model/follow-up.ts';
import { bytesOf } from '../model/workload.ts';

const DAY = 86_400;

/** A container of a workload, over all pods that it has and had. */
interface Seen {
  readonly live: readonly ContainerObservation[];
  readonly gone: readonly ContainerObservation[];
}

/** The time of a change, by which what it did is told from what was before. Unix seconds. */
export interface Moment {
  readonly mergedAt: number;
  /** When it had rolled out; absent until then. */
  readonly since?: number;
  /** The limit that it set. */
  readonly limit?: Bytes;
}

/** When a change to a container was merged, and the limit that it set. */
export function momentOf({ at }: FollowedChange, { values }: FollowedContainer): Moment {
  const limit = values.find(({ field }) => field === 'limit')?.to;
  return { mergedAt: at, ...(limit && { limit }) };
}

/**
 * What a container has used since a time (unix seconds). What the old pods did on the way is not counted: only pods that
 * started after `mergedAt`, or slots of the others that lie behind it; and kills at the new limit, which are its own.
 */
export function useSince(
  joined: JoinedWorkload,
  container: string,
  moment: Moment & { readonly since: number },
): UseOverTime {
  const { since, mergedAt } = moment;
  const seen = seeContainer(joined, container);
  const all = [...seen.live, ...seen.gone];
  const at = all[0]?.at ?? since;
  const peaks = [
    ...seen.live.map(({ measured }) => measured?.now?.workingSet),
    ...all.flatMap((one) => peaksSince(one, since, mergedAt)),
    ...daysOf(all).flatMap(({ t, v }) => (t - DAY >= since ? [v] : [])),
  ];
  const guessed = guessedKills(joined);
  const kills = killsOf(all).filter((kill) => isOwn(kill, moment, guessed) || isSince(kill, since, all[0]));
  return {
    ...known({
      used: highest(seen.live.map(({ measured }) => measured?.now?.workingSet)),
      peak: highest(peaks),
      limit: highest(seen.live.map(({ limit }) => bytesOf(limit))),
    }),
    ...(seen.live.length > 0 && { restarts: countRestarts(seen.live, since, mergedAt) }),
    oomKills: kills.length,
    days: Math.round((Math.max(0, at - since) / DAY) * 100) / 100,
  };
}

/** The newest OOM kill of a change: at its own limit, or, once it had rolled out, at one that is not known. */
export function killSince(joined: JoinedWorkload, container: string, moment: Moment): OomKill | undefined {
  const { since, limit } = moment;
  const { live, gone } = seeContainer(joined, container);
  const all = [...live, ...gone];
  const guessed = guessedKills(joined);
  return killsOf(all).findLast((kill) => {
    if (isOwn(kill, moment, guessed)) return true;
    const mayBe = kill.limit === undefined || limit === undefined || kill.limit === limit;
    return since !== undefined && mayBe && isSince(kill, since, all[0]);
  });
}

/** Kills of earlier pods of the same name, as a StatefulSet has them: at which limit they were may be a guess. */
function guessedKills({ pods }: JoinedWorkload): ReadonlySet<OomKill> {
  return new Set(
    pods.flatMap(({ pod: { createdAt = 0 }, containers }) =>
      containers.flatMap(({ oomKills }) => oomKills.filter(({ at }) => at !== undefined && at < createdAt)),
    ),
  );
}

/** The first pods that had the new limit may be gone by the time that all have it, or that a run looks. */
function isOwn(kill: OomKill, { mergedAt, limit }: Moment, guessed: ReadonlySet<OomKill>): boolean {
  const { at, limit: killedAt } = kill;
  return !guessed.has(kill) && at !== undefined && at > mergedAt && limit !== undefined && killedAt === limit;
}

/** What it used in the days before a time, as far as the sizing window knows them; undefined where it knows nothing. */
export function useBefore(
  joined: JoinedWorkload,
  container: string,
  until: number,
  seconds: number,
  moment: Moment,
): UseOverTime | undefined {
  const { live, gone } = seeContainer(joined, container);
  const all = [...live, ...gone];
  const from = until - seconds;
  const days = daysOf(all).filter(({ t }) => t <= until && t - DAY >= from);
  const inWindow = all.flatMap(({ measured }) =>
    (measured?.averages ?? []).filter(({ t }) => t <= until && t > from).map(({ v }) => v),
  );
  if (days.length === 0 && inWindow.length === 0) return undefined;
  const guessed = guessedKills(joined);
  const kills = killsOf(all).filter(
    (kill) => kill.at !== undefined && kill.at > from && kill.at <= until && !isOwn(kill, moment, guessed),
  );
  return {
    ...known({ peak: highest([...days.map(({ v }) => v), ...inWindow]) }),
    oomKills: kills.length,
    days: Math.min(seconds / DAY, Math.max(days.length, 1)),
  };
}

function seeContainer({ pods, gone }: JoinedWorkload, name: string): Seen {
  return {
    live: pods.flatMap(({ containers }) => containers.filter(({ container }) => container === name)),
    gone: gone.filter(({ container }) => container === name),
  };
}

/** Each pod's own history is the workload's. */
function daysOf(all: readonly ContainerObservation[]) {
  return all.find(({ history }) => history !== undefined)?.history?.dailyPeaks ?? [];
}

function killsOf(all: readonly ContainerObservation[]): readonly OomKill[] {
  const told = all.find(({ history }) => history !== undefined)?.history?.kills;
  return told ?? all.flatMap(({ oomKills }) => oomKills).sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** One without a time happened within the window, and so since then where the window began later. */
function isSince({ at }: OomKill, since: number, one: ContainerObservation | undefined): boolean {
  if (at !== undefined) return at > since;
  return one !== undefined && one.at - one.windows.window >= since;
}

function peaksSince(
  { measured, startedAt, at, windows }: ContainerObservation,
  since: number,
  mergedAt: number,
): readonly (Bytes | undefined)[] {
  if (measured === undefined) return [];
  const isNew = startedAt !== undefined && startedAt >= mergedAt && measured.starts.every(({ v }) => v >= mergedAt);
  if (isNew || since <= at - windows.window) return [measured.peak];
  const slot = spacing(measured.averages, windows.window / 48);
  return measured.averages.flatMap(({ t, v }) => (t - slot >= since ? [bytes(v)] : []));
}

function countRestarts(live: readonly ContainerObservation[], since: number, mergedAt: number): number {
  return live.reduce((sum, one) => {
    const isNew = one.startedAt !== undefined && one.startedAt >= mergedAt;
    const isWhole = since <= one.at - one.windows.window;
    return sum + (isNew && !isWhole ? (one.live?.restarts ?? 0) : one.restartsInWindow);
  }, 0);
}

function highest(values: readonly (number | undefined)[]): Bytes | undefined {
  const there = values.filter((value) => value !== undefined);
  return there.length === 0 ? undefined : bytes(Math.max(...there));
}

function known<T extends Readonly<Record<string, unknown>>>(values: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: NonNullable<T[Name]> };
}

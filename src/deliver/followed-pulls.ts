import { type Bytes, bytes } from '../bytes.ts';
import type {
  FollowedChange,
  FollowedContainer,
  FollowedValue,
  Rollout,
  SuggestedPull,
  TakenBack,
} from '../model/follow-up.ts';
import { kindOf } from '../model/kinds.ts';
import type { Direction } from '../model/suggestion.ts';
import type { WorkloadRef } from '../model/workload.ts';
import { sizeOf } from '../plausible.ts';
import { branchFolder, directionOfSlug, isSlug } from './branch-names.ts';
import type { PullRequestOptions } from './delivery-input.ts';
import type { FollowedContainerState } from './followed-state.ts';
import { keysOf, type MarkedChange, type Marker } from './marker.ts';
import { type KnownPulls, mayBeOurs, type OwnPull } from './own-pulls.ts';
import { wasClosedByRun } from './refusals.ts';
import { readSeal, readValues } from './seal.ts';

/** What a run's own pull requests have come to. */
export interface EndedPulls {
  /** The newest first. */
  readonly merged: readonly FollowedChange[];
  /** Closed by a run: somebody may have made the change by hand. */
  readonly withdrawn: readonly FollowedChange[];
  readonly takenBack: TakenBack;
  /** All, for the scorecard. */
  readonly suggested: readonly SuggestedPull[];
}

/** Which of them are this run's. */
export type EndedScope = Pick<PullRequestOptions, 'branchPrefix' | 'clusterName'>;

/** Tells the pull requests of this run's folder and cluster apart by their ends. */
export function sortEnded(pulls: KnownPulls, scope: EndedScope): EndedPulls {
  const folder = branchFolder(scope);
  const isMine = (branch: string) => branch.startsWith(folder) && isSlug(branch.slice(folder.length));
  const own = pulls.own.filter(
    ({ head, marker }) => isMine(head.branch) && (marker.scope?.cluster ?? scope.clusterName) === scope.clusterName,
  );
  const ended = keepTrueReverts(own.filter(({ base, marker }) => base === marker.base));
  return {
    merged: [
      ...ended.flatMap((pull) => (pull.mergedAt === undefined ? [] : [toChange(pull, pull.mergedAt, folder)])),
      ...findUnmarked(pulls, isMine, folder),
    ].sort((a, b) => b.at - a.at),
    withdrawn: ended.flatMap((pull) =>
      wasClosedByRun(pull) ? [{ ...toChange(pull, pull.closedAt ?? 0, folder), how: 'by hand' as const }] : [],
    ),
    takenBack: findTakenBack(ended),
    suggested: own.map((pull) => toSuggested(pull)),
  };
}

/** Anybody may edit what a pull request says of itself: it can only take back what an earlier one did to the same container. */
function keepTrueReverts(pulls: readonly OwnPull[]): OwnPull[] {
  const changed = new Map(pulls.map(({ number, marker }) => [number, new Set(keysOf(marker.changes))]));
  return pulls.map((pull) => {
    const { reverts, ...marker } = pull.marker;
    if (reverts === undefined) return pull;
    const isTrue = ([key, back]: readonly [string, number]) =>
      back === 0 || (back < pull.number && changed.get(back)?.has(key) === true);
    return { ...pull, marker: { ...marker, reverts: Object.fromEntries(Object.entries(reverts).filter(isTrue)) } };
  });
}

/** Of a pull request that takes one container's change back, the others are none of it. */
function findTakenBack(pulls: readonly OwnPull[]): TakenBack {
  const found = new Map<number, Map<string, number>>();
  for (const { mergedAt, number, marker } of pulls) {
    if (mergedAt === undefined) continue;
    const keys = new Set(keysOf(marker.changes));
    for (const [key, back] of Object.entries(marker.reverts ?? {})) {
      if (!keys.has(key)) continue;
      const ofPull = found.get(back) ?? new Map<string, number>();
      found.set(back, ofPull.set(key, number));
    }
  }
  return found;
}

function toChange(pull: OwnPull, at: number, folder: string): FollowedChange {
  const { marker, head, number, url } = pull;
  const direction = directionOfSlug(head.branch.slice(folder.length));
  const containers = keysOf(marker.changes).flatMap((key) => toContainer(key, marker, direction));
  const { followed, reverts } = marker;
  const isPure = containers.every(({ takesBack }) => takesBack);
  const takesBack = Object.values(reverts ?? {}).find((back) => back > 0);
  return {
    number,
    url,
    how: followed?.how ?? 'merged',
    at: followed?.how === 'by hand' ? followed.at : at,
    ...(marker.before === undefined && { unannounced: true }),
    ...(followed && { begun: true }),
    ...(isPure && takesBack !== undefined && { reverts: takesBack }),
    containers,
    settled: followed?.settled ?? false,
  };
}

function toContainer(key: string, marker: Marker, direction: Direction): FollowedContainer[] {
  const named = parseKey(key);
  const known = marker.followed?.containers[key];
  const values = known?.values ?? valuesOf(key, marker.changes, marker.was);
  if (named === undefined || values.length === 0) return [];
  const { pods: _, ...before } = marker.before?.[key] ?? {};
  return [
    {
      ...named,
      direction,
      ...(marker.reverts?.[key] !== undefined && { takesBack: true }),
      values,
      ...(known?.before || Object.keys(before).length > 0 ? { before: known?.before ?? before } : {}),
      rollout: rolloutOf(known),
      ...(known?.after && { after: known.after }),
      looks: known?.looks ?? [],
      verdict: known?.verdict ?? { kind: 'open' },
    },
  ];
}

/** How far a change had come: what was over stays over. */
function rolloutOf(known: FollowedContainerState | undefined): Rollout {
  if (known?.rolledOutAt !== undefined) return { state: 'rolled out', at: known.rolledOutAt };
  switch (known?.verdict.kind) {
    case 'gone':
      return { state: 'gone' };
    case 'replaced':
    case 'reverted':
      return { state: 'replaced' };
    default:
      return { state: 'not seen' };
  }
}

/** A merged pull request whose body a person has replaced: the message of its commit still tells what it set. */
function findUnmarked({ others }: KnownPulls, isMine: (branch: string) => boolean, folder: string): FollowedChange[] {
  return others.flatMap((pull): FollowedChange[] => {
    const { mergedAt, head, number, url } = pull;
    if (mergedAt === undefined || !isMine(head.branch) || !mayBeOurs(pull)) return [];
    if (head.commit === undefined || readSeal(head.commit) === undefined) return [];
    const changes = readValues(head.commit.message);
    const direction = directionOfSlug(head.branch.slice(folder.length));
    const marker = { base: pull.base, fingerprint: '', changes, paths: [] };
    const containers = keysOf(changes).flatMap((key) => toContainer(key, marker, direction));
    return containers.length === 0 ? [] : [{ number, url, how: 'merged', at: mergedAt, containers, settled: false }];
  });
}

function toSuggested(pull: OwnPull): SuggestedPull {
  const { number, createdAt, state, mergedAt, marker } = pull;
  const ended = wasClosedByRun(pull) ? 'withdrawn' : 'declined';
  return {
    number,
    createdAt,
    state: state === 'closed' ? ended : state,
    ...(mergedAt === undefined ? {} : { mergedAt }),
    keys: keysOf(marker.changes),
    red: (marker.red ?? []).length > 0,
    values: keysOf(marker.changes).flatMap((key) =>
      valuesOf(key, marker.changes, marker.was).map((value) => ({ ...value, pods: marker.before?.[key]?.pods ?? 1 })),
    ),
  };
}

function valuesOf(
  key: string,
  changes: readonly MarkedChange[],
  was: readonly MarkedChange[] | undefined,
): FollowedValue[] {
  return changes.flatMap(([of, field, size]): FollowedValue[] => {
    const to = sizeOf(size);
    if (of !== key || to === undefined) return [];
    const old = was?.find((one) => one[0] === key && one[1] === field)?.[2];
    const from: Bytes | undefined = old === undefined || sizeOf(old) === undefined ? undefined : bytes(old);
    const unknown = was === undefined && { fromUnknown: true as const };
    return [{ field, ...(from === undefined ? unknown : { from }), to }];
  });
}

/** `namespace/kind/name/container`; undefined for what no run writes. */
function parseKey(key: string): { readonly workload: WorkloadRef; readonly container: string } | undefined {
  const [namespace, kind, name, container, ...more] = key.split('/');
  if (!namespace || !kind || !name || !container || more.length > 0) return undefined;
  const apiVersion = kindOf(kind)?.apiVersion ?? '';
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return { workload: { namespace, group, kind, name }, container };
}

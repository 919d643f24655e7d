import type { Bytes } from '../bytes.ts';
import type { JudgedPod, JudgedWorkload, JudgedWorkloadContainer } from '../model/inspection.ts';
import type { Location, NotLocatedReason } from '../model/location.ts';
import type { Direction } from '../model/suggestion.ts';
import { bytesOf, type Workload, workloadContainerKey } from '../model/workload.ts';
import type { MarkedChange } from './marker.ts';

/** Why a container may still need a change though the run has none for it. */
export type Uncertainty = 'not judged' | 'not located' | 'near the line';

/** What a container's manifest declares, as far as the cluster tells. */
export type DeclaredSizes = { readonly [Field in 'limit' | 'request']?: Bytes };

/** What a run saw of the containers that it proposes nothing for; by the keys `namespace/kind/name/container`. */
export interface Needs {
  readonly doubts: ReadonlyMap<string, Uncertainty>;
  /** With these a pull request has nothing left to do, whatever is used. */
  readonly settled: ReadonlySet<string>;
  /** What their manifests declare is not what runs: the change may have been made, or the cluster edited. */
  readonly drifted: ReadonlySet<string>;
  /** Their limits are too low: to lower them further does harm. */
  readonly short: ReadonlySet<string>;
  /** Of workloads that have no pods now. */
  readonly idle: ReadonlySet<string>;
  /** Every container that there is. One that is missing is gone. */
  readonly declared: ReadonlyMap<string, DeclaredSizes>;
}

/** The file is gone, or a person forbids it. */
const SETTLED: readonly NotLocatedReason[] = ['no manifest', 'hands off'];

/** So many points below the line for limits a need is not over yet: usage flickers. */
const NEAR = 5;

export interface SeenWorkloads {
  readonly workloads: readonly JudgedWorkload[];
  /** All of the cluster, also those without pods. */
  readonly known: readonly Workload[];
  /** Percent of the limit from which a limit is too low, for a container. */
  readonly usageRed: (workload: Workload, container: string) => number;
}

/** Why open pull requests must not be closed for want of a change, and which may at once. */
export function gatherNeeds({ workloads, known, usageRed }: SeenWorkloads, locations: readonly Location[]): Needs {
  const doubts = new Map<string, Uncertainty>();
  const settled = new Set<string>();
  const short = new Set<string>();
  const declared = new Map<string, DeclaredSizes>();
  for (const workload of known) {
    for (const { name, limit, request } of workload.containers) {
      declared.set(workloadContainerKey(workload.ref, name), { limit: bytesOf(limit), request: bytesOf(request) });
    }
  }
  for (const { workload, containers, pods } of workloads) {
    for (const container of containers) {
      const key = workloadContainerKey(workload.ref, container.name);
      if (!declared.has(key)) declared.set(key, {});
      const { suggestion } = container;
      if (suggestion?.direction === 'raise' && suggestion.limit !== undefined) short.add(key);
      if (suggestion !== undefined) continue;
      if (container.withheld !== undefined || container.level === 'unknown') doubts.set(key, 'not judged');
      else if (!isIgnored(pods, container.name) && isNear(container, usageRed(workload, container.name)))
        doubts.set(key, 'near the line');
    }
  }
  const drifted = new Set<string>();
  for (const location of locations) {
    const { workload, container } = location.suggestion;
    const key = workloadContainerKey(workload, container);
    if (location.state === 'located') continue;
    if (SETTLED.includes(location.reason)) settled.add(key);
    else if (location.reason === 'drift') drifted.add(key);
    else doubts.set(key, 'not located');
  }
  const judged = new Set(
    workloads.flatMap(({ workload, containers }) =>
      containers.map(({ name }) => workloadContainerKey(workload.ref, name)),
    ),
  );
  const idle = new Set([...declared.keys()].filter((key) => !judged.has(key)));
  return { doubts, settled, drifted, short, idle, declared };
}

function isIgnored(pods: readonly JudgedPod[], name: string): boolean {
  return pods.some(({ containers }) => containers.some((one) => one.name === name && one.ignored !== undefined));
}

function isNear({ worst }: JudgedWorkloadContainer, line: number): boolean {
  const percent = worst.usage?.finding.facts.percent ?? 0;
  return percent >= line - NEAR && percent < line;
}

/** Whether nothing is left to do for a container: it is gone, or declares as much (or as little) as the changes set. */
export function isSettled(needs: Needs, key: string, changes: readonly MarkedChange[], direction: Direction): boolean {
  if (needs.settled.has(key)) return true;
  const declared = needs.declared.get(key);
  if (declared === undefined) return true;
  return changes
    .filter((change) => change[0] === key)
    .every(([, field, size]) => {
      const now = declared[field];
      return now !== undefined && (direction === 'raise' ? now >= size : now <= size);
    });
}

/** Whether somebody has given a container another value of their own, in the direction of what was proposed. */
export function isChangedByHand(
  needs: Needs,
  key: string,
  was: readonly MarkedChange[] | undefined,
  direction: Direction,
): boolean {
  const declared = needs.declared.get(key);
  const old = was?.filter((change) => change[0] === key) ?? [];
  return old.some(([, field, size]) => {
    const now = declared?.[field];
    return now !== undefined && (direction === 'raise' ? now > size : now < size);
  });
}

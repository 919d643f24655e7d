import type { ScrapeMarks } from '../model/jvm.ts';
import { groupOf, isControllerKind } from '../model/kinds.ts';
import {
  type IgnoreMark,
  type Pod,
  type TemplateContainer,
  type Workload,
  type WorkloadRef,
  workloadKey,
} from '../model/workload.ts';
import type { OwnerReference } from './api-types.ts';
import type { SeenPod } from './map-pod.ts';
import type { SeenWorkload, UpdatedPods } from './map-workload.ts';
import type { SizeSteering, Steerings } from './read-steering.ts';
import { STEERERS } from './steerers.ts';

export interface Seen {
  readonly workloads: readonly SeenWorkload[];
  readonly pods: readonly SeenPod[];
  /** The controllers of ReplicaSets by the ReplicaSet's UID; those that nobody owns have none. */
  readonly replicaSets: ReadonlyMap<string, OwnerReference | undefined>;
  /** With a selector: the UIDs of the pods whose own labels it matches. */
  readonly selectedPods?: ReadonlySet<string>;
}

/** The steerers whose objects say all that they steer. */
const SAID_BY_OBJECTS = new Set(
  STEERERS.filter(({ objects, workloadAnnotations }) => objects && !workloadAnnotations).map(({ name }) => name),
);

type Draft = Omit<Workload, 'vpa' | 'memoryHpa' | 'pods' | 'containers' | 'ignoreMarks' | 'scrapeMarks'> & {
  scrapeMarks?: ScrapeMarks;
  ignoreMarks: readonly IgnoreMark[];
  /** When the pod was made that they come from. */
  marksFrom: number;
  readonly containers: TemplateContainer[];
  readonly pods: Pod[];
  /** Whether `containers` is what the workload's manifest holds, rather than what its pods were seen with. */
  readonly templateKnown: boolean;
  readonly updated?: UpdatedPods;
  readonly asksFor?: string;
};

/** Puts each pod under the workload that its memory settings come from; sorted by namespace, kind and name. */
export function assembleWorkloads(
  seen: Seen,
  steering: Pick<Steerings, 'sizes' | 'memoryHpa'>,
  isNamedJvm: (ref: WorkloadRef) => boolean = () => false,
): readonly Workload[] {
  const drafts = new Map<string, Draft>();
  for (const workload of seen.workloads) drafts.set(workloadKey(workload.ref), draftOf(workload));
  for (const pod of seen.pods) place(pod, drafts, seen);
  return [...drafts.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([, { templateKnown: _, updated: __, asksFor, ignoreMarks, marksFrom: ___, scrapeMarks, pods, ...draft }]) => ({
        ...draft,
        ...(scrapeMarks && (isNamedJvm(draft.ref) || draft.containers.some(isJvm)) ? { scrapeMarks } : {}),
        ...(ignoreMarks.length === 0 ? {} : { ignoreMarks }),
        ...sayWhoSteers(steering.sizes(draft.ref), pods, asksFor),
        memoryHpa: steering.memoryHpa(draft.ref),
        pods: pods.sort((a, b) => (a.name < b.name ? -1 : 1)),
      }),
    );
}

function isJvm({ jvmBy, jvm }: TemplateContainer): boolean {
  return jvmBy !== undefined || jvm !== undefined;
}

/** What objects say comes first; then what steers without objects, or with some that could not be read, by its traces. */
function sayWhoSteers(
  { state, by, unread }: SizeSteering,
  pods: readonly Pod[],
  asksFor: string | undefined,
): Pick<Workload, 'vpa' | 'steeredBy'> {
  if (by !== undefined) return { vpa: 'steered', steeredBy: by };
  const traces = pods.flatMap(({ sizedBy, resizedBy = [] }) => [sizedBy, resizedBy.at(-1)?.steerer]);
  const name = [asksFor, ...traces].find(
    (one) => one !== undefined && (unread.includes(one) || !SAID_BY_OBJECTS.has(one)),
  );
  return name === undefined ? { vpa: state } : { vpa: 'steered', steeredBy: { name } };
}

/** Whether the ReplicaSet of a pod has to be looked at to know what the pod belongs to. */
export function needsReplicaSet(pod: SeenPod, workloads: ReadonlySet<string>, selecting: boolean): boolean {
  if (pod.owner?.kind !== 'ReplicaSet') return false;
  return pod.deployment === undefined || !(selecting || workloads.has(deploymentKey(pod)));
}

function place(seenPod: SeenPod, drafts: Map<string, Draft>, seen: Seen): void {
  const selected = seen.selectedPods?.has(seenPod.pod.uid) ?? true;
  const found = drafts.get(knownKey(seenPod, seen));
  if (found?.templateKnown) {
    found.pods.push(markCurrent(markInjected(seenPod.pod, found.containers), seenPod.revision, found.updated));
    return;
  }
  if (!selected || (seen.selectedPods && isOfKindRead(seenPod, seen))) return;
  const draft = found ?? draftOfOwner(seenPod, seen);
  drafts.set(workloadKey(draft.ref), draft);
  for (const container of seenPod.template ?? []) {
    if (!draft.containers.some(({ name }) => name === container.name)) draft.containers.push(container);
  }
  draft.scrapeMarks = seenPod.scrapeMarks ?? draft.scrapeMarks;
  // During a rollout the older pods carry what the former template said.
  const { createdAt = 0 } = seenPod.pod;
  if (createdAt >= draft.marksFrom) [draft.marksFrom, draft.ignoreMarks] = [createdAt, seenPod.ignoreMarks ?? []];
  draft.pods.push(seenPod.pod);
}

function draftOf(workload: SeenWorkload): Draft {
  const { uid: _, madeBy, containers, ...rest } = workload;
  return {
    ...rest,
    containers: [...containers],
    pods: [],
    ignoreMarks: workload.ignoreMarks ?? [],
    marksFrom: 0,
    templateKnown: true,
    edit: madeBy
      ? { allowed: false, why: `It is managed by ${nameOf(madeBy)}, which would undo a change: set the memory there` }
      : { allowed: true },
  };
}

function draftOfOwner(seenPod: SeenPod, seen: Seen): Draft {
  const { namespace, pod, hints = {} } = seenPod;
  const owner = topOwner(seenPod, seen);
  const empty = { containers: [], pods: [], templateKnown: false, hints, ignoreMarks: [], marksFrom: 0 };
  if (!owner) return { ...empty, ref: { namespace, group: '', kind: 'Pod', name: pod.name }, edit: { allowed: true } };
  return { ...empty, ref: refOf(namespace, owner), edit: { allowed: false, why: whyNotEdited(owner, seenPod, seen) } };
}

function whyNotEdited(owner: OwnerReference, pod: SeenPod, seen: Seen): string {
  if (owner.kind === 'Node') return `Static pods of the node "${owner.name}": change their manifests on the node`;
  if (isControllerKind(owner.kind)) return `${nameOf(owner)} no longer existed, or did not exist yet, when it was read`;
  if (owner.kind === 'ReplicaSet' && !seen.replicaSets.has(pod.owner?.uid ?? '')) {
    return `The owner of ${nameOf(owner)} could not be read: grant the right to list replicasets in API group "apps"`;
  }
  return `Its pods belong to ${nameOf(owner)}: set the memory there, or in its source`;
}

/** The object that a pod belongs to in the end: a ReplicaSet's own owner, where it has one. */
function topOwner(pod: SeenPod, seen: Seen): OwnerReference | undefined {
  if (pod.owner?.kind !== 'ReplicaSet') return pod.owner;
  return seen.replicaSets.get(pod.owner.uid) ?? pod.owner;
}

function knownKey(pod: SeenPod, seen: Seen): string {
  const owner = topOwner(pod, seen);
  if (owner === undefined) return workloadKey({ namespace: pod.namespace, group: '', kind: 'Pod', name: pod.pod.name });
  if (owner.kind === 'ReplicaSet' && pod.deployment !== undefined && !seen.replicaSets.has(owner.uid)) {
    return deploymentKey(pod);
  }
  return workloadKey(refOf(pod.namespace, owner));
}

function isOfKindRead(pod: SeenPod, seen: Seen): boolean {
  return pod.deployment !== undefined || isControllerKind(topOwner(pod, seen)?.kind ?? '');
}

function deploymentKey(pod: SeenPod): string {
  return workloadKey({ namespace: pod.namespace, group: 'apps', kind: 'Deployment', name: pod.deployment ?? '' });
}

function refOf(namespace: string, owner: OwnerReference): WorkloadRef {
  return { namespace, group: groupOf(owner.apiVersion), kind: owner.kind, name: owner.name };
}

function nameOf({ kind, name, apiVersion }: OwnerReference): string {
  return `${kind} "${name}" (${apiVersion})`;
}

/** A pod that ends is often one of an earlier template. */
function markCurrent(pod: Pod, revision: string | undefined, updated: UpdatedPods | undefined): Pod {
  if (pod.deleting || updated === undefined || updated.kind === 'not known') return pod;
  return { ...pod, current: updated.kind === 'all' || updated.revision === revision };
}

function markInjected(pod: Pod, template: readonly TemplateContainer[]): Pod {
  const names = new Set(template.map(({ name }) => name));
  if (pod.containers.every(({ name }) => names.has(name))) return pod;
  return {
    ...pod,
    containers: pod.containers.map((container) =>
      names.has(container.name) ? container : { ...container, injected: true },
    ),
  };
}

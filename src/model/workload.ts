import type { Bytes } from '../bytes.ts';
import type { JvmFlags, JvmSign, JvmSizing, ScrapeMarks } from './jvm.ts';

/** A request or a limit: set, known to be missing, or not known. */
export type Setting =
  | { readonly state: 'set'; readonly bytes: Bytes }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown' };

/** The bytes of a setting that is set. */
export function bytesOf(setting: Setting | undefined): Bytes | undefined {
  return setting?.state === 'set' ? setting.bytes : undefined;
}

/** What names a workload. `group` is the API group (`apps`, empty for core). */
export interface WorkloadRef {
  readonly namespace: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** `namespace/kind/name`, unique within a cluster for the kinds inspected; used as a map key and in JSON. */
export function workloadKey(ref: WorkloadRef): string {
  return `${ref.namespace}/${ref.kind}/${ref.name}`;
}

/** `namespace/kind/name/container`: a container over all pods of its workload. */
export function workloadContainerKey(ref: WorkloadRef, container: string): string {
  return `${workloadKey(ref)}/${container}`;
}

/**
 * What has sizes: a container, a native sidecar, or the pod as a whole (`spec.resources`), where its limit bounds all of its
 * containers together. The last is treated as one more container, of a name that none can have.
 */
export type SizedKind = 'container' | 'sidecar' | 'pod';

/** The name under which the pod as a whole stands among its containers. */
export const WHOLE_POD = '(pod)';

/** A container as the workload's template (or the bare pod's spec) defines it. */
export interface TemplateContainer {
  readonly name: string;
  readonly kind: SizedKind;
  readonly image: string;
  readonly limit: Setting;
  readonly request: Setting;
  readonly jvm?: JvmSizing;
  /** Absent in recordings of earlier versions. */
  readonly jvmFlags?: JvmFlags;
  /** What shows that it is a JVM; absent where nothing does, and in recordings of earlier versions. */
  readonly jvmBy?: JvmSign;
}

/** `unknown`: the right to read it is missing, so nothing is concluded. */
export type Steering = 'none' | 'steered' | 'unknown';

/** What sets the sizes of pods besides their manifests: `VPA` and its mode, `CAST AI`, … */
export interface SteeredBy {
  readonly name: string;
  /** Text from the cluster: `InPlaceOrRecreate`, `Apply`. */
  readonly mode?: string;
}

/** Labels and annotations that name where a live object comes from; hints, verified before use. */
export interface OriginHints {
  readonly argoTrackingId?: string;
  /** The label by which Argo CD may mark what it applies, and by which others name what they install. */
  readonly instance?: string;
  readonly fluxKustomization?: string;
  readonly fluxHelmRelease?: string;
  readonly helmRelease?: string;
  readonly helmReleaseNamespace?: string;
  readonly helmChart?: string;
  readonly managedBy?: string;
  readonly component?: string;
}

/**
 * A Deployment, StatefulSet, DaemonSet, a pod that nobody owns, or any other controller that owns pods.
 * `edit` says whether its manifest may be changed; for the others, why not and which resource to change instead.
 */
export interface Workload {
  readonly ref: WorkloadRef;
  readonly edit: { readonly allowed: true } | { readonly allowed: false; readonly why: string };
  readonly replicas?: number;
  readonly strategy?: string;
  readonly containers: readonly TemplateContainer[];
  /** Whether a VPA, or something like it, sets its sizes. */
  readonly vpa: Steering;
  /** What does, where `vpa` is `steered`; absent in recordings of earlier versions. */
  readonly steeredBy?: SteeredBy;
  readonly memoryHpa: Steering;
  readonly hints: OriginHints;
  /** Absent where there are none. */
  readonly ignoreMarks?: readonly IgnoreMark[];
  /** Absent where its rollout is complete, and in recordings of earlier versions. */
  readonly rollout?: OpenRollout;
  /** Only of what holds a JVM. */
  readonly scrapeMarks?: ScrapeMarks;
  readonly pods: readonly Pod[];
}

/** How far a controller has come that has not replaced all pods by such of its present template, as it says itself. */
export interface OpenRollout {
  /** Whether it has seen the present template: else the numbers are of an earlier one. */
  readonly observed: boolean;
  /** The pods that there are, of any template. */
  readonly pods: number;
  /** Those of the present template. */
  readonly updated: number;
  readonly ready: number;
  readonly paused?: boolean;
  /** Of a StatefulSet: so many of its pods keep their template. */
  readonly partition?: number;
  /** Why it cannot make a pod: a quota, a LimitRange, an admission. Text from the cluster, cut short, as the next. */
  readonly refused?: string;
  /** What it says of a rollout that takes longer than its deadline. */
  readonly overdue?: string;
}

/** An annotation that asks to ignore a container, or all where it names none: text from the cluster, as it stands. */
export interface IgnoreMark {
  readonly container?: string;
  readonly text: string;
  /** Whether it was too long to be kept: `text` is empty. */
  readonly cut?: boolean;
}

/** A pod of the workload that exists now. Times are unix seconds. */
export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly node?: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly deleting: boolean;
  readonly createdAt?: number;
  readonly containers: readonly PodContainer[];
  /** It asks for memory as a whole, without a limit as a whole; its containers need not ask themselves. */
  readonly requestsAsWhole?: boolean;
  /** Whether it was made from the workload's present template; absent where that is not known. */
  readonly current?: boolean;
  /** A change of its sizes in place that the node has not made. */
  readonly resize?: PendingResize;
  /** Who changed memory in place, the last one last. */
  readonly resizedBy?: readonly ResizeMark[];
  /** What has sized it by its own annotations. */
  readonly sizedBy?: string;
  /** Why it does not run, where something is wrong; absent in recordings of earlier versions. */
  readonly trouble?: PodTrouble;
}

/** Whether it takes room on a node, or waits for some. */
export function isThere({ deleting, phase }: Pod): boolean {
  return !deleting && phase !== 'Failed' && phase !== 'Succeeded';
}

/**
 * Why a pod, or one of its containers, does not run: `Unschedulable`, `ImagePullBackOff`, `CrashLoopBackOff`, `OOMKilled`, in
 * the API's own words. Texts from the cluster, cut short.
 */
export interface PodTrouble {
  readonly reason: string;
  readonly message?: string;
}

/** A limit and a request. */
export interface Sizes {
  readonly limit: Setting;
  readonly request: Setting;
}

/** What is asked for, and what the kubelet says is in force; `actual` is absent where it does not say. */
export interface LiveSizes extends Sizes {
  readonly actual?: Sizes;
}

/** The sizes in force: where the kubelet does not say, those that are asked for. */
export function inForce({ limit, request, actual }: LiveSizes): Sizes {
  return actual ?? { limit, request };
}

/**
 * `deferred`: the node has no room now; `infeasible`: it never will have; `failed`: the kubelet could not do it.
 * `message` is the kubelet's, cut to a sentence or two: text from the cluster.
 */
export interface PendingResize {
  readonly state: 'deferred' | 'infeasible' | 'pending' | 'in progress' | 'failed';
  readonly message?: string;
}

/** A field manager that set memory through the `resize` subresource. `by` is text from the cluster, `at` unix seconds. */
export interface ResizeMark {
  readonly by: string;
  /** A person, or a script of one, who does it once. */
  readonly byHand?: boolean;
  /** The name of the steerer that is known to go by this name. */
  readonly steerer?: string;
  readonly at?: number;
  /** `WHOLE_POD` among them where it sized the pod as a whole. */
  readonly containers: readonly string[];
}

/** A container (or native sidecar) of a pod as the API server knows it; `injected` ones are not in the template. */
export interface PodContainer {
  readonly name: string;
  readonly kind: SizedKind;
  readonly injected: boolean;
  /** What the pod asks for. */
  readonly limit: Setting;
  readonly request: Setting;
  /** What the kubelet says is in force; absent where it does not say. */
  readonly actual?: Sizes;
  readonly running: boolean;
  readonly startedAt?: number;
  readonly restarts: number;
  readonly lastTermination?: { readonly reason: string; readonly exitCode?: number; readonly finishedAt?: number };
}

/** What refuses pods whose containers leave a size out. */
export type DemandedBy = 'ResourceQuota' | 'LimitRange';

/** Bounds of a namespace that could be read: `undefined` fields were not set or not readable. */
export interface NamespaceBounds {
  readonly namespace: string;
  readonly containerMax?: Bytes;
  readonly containerMin?: Bytes;
  /** The limit of the pod as a whole, which no container may exceed. */
  readonly podMax?: Bytes;
  readonly quotaLimitsLeft?: Bytes;
  readonly quotaRequestsLeft?: Bytes;
  /** What a LimitRange gives a container that leaves its size out. */
  readonly defaultLimit?: Bytes;
  readonly defaultRequest?: Bytes;
  /** How many times its request a container's limit may be. */
  readonly limitPerRequest?: number;
  /** Of all containers of a pod together, by a LimitRange. */
  readonly podSumMax?: Bytes;
  readonly podSumMin?: Bytes;
  readonly demandsLimit?: DemandedBy;
  readonly demandsRequest?: DemandedBy;
}

/** Which part of a cluster was looked at, also where nothing was found. Namespaces are globs. */
export interface Inspected {
  readonly namespaces: readonly string[];
  /** Of those, the ones that were left out or could not be read. */
  readonly except: readonly string[];
  /** The label selector of the workloads that were looked at; without it all were. */
  readonly selector?: string;
}

/** What the API server knows of the inspected part of the cluster. `incomplete` names what could not be read. */
export interface ClusterState {
  readonly namespaces: readonly string[];
  /** Absent in recordings of earlier versions. */
  readonly inspected?: Inspected;
  readonly workloads: readonly Workload[];
  readonly bounds: readonly NamespaceBounds[];
  readonly largestNodeAllocatable?: Bytes;
  /** Kubernetes' version, such as `1.34.4`, where the API server told it. */
  readonly version?: string;
  readonly notes: readonly QualityNote[];
}

/**
 * Something about the data that the reader must know. `incomplete` makes the run end as incomplete;
 * `info` does not. Where `namespace` (and `workloads`) are given, only those are touched.
 */
export interface QualityNote {
  readonly kind: 'info' | 'incomplete';
  readonly text: string;
  readonly namespaces?: readonly string[];
  readonly partial?: boolean;
  /** Partial data from which sizes are suggested, but no level is judged. */
  readonly only?: 'sizes';
}

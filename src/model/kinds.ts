import type { WorkloadRef } from './workload.ts';

/** What has to be known of a kind of workloads. To inspect another kind, add its row to `WORKLOAD_KINDS`. */
interface KindOfWorkload {
  /** Of its objects: `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string;
  /** The resource by which its objects are listed: `deployments`. */
  readonly resource: string;
  /** The path, within its object, of the pod spec. */
  readonly podSpec: readonly string[];
  /** What its pods are named after it with; absent where a pod stands for itself. */
  readonly podSuffix?: RegExp;
  /** What controls its pods: the object itself, one of a kind in between, or nothing. */
  readonly podOwner: 'itself' | 'ReplicaSet' | 'nothing';
  /** Where its object says how many pods there shall be. */
  readonly replicas: 'spec.replicas' | 'status.desiredNumberScheduled' | 'one';
  /** What a change of the pod spec does to the running pods, where the update strategy does not say otherwise. */
  readonly rollout: 'in steps' | 'one at a time' | 'node by node' | 'nothing';
  /** Whether the API server writes a request that is left out into the object itself, as large as the limit. */
  readonly requestFilledIn: boolean;
}

/** The kinds whose manifests may be changed. */
export const WORKLOAD_KINDS = {
  Deployment: {
    apiVersion: 'apps/v1',
    resource: 'deployments',
    podSpec: ['spec', 'template', 'spec'],
    podSuffix: /^-[a-z0-9]{1,10}-[a-z0-9]{5}$/,
    podOwner: 'ReplicaSet',
    replicas: 'spec.replicas',
    rollout: 'in steps',
    requestFilledIn: false,
  },
  StatefulSet: {
    apiVersion: 'apps/v1',
    resource: 'statefulsets',
    podSpec: ['spec', 'template', 'spec'],
    podSuffix: /^-\d+$/,
    podOwner: 'itself',
    replicas: 'spec.replicas',
    rollout: 'one at a time',
    requestFilledIn: false,
  },
  DaemonSet: {
    apiVersion: 'apps/v1',
    resource: 'daemonsets',
    podSpec: ['spec', 'template', 'spec'],
    podSuffix: /^-[a-z0-9]{5}$/,
    podOwner: 'itself',
    replicas: 'status.desiredNumberScheduled',
    rollout: 'node by node',
    requestFilledIn: false,
  },
  Pod: {
    apiVersion: 'v1',
    resource: 'pods',
    podSpec: ['spec'],
    podOwner: 'nothing',
    replicas: 'one',
    rollout: 'nothing',
    requestFilledIn: true,
  },
} as const satisfies Readonly<Record<string, KindOfWorkload>>;

export type WorkloadKind = keyof typeof WORKLOAD_KINDS;
/** The kinds that make pods. */
export type ControllerKind = Exclude<WorkloadKind, 'Pod'>;

export const workloadKinds = Object.keys(WORKLOAD_KINDS) as readonly WorkloadKind[];
export const controllerKinds = workloadKinds.filter((kind) => kind !== 'Pod');

/** What is known of a kind; `undefined` for one that is none of `WORKLOAD_KINDS`. */
export function kindOf(kind: string): KindOfWorkload | undefined {
  return Object.hasOwn(WORKLOAD_KINDS, kind) ? WORKLOAD_KINDS[kind as WorkloadKind] : undefined;
}

export function isControllerKind(kind: string): kind is ControllerKind {
  return controllerKinds.some((known) => known === kind);
}

/** The API group of an `apiVersion`: `apps` of `apps/v1`, nothing of `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** With which `apiVersion` the manifest of a workload is written. */
export function apiVersionOf({ group, kind }: Pick<WorkloadRef, 'group' | 'kind'>): string {
  const known = kindOf(kind)?.apiVersion;
  if (known !== undefined && groupOf(known) === group) return known;
  return group === '' ? 'v1' : `${group}/v1`;
}

/** The path, within a workload's object, of its pod spec. */
export function podSpecPath(kind: string): readonly string[] {
  return kindOf(kind)?.podSpec ?? ['spec', 'template', 'spec'];
}

/** A pod spec at its place in a workload's object: `{ spec: { template: { spec } } }`. */
export function placePodSpec(kind: string, spec: object): object {
  return podSpecPath(kind).reduceRight((below, key) => ({ [key]: below }), spec);
}

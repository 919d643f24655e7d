/** The parts of the API server's objects that are read, as they come in JSON: nothing is taken for granted. */
export interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly generation?: number;
  readonly managedFields?: readonly ManagedFields[];
}

/** What a field manager set: `fieldsV1` has a key `f:NAME` for a field, `k:{"name":"NAME"}` for an item of a list. */
export interface ManagedFields {
  readonly manager?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: unknown;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export type ResourceList = Readonly<Record<string, string | number | undefined>>;

export interface Resources {
  readonly limits?: ResourceList;
  readonly requests?: ResourceList;
}

export interface ApiContainer {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources?: Resources;
  readonly restartPolicy?: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly livenessProbe?: ApiProbe;
  readonly readinessProbe?: ApiProbe;
  readonly startupProbe?: ApiProbe;
}

interface ApiProbe {
  readonly httpGet?: { readonly path?: string; readonly port?: number | string };
}

export interface ApiPodSpec {
  readonly nodeName?: string;
  readonly containers?: readonly ApiContainer[];
  readonly initContainers?: readonly ApiContainer[];
  /** Of the pod as a whole (Kubernetes 1.34). */
  readonly resources?: Resources;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode?: number; readonly finishedAt?: string };
}

export interface ContainerStatus {
  readonly name: string;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
  /** What is in force (Kubernetes 1.33). */
  readonly resources?: Resources;
}

/** Of a pod, or of a workload. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface ApiPod {
  readonly metadata?: ObjectMeta;
  readonly spec?: ApiPodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    /** Of the pod as a whole, what is in force. */
    readonly resources?: Resources;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

/** An object of a kind that makes pods. */
export interface ApiWorkload {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly strategy?: { readonly type?: string };
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
    readonly template?: { readonly metadata?: ObjectMeta; readonly spec?: ApiPodSpec };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly updateRevision?: string;
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady?: number;
    readonly conditions?: readonly Condition[];
  };
}

interface TargetReference {
  readonly kind?: string;
  readonly name?: string;
}

export interface ApiHpa {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly scaleTargetRef?: TargetReference;
    readonly metrics?: readonly {
      readonly type?: string;
      readonly resource?: { readonly name?: string };
      readonly containerResource?: { readonly name?: string };
    }[];
  };
}

export interface ApiLimitRange {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly limits?: readonly ApiLimitRangeItem[];
  };
}

export interface ApiLimitRangeItem {
  readonly type?: string;
  readonly max?: ResourceList;
  readonly min?: ResourceList;
  readonly default?: ResourceList;
  readonly defaultRequest?: ResourceList;
  readonly maxLimitRequestRatio?: ResourceList;
}

export interface ApiQuota {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly hard?: ResourceList;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: unknown;
  };
  readonly status?: { readonly hard?: ResourceList; readonly used?: ResourceList };
}

export interface ApiNode {
  readonly status?: { readonly allocatable?: ResourceList };
}

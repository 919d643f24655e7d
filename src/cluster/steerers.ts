import { type ApiVpa, type SteererObject, steeredTarget } from './steerer-objects.ts';

/** What a steerer's object says: the workload (`namespace/kind/name`) whose memory it sets, and in which mode. */
export interface SteeredTarget {
  readonly key: string;
  readonly mode?: string;
}

/** Something that sets the memory of pods besides their manifests, and by what it is recognised. */
export interface KnownSteerer {
  /** As a person would call it. */
  readonly name: string;
  /** The objects that say what it steers; `target` is `undefined` for one that only recommends. */
  readonly objects?: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    readonly title: string;
    readonly target: (item: SteererObject) => SteeredTarget | undefined;
  };
  /** Annotations of the pods that it has sized. */
  readonly podAnnotations: readonly string[];
  /** Annotations by which a workload asks for it, with the values that do. */
  readonly workloadAnnotations?: Readonly<Record<string, RegExp>>;
  /** The names under which it changes pods in place. */
  readonly managers: RegExp;
}

/** All that is known to steer memory. To recognise another one, add its row, and its resource to docs/rbac*.yaml. */
export const STEERERS: readonly KnownSteerer[] = [
  {
    name: 'VPA',
    objects: {
      group: 'autoscaling.k8s.io',
      version: 'v1',
      resource: 'verticalpodautoscalers',
      title: 'VerticalPodAutoscalers',
      target: targetOfVpa,
    },
    podAnnotations: ['vpaObservedContainers', 'vpaUpdates'],
    managers: /^(vpa-)?(updater|admission-controller)\b|^vpa\b/,
  },
  {
    name: 'EKS resource optimization',
    objects: {
      group: 'eks.amazonaws.com',
      version: 'v1beta1',
      resource: 'resourceoptimizations',
      title: 'ResourceOptimizations',
      target: targetOfResourceOptimization,
    },
    podAnnotations: [],
    managers: /^(eks-)?(auto-)?resource-optimiz/,
  },
  {
    name: 'DatadogPodAutoscaler',
    objects: {
      group: 'datadoghq.com',
      version: 'v1alpha2',
      resource: 'datadogpodautoscalers',
      title: 'DatadogPodAutoscalers',
      target: targetOfDatadog,
    },
    podAnnotations: ['autoscaling.datadoghq.com/autoscaler-id', 'autoscaling.datadoghq.com/rec-id'],
    managers: /^datadog-/,
  },
  {
    name: 'CAST AI',
    objects: {
      group: 'autoscaling.cast.ai',
      version: 'v1',
      resource: 'recommendations',
      title: 'Recommendations of CAST AI',
      target: ({ metadata, spec }) => steeredTarget(metadata, spec?.targetRef),
    },
    podAnnotations: ['autoscaling.cast.ai/vertical-recommendation-hash'],
    workloadAnnotations: {
      'workloads.cast.ai/configuration': /^[ \t]*optimization:[ \t]*["']?on\b/m,
      'workloads.cast.ai/vertical-autoscaling': /^on$/,
    },
    managers: /^(castai-)?workload-autoscaler|^castai-/,
  },
  { name: 'Attune', podAnnotations: [], managers: /^attune/ },
];

/** People and their scripts, who do it once. */
export const BY_HAND = /^kubectl(-|$)/;

/** A VPA sets memory unless it only recommends (`Off`) or no policy of it is about memory; `Initial` sizes new pods. */
export function targetOfVpa({ metadata, spec = {} }: ApiVpa): SteeredTarget | undefined {
  const mode = spec.updatePolicy?.updateMode ?? 'Recreate';
  if (mode === 'Off') return undefined;
  const policies = spec.resourcePolicy?.containerPolicies ?? [];
  const steers = (policy: (typeof policies)[number]) =>
    policy.mode !== 'Off' && (policy.controlledResources?.includes('memory') ?? true);
  const others = policies.find((policy) => policy.containerName === '*');
  if (others && !policies.some(steers)) return undefined;
  return steeredTarget(metadata, spec.targetRef, mode);
}

/** It is named after its workload; only in the mode `Apply` does it change pods. */
function targetOfResourceOptimization({ metadata, spec, status }: SteererObject): SteeredTarget | undefined {
  const mode = spec?.mode ?? status?.mode;
  const [, name, short] = /^(.+)-(deploy|sts)$/.exec(metadata?.name ?? '') ?? [];
  if (mode !== 'Apply' || name === undefined) return undefined;
  return steeredTarget(metadata, { kind: short === 'sts' ? 'StatefulSet' : 'Deployment', name }, mode);
}

/** It applies unless it previews, its updates are disabled, or no container may be sized. */
function targetOfDatadog({ metadata, spec }: SteererObject): SteeredTarget | undefined {
  const { mode = 'Apply', update } = spec?.applyPolicy ?? {};
  const containers = spec?.constraints?.containers ?? [];
  const all = containers.find(({ name }) => name === '*');
  const disabled = all?.enabled === false && !containers.some(({ enabled }) => enabled !== false);
  if (mode !== 'Apply' || update?.strategy === 'Disabled' || disabled) return undefined;
  return steeredTarget(metadata, spec?.targetRef, mode);
}

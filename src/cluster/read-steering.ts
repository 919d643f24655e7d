import type { QualityNote, Steering, WorkloadRef } from '../model/workload.ts';
import type { ApiHpa, ApiVpa } from './api-types.ts';
import { type Everywhere, type Reader, readEverywhere } from './read-everywhere.ts';
import type { ReadScope } from './scope.ts';

/** What steers the memory of workloads besides their manifests. */
export interface Steerings {
  readonly vpa: (ref: WorkloadRef) => Steering;
  readonly memoryHpa: (ref: WorkloadRef) => Steering;
  readonly notes: readonly QualityNote[];
}

/** Reads the VerticalPodAutoscalers and HorizontalPodAutoscalers of the scope, as far as the rights allow. */
export async function readSteering(reader: Reader, scope: ReadScope): Promise<Steerings> {
  const [vpas, hpas] = await Promise.all([
    readEverywhere(reader, scope, { api: 'apis/autoscaling.k8s.io/v1', name: 'verticalpodautoscalers' }, targetOfVpa),
    readEverywhere(reader, scope, { api: 'apis/autoscaling/v2', name: 'horizontalpodautoscalers' }, targetOfHpa),
  ]);
  const vpa = lookUp(vpas);
  const memoryHpa = lookUp(hpas);
  const unread = [
    ...(vpa.unread ? ['VerticalPodAutoscalers'] : []),
    ...(memoryHpa.unread ? ['HorizontalPodAutoscalers'] : []),
  ];
  const notes: QualityNote[] =
    unread.length === 0
      ? []
      : [
          {
            kind: 'info',
            text: `${unread.join(' and ')} could not be read, so whether one manages a workload is unknown (needs the right to list them)`,
          },
        ];
  return { vpa: vpa.of, memoryHpa: memoryHpa.of, notes };
}

/** The key of the workload whose memory a VPA sets, unless it only recommends. */
export function targetOfVpa({ metadata, spec = {} }: ApiVpa): string | undefined {
  if (spec.updatePolicy?.updateMode === 'Off') return undefined;
  const policies = spec.resourcePolicy?.containerPolicies ?? [];
  const steers = (policy: (typeof policies)[number]) =>
    policy.mode !== 'Off' && (policy.controlledResources?.includes('memory') ?? true);
  const others = policies.find((policy) => policy.containerName === '*');
  if (others && !policies.some(steers)) return undefined;
  return targetKey(metadata?.namespace, spec.targetRef);
}

/** The key of the workload that an HPA scales by memory. */
export function targetOfHpa({ metadata, spec = {} }: ApiHpa): string | undefined {
  const byMemory = spec.metrics?.some(
    ({ type, resource, containerResource }) =>
      (type === 'Resource' && resource?.name === 'memory') ||
      (type === 'ContainerResource' && containerResource?.name === 'memory'),
  );
  return byMemory ? targetKey(metadata?.namespace, spec.scaleTargetRef) : undefined;
}

function targetKey(namespace = '', target: { readonly kind?: string; readonly name?: string } = {}): string {
  return `${namespace}/${target.kind ?? ''}/${target.name ?? ''}`;
}

function lookUp(read: Everywhere<string>): { readonly of: (ref: WorkloadRef) => Steering; readonly unread: boolean } {
  const targets = new Set(read.items);
  // Without the definition of a resource there are none of it.
  const failures = read.failures.filter(({ failure }) => failure.kind !== 'not found');
  const unread = new Set(failures.map(({ namespace }) => namespace ?? ''));
  return {
    of: (ref) => {
      if (targets.has(targetKey(ref.namespace, ref))) return 'steered';
      return unread.has('') || unread.has(ref.namespace) ? 'unknown' : 'none';
    },
    unread: failures.length > 0,
  };
}

import type { ApiContainer, ApiPod, ApiPodSpec, ApiWorkload, OwnerReference } from '../../src/cluster/api-types.ts';

type Named = { readonly metadata: { readonly name: string; readonly namespace: string } };

export const SINCE = '2026-11-01T00:00:00Z';
export const SINCE_SECONDS = Date.parse(SINCE) / 1000;

export function container(name: string, limit?: string, request?: string): ApiContainer {
  return {
    name,
    image: `registry.example/${name}:1`,
    resources: {
      ...(limit ? { limits: { memory: limit } } : {}),
      ...(request ? { requests: { memory: request } } : {}),
    },
  };
}

export function ownedBy(kind: string, name: string, apiVersion = 'apps/v1'): OwnerReference {
  return { apiVersion, kind, name, uid: `uid-${kind}-${name}`, controller: true };
}

export function workload(
  namespace: string,
  name: string,
  more: {
    readonly owner?: OwnerReference;
    readonly labels?: Readonly<Record<string, string>>;
    readonly spec?: ApiPodSpec;
  } = {},
): ApiWorkload & Named {
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      labels: more.labels ?? {},
      ...(more.owner ? { ownerReferences: [more.owner] } : {}),
    },
    spec: { replicas: 1, template: { spec: more.spec ?? { containers: [container('app', '1Gi', '512Mi')] } } },
  };
}

export function pod(
  namespace: string,
  name: string,
  more: {
    readonly owner?: OwnerReference;
    readonly labels?: Readonly<Record<string, string>>;
    readonly spec?: ApiPodSpec;
    readonly status?: ApiPod['status'];
  } = {},
): ApiPod & Named {
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      creationTimestamp: SINCE,
      labels: more.labels ?? {},
      ...(more.owner ? { ownerReferences: [more.owner] } : {}),
    },
    spec: more.spec ?? { containers: [container('app', '1Gi', '512Mi')] },
    status: more.status ?? { phase: 'Running' },
  };
}

/** A pod of a Deployment's ReplicaSet, named and labelled as the controllers do it. */
export function deploymentPod(
  namespace: string,
  deployment: string,
  suffix: string,
  spec?: ApiPodSpec,
): ApiPod & Named {
  return pod(namespace, `${deployment}-abc-${suffix}`, {
    owner: ownedBy('ReplicaSet', `${deployment}-abc`),
    labels: { 'pod-template-hash': 'abc' },
    ...(spec ? { spec } : {}),
  });
}

export function replicaSet(namespace: string, name: string, owner?: OwnerReference): ApiWorkload & Named {
  const made = workload(namespace, name, owner ? { owner } : {});
  return { ...made, metadata: { ...made.metadata, uid: `uid-ReplicaSet-${name}` } };
}

export function namespaces(...names: readonly string[]): readonly { readonly metadata: { readonly name: string } }[] {
  return names.map((name) => ({ metadata: { name } }));
}

import { UserError } from '../errors.ts';
import type { Pod, Workload } from '../model/workload.ts';

/** A container that may be asked to ask. `target` is what kubectl exec takes: a pod, or `deployment/name`. */
export interface Candidate {
  readonly namespace: string;
  readonly target: string;
  /** kubectl's default container where absent. */
  readonly container?: string;
  /** Containers of one image have the same tools. */
  readonly image?: string;
}

/** `namespace/pod` as the log and the report name it. */
export function nameCandidate(candidate: Candidate): string {
  return `${candidate.namespace}/${candidate.target}`;
}

/**
 * Containers of ready pods that are not being deleted, the first pod of every workload before the second of any, each
 * image once before any image again. Injected containers are left out.
 */
export function listCandidates(workloads: readonly Workload[]): Candidate[] {
  const rounds: Candidate[][] = [];
  for (const workload of workloads) {
    const images = new Map(workload.containers.map(({ name, image }) => [name, image]));
    for (const [round, pod] of workload.pods.filter(isUsable).entries()) {
      const found = pod.containers
        .filter((container) => container.running && !container.injected)
        .map((container) => ({
          namespace: workload.ref.namespace,
          target: pod.name,
          container: container.name,
          image: images.get(container.name),
        }));
      rounds[round] = [...(rounds[round] ?? []), ...found];
    }
  }
  const all = rounds.flat();
  const seen = new Set<string>();
  const isFirst = (candidate: Candidate): boolean => {
    const image = candidate.image ?? nameCandidate(candidate);
    return !seen.has(image) && Boolean(seen.add(image));
  };
  const first = all.filter(isFirst);
  const firsts = new Set(first);
  return [...first, ...all.filter((candidate) => !firsts.has(candidate))];
}

function isUsable(pod: Pod): boolean {
  return pod.phase === 'Running' && pod.ready && !pod.deleting;
}

const KINDS = /^(deployments?|deploy|statefulsets?|sts|daemonsets?|ds|replicasets?|rs|pods?)$/;

/** Reads `query-pod`: `namespace/pod`, `namespace/pod/container` or `namespace/deployment/name`. */
export function readQueryPod(option: string): Candidate {
  const [namespace, second, third, ...rest] = option.split('/');
  if (!namespace || !second || third === '' || rest.length > 0) {
    throw new UserError(
      `query-pod is "${option}": write namespace/pod, namespace/pod/container or namespace/deployment/name`,
    );
  }
  if (third === undefined) return { namespace, target: second };
  return KINDS.test(second)
    ? { namespace, target: `${second}/${third}` }
    : { namespace, target: second, container: third };
}

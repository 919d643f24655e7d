import { UserError } from '../../errors.ts';
import type { Pod, Workload } from '../../model/workload.ts';

/** A container that may be asked to ask. `target` is what kubectl exec takes: a pod, or `deployment/name`. */
export interface ExecCandidate {
  readonly namespace: string;
  readonly target: string;
  /** kubectl's default container where absent. */
  readonly container?: string;
  /** Containers of one image have the same tools. */
  readonly image?: string;
}

/** `namespace/pod` as the log and the report name it. */
export function nameCandidate(candidate: ExecCandidate): string {
  return `${candidate.namespace}/${candidate.target}`;
}

/**
 * Containers of ready pods that are not being deleted, in the order in which they are worth a try: the first pod of every
 * workload before the second of any, each image once before any image again, and the namespaces in turn, because what
 * one namespace's network forbids another's may allow. Injected containers are left out.
 */
export function listCandidates(workloads: readonly Workload[]): ExecCandidate[] {
  const rounds: ExecCandidate[][] = [];
  for (const workload of workloads) {
    const images = new Map(workload.containers.map(({ name, image }) => [name, image]));
    for (const [round, pod] of workload.pods.filter(isUsable).entries()) {
      const found = pod.containers
        .filter(({ kind, running, injected }) => kind !== 'pod' && running && !injected)
        .map(({ name }): ExecCandidate => {
          return { namespace: workload.ref.namespace, target: pod.name, container: name, image: images.get(name) };
        });
      rounds[round] = [...(rounds[round] ?? []), ...found];
    }
  }
  const first: ExecCandidate[] = [];
  const again: ExecCandidate[] = [];
  const images = new Set<string>();
  for (const candidate of rounds.flat()) {
    const image = candidate.image ?? `${nameCandidate(candidate)}/${candidate.container}`;
    (images.has(image) ? again : first).push(candidate);
    images.add(image);
  }
  return [...inTurn(first), ...inTurn(again)];
}

function inTurn(candidates: readonly ExecCandidate[]): ExecCandidate[] {
  const turns: ExecCandidate[][] = [];
  const seen = new Map<string, number>();
  for (const candidate of candidates) {
    const turn = seen.get(candidate.namespace) ?? 0;
    seen.set(candidate.namespace, turn + 1);
    turns[turn] = [...(turns[turn] ?? []), candidate];
  }
  return turns.flat();
}

function isUsable(pod: Pod): boolean {
  return pod.phase === 'Running' && pod.ready && !pod.deleting;
}

const KINDS = /^(deployments?|deploy|statefulsets?|sts|daemonsets?|ds|replicasets?|rs|pods?)$/;

/** Reads `query-pod`: `namespace/pod`, `namespace/pod/container` or `namespace/deployment/name`. */
export function readQueryPod(option: string): ExecCandidate {
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

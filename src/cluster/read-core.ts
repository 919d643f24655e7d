import { UserError } from '../errors.ts';
import { controllerKinds, WORKLOAD_KINDS } from '../model/kinds.ts';
import { workloadKey } from '../model/workload.ts';
import type { ApiPod, ApiWorkload, ObjectMeta, OwnerReference } from './api-types.ts';
import type { Seen } from './assemble-workloads.ts';
import { needsReplicaSet } from './assemble-workloads.ts';
import { mapPod, ownerOf } from './map-pod.ts';
import { mapWorkload } from './map-workload.ts';
import { type ListFailure, type Reader, readEverywhere } from './read-everywhere.ts';
import type { ReadScope } from './scope.ts';

export interface Core extends Seen {
  readonly failures: readonly ListFailure[];
  readonly replicaSetFailures: readonly ListFailure[];
}

/** Up to this many namespaces are asked one by one for their ReplicaSets, of which a cluster holds ten a Deployment. */
const FEW = 5;

/** The lists without which nothing can be inspected: workloads, pods, and ReplicaSets where names do not tell enough. */
export async function readCore(reader: Reader, scope: ReadScope, labelSelector: string | undefined): Promise<Core> {
  const selecting = labelSelector ? { labelSelector } : {};
  const [pods, selected, ...lists] = await Promise.all([
    readEverywhere(reader, scope, { api: 'api/v1', name: 'pods' }, mapPod),
    labelSelector
      ? readEverywhere(
          reader,
          scope,
          { api: 'api/v1', name: 'pods', labelSelector },
          (pod: ApiPod) => pod.metadata?.uid,
        )
      : undefined,
    ...controllerKinds.map((kind) => {
      const { apiVersion, resource: name } = WORKLOAD_KINDS[kind];
      const resource = { api: `apis/${apiVersion}`, name, ...selecting };
      return readEverywhere(reader, scope, resource, (item: ApiWorkload) => mapWorkload(kind, item));
    }),
  ]);
  const failures = [pods, ...lists, ...(selected ? [selected] : [])].flatMap((list) => list.failures);
  failures.forEach(throwIfHopeless);

  const workloads = lists.flatMap((list) => list.items);
  const keys = new Set(workloads.map(({ ref }) => workloadKey(ref)));
  const untold = pods.items.filter((pod) => needsReplicaSet(pod, keys, selected !== undefined));
  const namespaces = [...new Set(untold.map(({ namespace }) => namespace))];
  const replicaSets = await readReplicaSets(reader, scope, namespaces);
  return {
    workloads,
    pods: pods.items,
    replicaSets: new Map(replicaSets.items),
    ...(selected ? { selectedPods: new Set(selected.items) } : {}),
    failures,
    replicaSetFailures: replicaSets.failures,
  };
}

async function readReplicaSets(reader: Reader, scope: ReadScope, namespaces: readonly string[]) {
  if (namespaces.length === 0) return { items: [], failures: [] };
  const narrow: ReadScope =
    namespaces.length > FEW && scope.kind === 'cluster' ? scope : { kind: 'namespaces', names: namespaces };
  return readEverywhere(
    reader,
    narrow,
    { api: 'apis/apps/v1', name: 'replicasets' },
    ({ metadata }: { readonly metadata?: ObjectMeta }): readonly [string, OwnerReference | undefined] | undefined =>
      metadata?.uid ? [metadata.uid, ownerOf(metadata)] : undefined,
  );
}

/** What fails in one namespace because of the access as such fails in all. */
function throwIfHopeless({ failure }: ListFailure): void {
  if (failure.kind === 'bad request' && /selector|requirement|label|expected:/i.test(failure.message)) {
    throw new UserError(`Option selector is not a label selector. ${failure.message}`);
  }
  if (failure.kind === 'unauthorized' || failure.kind === 'configuration' || failure.kind === 'unreachable') {
    throw new UserError(failure.message);
  }
}

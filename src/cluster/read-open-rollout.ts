import type { ControllerKind } from '../model/kinds.ts';
import type { OpenRollout } from '../model/workload.ts';
import { isCount } from '../plausible.ts';
import type { ApiWorkload } from './api-types.ts';
import { cutMessage } from './cut-message.ts';

/** What a controller says of a rollout that is not complete; `undefined` for one that is, and where it says nothing. */
export function readOpenRollout(kind: ControllerKind, item: ApiWorkload): OpenRollout | undefined {
  const { metadata, spec = {}, status } = item;
  if (metadata?.generation === undefined || status === undefined) return undefined;
  const observed = (status.observedGeneration ?? 0) >= metadata.generation;
  const { wanted, pods, updated, ready } = countPods(kind, item);
  const find = (type: string, state: string) =>
    status.conditions?.find((one) => one.type === type && one.status === state);
  const failure = find('ReplicaFailure', 'True');
  const late = find('Progressing', 'False');
  if (observed && updated >= wanted && pods === updated && !failure && !late) return undefined;
  const { partition } = spec.updateStrategy?.rollingUpdate ?? {};
  return {
    observed,
    pods,
    updated,
    ready,
    ...(spec.paused === true ? { paused: true } : {}),
    ...(isCount(partition) && partition > 0 ? { partition } : {}),
    ...(failure ? { refused: cutMessage(failure.message) ?? cutMessage(failure.reason) ?? failure.type } : {}),
    ...(late ? { overdue: cutMessage(late.message) ?? cutMessage(late.reason) ?? late.type } : {}),
  };
}

function countPods(kind: ControllerKind, { spec = {}, status = {} }: ApiWorkload) {
  const counted = (value: unknown) => (isCount(value) ? value : 0);
  if (kind === 'DaemonSet') {
    return {
      wanted: counted(status.desiredNumberScheduled),
      pods: counted(status.currentNumberScheduled),
      updated: counted(status.updatedNumberScheduled),
      ready: counted(status.numberReady),
    };
  }
  return {
    wanted: counted(spec.replicas ?? 1),
    pods: counted(status.replicas),
    updated: counted(status.updatedReplicas),
    ready: counted(status.readyReplicas),
  };
}

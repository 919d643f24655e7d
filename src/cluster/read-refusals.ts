import { UserError } from '../errors.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { createLimiter } from '../limit.ts';
import { type WorkloadRef, workloadKey } from '../model/workload.ts';
import { cutMessage } from './cut-message.ts';
import { type Pause, readList } from './read-list.ts';
import { listPath } from './scope.ts';

const MOST_WORKLOADS = 20;
const REQUESTS_AT_ONCE = 4;

interface ApiEvent {
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

/**
 * Why no pod can be made of workloads whose status does not tell, as that of a StatefulSet or DaemonSet does not: what the
 * last event of it says, by the workload's key. Nothing where there is none, or where events may not be read; never an error.
 */
export async function readRefusals(
  kubectl: Kubectl,
  refs: readonly WorkloadRef[],
  pause?: Pause,
): Promise<ReadonlyMap<string, string>> {
  const limit = createLimiter(REQUESTS_AT_ONCE);
  const found = await Promise.all(
    refs.slice(0, MOST_WORKLOADS).map(async (ref): Promise<readonly [string, string][]> => {
      const message = await limit(() => readRefusal(kubectl, ref, pause));
      return message === undefined ? [] : [[workloadKey(ref), message]];
    }),
  );
  return new Map(found.flat());
}

async function readRefusal(kubectl: Kubectl, ref: WorkloadRef, pause: Pause | undefined): Promise<string | undefined> {
  const request = {
    path: listPath('api/v1', 'events', ref.namespace),
    fieldSelector: `involvedObject.kind=${ref.kind},involvedObject.name=${ref.name},reason=FailedCreate`,
  };
  try {
    const list = await readList(kubectl, request, (event: ApiEvent) => event, pause);
    const events = list.ok ? [...list.items].sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1)) : [];
    return cutMessage(events.at(-1)?.message);
  } catch (cause) {
    if (cause instanceof UserError) return undefined;
    throw cause;
  }
}

function timeOf({ lastTimestamp, eventTime }: ApiEvent): string {
  return String(lastTimestamp ?? eventTime ?? '');
}

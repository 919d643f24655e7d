import type { FollowedValue } from '../model/follow-up.ts';
import { isSetTo } from '../model/followed-values.ts';
import { inForce, type Pod, type PodContainer, type ResizeMark, type Sizes, type Workload } from '../model/workload.ts';

/** A pod that stays, held against the values of a change to one of its containers. */
export interface FollowedPod {
  readonly pod: Pod;
  /** Whether the container has started with the values in force. */
  readonly has: boolean;
  /** Whether the pod asks for the values, in force or not. */
  readonly asks: boolean;
  readonly started: boolean;
  /** Whether it was resized in place. */
  readonly resized: boolean;
  /** The last resize in place of the container. */
  readonly mark?: ResizeMark;
  /** Since when it can have had its sizes, in unix seconds. */
  readonly since?: number;
}

/** The pods of a workload that are not being deleted. */
export function readFollowedPods(
  { pods }: Pick<Workload, 'pods'>,
  container: string,
  values: readonly FollowedValue[],
): readonly FollowedPod[] {
  return pods.filter(({ deleting }) => !deleting).map((pod) => readPod(pod, container, values));
}

function readPod(pod: Pod, name: string, values: readonly FollowedValue[]): FollowedPod {
  const live = pod.containers.find((one) => one.name === name);
  const mark = pod.resizedBy?.findLast(({ containers }) => containers.includes(name));
  const asks = live !== undefined && hasValues(live, values);
  const started = live !== undefined && hasStarted(pod, live);
  const since = live && sinceWhen(pod, live, mark);
  return {
    pod,
    has: started && hasValues(inForce(live), values),
    asks,
    started,
    resized: mark !== undefined,
    ...(mark === undefined ? {} : { mark }),
    ...(since === undefined ? {} : { since }),
  };
}

/** What is not known is no difference. */
function hasValues(sizes: Sizes, values: readonly FollowedValue[]): boolean {
  return values.every(({ field, to }) => sizes[field].state === 'unknown' || isSetTo(sizes[field], to));
}

/** One that ended since has run with its sizes as well. */
function hasStarted(pod: Pod, live: PodContainer): boolean {
  const once = ({ running, restarts, lastTermination }: PodContainer) =>
    running || restarts > 0 || lastTermination !== undefined;
  return live.kind === 'pod' ? pod.containers.some(once) : once(live);
}

/** A restart changes no sizes: then the pod's own age is nearest to the first start. */
function sinceWhen(
  { createdAt }: Pod,
  { restarts, startedAt }: PodContainer,
  mark: ResizeMark | undefined,
): number | undefined {
  const first = restarts === 0 ? (startedAt ?? createdAt) : (createdAt ?? startedAt);
  const times = [first, mark?.at].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

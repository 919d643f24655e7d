import type { ContainerMeasurement } from '../model/measurement.ts';
import type { Pod, PodContainer, Setting } from '../model/workload.ts';

const UNKNOWN: Setting = { state: 'unknown' };

/**
 * The pod as far as it tells of a time (unix seconds) before the API server was asked. Sizes that were set since are
 * unknown, so that the exporter's of that time count, and what has ended since ran. `measured`: what was measured under its
 * name.
 */
export function asOf(pod: Pod, at: number, measured: readonly ContainerMeasurement[]): Pod {
  const isOther = pod.createdAt !== undefined && pod.createdAt > at && isOfOther(pod, measured);
  const marks = pod.resizedBy?.filter((mark) => mark.at !== undefined && mark.at > at) ?? [];
  const resized = new Set(marks.flatMap(({ containers }) => containers));
  const containers = pod.containers.map((one): PodContainer => {
    const own = one.kind === 'pod' ? pod.containers : [one];
    const ran = own.some(({ lastTermination }) => (lastTermination?.finishedAt ?? at) > at);
    return {
      ...(isOther || resized.has(one.name) ? withoutSizes(one) : one),
      ...(ran && { running: true }),
    };
  });
  return { ...pod, ...(isOther && { uid: '' }), containers };
}

/** Whether the series tell whose they are, and it is another pod of that name. */
function isOfOther({ uid }: Pod, measured: readonly ContainerMeasurement[]): boolean {
  const told = measured.flatMap((one) => [one.uid, ...(one.instances ?? []).map((instance) => instance.uid)]);
  const known = told.filter((one) => one !== undefined);
  return known.length > 0 && !known.includes(uid);
}

function withoutSizes({ actual: _, ...container }: PodContainer): PodContainer {
  return { ...container, limit: UNKNOWN, request: UNKNOWN };
}

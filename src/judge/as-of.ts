import type { Pod, PodContainer, Setting } from '../model/workload.ts';

const UNKNOWN: Setting = { state: 'unknown' };

/**
 * The pod as far as it tells of a time (unix seconds) before the API server was asked. Sizes that were set since are
 * unknown, so that the exporter's of that time count, and what has ended since ran. `hasSeries`: whether a pod of its name
 * was measured.
 */
export function asOf(pod: Pod, at: number, hasSeries: boolean): Pod {
  // The series under the name of a pod that was made later are those of an earlier one.
  const isOther = hasSeries && pod.createdAt !== undefined && pod.createdAt > at;
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

function withoutSizes({ actual: _, ...container }: PodContainer): PodContainer {
  return { ...container, limit: UNKNOWN, request: UNKNOWN };
}

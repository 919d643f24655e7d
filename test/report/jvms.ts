import { mebibytes } from '../../src/bytes.ts';
import type { HeapMeasurement } from '../../src/model/measurement.ts';
import { AT, type ContainerSpec, type WorkloadSpec } from './make-inspection.ts';

const quarters = (first: number, last: number) =>
  [0, 1, 2, 3].map((index) => ({
    t: AT - (3 - index) * 21_600,
    v: mebibytes(first + ((last - first) * index) / 3),
  }));

function jvmOf(name: string, spec: Omit<ContainerSpec, 'name'>): WorkloadSpec {
  return { namespace: 'shop', name, pods: { [`${name}-1`]: [{ name, ...spec }] } };
}

const MORE: Partial<HeapMeasurement> = {
  used: mebibytes(1200),
  committed: mebibytes(1300),
  directBuffers: mebibytes(50),
  threads: 100,
};

/** An -Xmx that does not fit and fills up, a percentage that takes too much, and a leak in classes beside the default heap. */
export const JVMS: readonly WorkloadSpec[] = [
  jvmOf('orders', {
    ...{ used: 1900, limit: 2000, request: 1500 },
    heap: { live: 700, maximum: 3072, nonHeap: 200 },
    heapMore: { ...MORE, course: { used: quarters(900, 1200), liveSet: quarters(690, 700) } },
    jvm: { jvm: { maxHeap: mebibytes(3072) }, jvmFlags: { heap: { text: '-Xmx3g', where: 'env JAVA_OPTS' } } },
  }),
  jvmOf('search', {
    ...{ used: 1800, limit: 2000, request: 1500 },
    heap: { live: 500, maximum: 1500, nonHeap: 250 },
    heapMore: { ...MORE, used: mebibytes(1300), committed: mebibytes(1500) },
    jvm: {
      jvm: { maxRamPercentage: 75 },
      jvmFlags: { heap: { text: '-XX:MaxRAMPercentage=75', where: 'args' } },
    },
  }),
  jvmOf('scripts', {
    ...{ used: 1850, limit: 2000, request: 1500 },
    heap: { live: 300, maximum: 500, nonHeap: 1100 },
    heapMore: { ...MORE, used: mebibytes(400), course: { used: quarters(400, 400), nonHeap: quarters(800, 1100) } },
  }),
];

import { describe, expect, it } from 'vitest';
import type { ApiPod, ObjectMeta } from '../../src/cluster/api-types.ts';
import { assembleWorkloads } from '../../src/cluster/assemble-workloads.ts';
import { mapPod } from '../../src/cluster/map-pod.ts';
import { mapWorkload } from '../../src/cluster/map-workload.ts';
import { readIgnoreMarks } from '../../src/cluster/read-ignore-marks.ts';
import { deploymentPod, ownedBy, pod, workload } from './objects.ts';

const NAME = 'memory-inspector/ignore';
const nothingSteers = { sizes: () => ({ state: 'none' as const, unread: [] }), memoryHpa: () => 'none' as const };

function annotated<T extends { readonly metadata?: ObjectMeta }>(
  object: T,
  annotations: Readonly<Record<string, string>>,
  since?: string,
): T {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, annotations, ...(since && { creationTimestamp: since }) } };
}

function marksOf(pods: readonly ApiPod[], workloads: Parameters<typeof assembleWorkloads>[0]['workloads'] = []) {
  const seen = pods.map(mapPod).filter((item) => item !== undefined);
  const joined = assembleWorkloads({ workloads, pods: seen, replicaSets: new Map() }, nothingSteers);
  return joined.map(({ ignoreMarks }) => ignoreMarks);
}

describe('what asks to be ignored is read', () => {
  it('from a workload and its template, the workload first', () => {
    const web = annotated(workload('a', 'web'), { [NAME]: 'outer', other: 'x' });
    const spec = {
      ...web.spec,
      template: { metadata: { annotations: { [`${NAME}.proxy`]: 'inner' } }, ...web.spec?.template },
    };
    const made = mapWorkload('Deployment', { ...web, spec });
    const marks = [{ text: 'outer' }, { container: 'proxy', text: 'inner' }];
    expect(marksOf([], [made])).toEqual([marks]);
  });

  it('from a pod that nobody owns, and from those of a controller that is not read, the newest', () => {
    expect(marksOf([annotated(pod('a', 'tool'), { [NAME]: 'by hand' })])).toEqual([[{ text: 'by hand' }]]);
    const owner = ownedBy('Cluster', 'db', 'postgresql.cnpg.io/v1');
    const [older, newer] = ['db-1', 'db-2'].map((name) => pod('a', name, { owner }));
    if (older === undefined || newer === undefined) throw new Error('two pods');
    const pods = [
      annotated(newer, { [NAME]: 'new' }, '2026-11-02T00:00:00Z'),
      annotated(older, { [NAME]: 'old' }, '2026-11-01T00:00:00Z'),
    ];
    expect(marksOf(pods)).toEqual([[{ text: 'new' }]]);
    expect(marksOf(pods.toReversed())).toEqual([[{ text: 'new' }]]);
  });

  it('not from a single pod of a workload', () => {
    const one = annotated(deploymentPod('a', 'web', '1'), { [NAME]: 'only this one' });
    expect(marksOf([one], [mapWorkload('Deployment', workload('a', 'web'))])).toEqual([undefined]);
  });

  it('within bounds', () => {
    // 256 KB is what an annotation may hold, and a slice of it would keep it all: times 10,000 pods.
    const long = { annotations: { [NAME]: 'x'.repeat(200_000) } };
    expect(readIgnoreMarks(long)).toEqual([{ text: '', cut: true }]);
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`${NAME}.c${index}`, 'x']));
    expect(readIgnoreMarks({ annotations: many })).toHaveLength(50);
    expect(readIgnoreMarks({ annotations: { [`${NAME}.`]: 'x', [`${NAME}d`]: 'x' } })).toEqual([]);
  });
});

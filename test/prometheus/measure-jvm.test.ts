import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { QueryFailure } from '../../src/prometheus/access/failure.ts';
import { labelsOf } from './canned-client.ts';
import { AT, measureOne, oneSeries } from './measure-one.ts';

describe('measure, where there are JVMs', () => {
  it('reads JVMs of every library, and drops what means "not known"', async () => {
    const row = (pod: string, name: string, labels: Record<string, string>, value: number) => ({
      labels: labelsOf('a', pod, { __name__: name, ...labels }),
      value,
    });
    const heap = { area: 'heap' };
    const { measurements, availability } = await measureOne({
      jvm: [
        row('m', 'jvm_memory_used_bytes', heap, 70),
        row('m', 'jvm_memory_used_bytes', { area: 'nonheap' }, 20),
        row('m', 'jvm_memory_max_bytes', heap, 100),
        row('m', 'jvm_memory_max_bytes', { area: 'nonheap' }, 999),
        row('m', 'jvm_gc_live_data_size_bytes', {}, 0),
        row('m', 'jvm_memory_committed_bytes', heap, 90),
        row('m', 'jvm_memory_committed_bytes', { area: 'nonheap' }, 999),
        { labels: labelsOf('a', 'm', { part: 'direct' }), value: 8 },
        row('m', 'jvm_threads_live_threads', {}, 25),
        { labels: labelsOf('a', 'm', { part: 'lowest' }), value: 40 },
        {
          labels: { namespace: 'a', pod: 'o', __name__: 'jvm_memory_limit_bytes', jvm_memory_type: 'heap' },
          value: 50,
        },
        { labels: { part: 'targets' }, value: 3 },
      ],
    });
    expect(availability.jvm).toEqual({ state: 'available' });
    expect(measurements[0]?.heap).toEqual({
      ...{ used: 70, nonHeap: 20, maximum: 100, lowestUsed: 40 },
      ...{ committed: 90, directBuffers: 8, threads: 25 },
    });
    expect(measurements[1]).toMatchObject({ pod: 'o', container: '', heap: { maximum: 50 } });
  });

  it('reads how the memory of a JVM went, by quarters, and only of what is a JVM', async () => {
    const rise = (pod: string, part: string, more: Record<string, string>, ...values: number[]) => ({
      labels: labelsOf('a', pod, { part, ...more }),
      samples: values.map((v, index) => ({ t: AT - (values.length - 1 - index) * 21_600, v })),
    });
    const { measurements, client } = await measureOne({
      jvm: [{ labels: labelsOf('a', 'm', { __name__: 'jvm_threads_current' }), value: 9 }],
      jvmCourse: [
        rise('m', 'jvm_memory_used_bytes', { area: 'heap' }, 1, 2, 3, 4),
        rise('m', 'jvm_gc_live_data_size_bytes', {}, 0, 0, 5, -1),
        rise('m', 'direct', {}, 7, 7),
        rise('m', 'jvm_memory_max_bytes', { area: 'heap' }, 9, 9, 9, 9),
        rise('other', 'jvm_threads_current', {}, 1, 2, 3, 4),
      ],
    });
    expect(measurements.map(({ pod, heap }) => [pod, heap?.course])).toEqual([
      [
        'm',
        {
          used: [1, 2, 3, 4].map((v, index) => ({ t: AT - (3 - index) * 21_600, v })),
          liveSet: [{ t: AT - 21_600, v: 5 }],
          directBuffers: [
            { t: AT - 21_600, v: 7 },
            { t: AT, v: 7 },
          ],
        },
      ],
      ['other', undefined],
    ]);
    expect(client.calls.find(({ asked }) => asked === 'jvmCourse')?.steps).toMatchObject({ end: AT, step: 21_600 });
  });

  it('asks for no course where there is no JVM, and goes on without one where it is refused', async () => {
    const { client } = await measureOne({});
    expect(client.calls.map(({ asked }) => asked)).not.toContain('jvmCourse');
    const jvmCourse = () => {
      throw new QueryFailure('too large', 'too many samples');
    };
    const jvm = [{ labels: labelsOf('a', 'm', { __name__: 'jvm_threads_current' }), value: 9 }];
    const measured = await measureOne({
      jvm,
      jvmCourse,
      restarts: [{ labels: labelsOf('a', 'm'), samples: [{ t: AT, v: 0 }] }],
    });
    expect(measured.notes).toEqual([]);
    expect(measured.availability.jvm).toEqual({ state: 'available' });
  });

  it.each([
    [[], /scrapes nothing/],
    [
      [
        ['targets', 4],
        ['down', 1],
      ],
      /1 of 4 scrape targets .* are down/,
    ],
    [[['targets', 4]], /none of the 4 scrape targets/],
  ] as const)('says why there are no JVM metrics: %j', async (parts, why) => {
    const jvm = parts.map(([part, value]) => ({ labels: { part }, value }));
    const { availability } = await measureOne({ jvm });
    expect(availability.jvm).toMatchObject({ state: 'unavailable', why: expect.stringMatching(why) });
  });

  it('goes on when the JVM query is refused', async () => {
    const jvm = () => {
      throw new UserError('422: regex not supported');
    };
    const { availability, notes } = await measureOne({
      jvm,
      restarts: [{ labels: labelsOf('a', 'p'), samples: [{ t: AT, v: 0 }] }],
    });
    expect(availability.jvm).toMatchObject({ state: 'unavailable', why: expect.stringContaining('regex') });
    expect(notes).toEqual([]);
  });

  it('is not incomplete where a namespace has too many JVM series, but suggests no sizes there', async () => {
    const jvm = (query: string) => {
      if (query.includes('b')) throw new QueryFailure('too large', 'too many samples');
      return [];
    };
    const restarts = [{ labels: labelsOf('a', 'p'), samples: [{ t: AT, v: 0 }] }];
    const { notes } = await measureOne({
      jvm,
      restarts,
      scope: [...oneSeries, { labels: { namespace: 'b' }, value: 1 }],
    });
    expect(notes.length).toBeGreaterThan(0);
    for (const note of notes) expect(note).toMatchObject({ kind: 'info', partial: true, only: 'sizes' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes } from '../../src/bytes.ts';
import { UserError } from '../../src/errors.ts';
import { judge } from '../../src/judge/judge.ts';
import type { HeapMeasurement } from '../../src/model/measurement.ts';
import type { DemandedBy, NamespaceBounds, TemplateContainer } from '../../src/model/workload.ts';
import { judgeSettings } from '../../src/observe/judge-settings.ts';
import { readOptions } from '../../src/options/read-options.ts';
import { keepPlausible } from '../../src/record/keep-plausible.ts';
import { decodeRecording, encodeRecording } from '../../src/record/recording.ts';
import { AT, HOUR, measureOf, mi, series } from '../checks/fixtures.ts';
import { observationOf, peaksOf, podOf, templateOf, workloadOf } from '../judge/fixtures.ts';

const rollout = { observed: true, pods: 2, updated: 1, ready: 1, partition: 1 };
const quarters = series(4, 6 * HOUR, (hours) => 800 + hours);
const heap: HeapMeasurement = {
  ...{ used: mi(1200), liveSet: mi(700), maximum: mi(3072), nonHeap: mi(200), committed: mi(1300) },
  ...{ directBuffers: mi(50), threads: 100, course: { used: quarters, liveSet: quarters, nonHeap: quarters } },
};
const flagged: Partial<TemplateContainer> = {
  jvm: { maxHeap: mi(3072) },
  jvmFlags: { heap: { text: '-Xmx3g', where: 'args' }, stack: mi(1) },
};
const observation = observationOf(
  [workloadOf([podOf('cart-0')], { containers: [templateOf(flagged)], rollout })],
  [measureOf(() => 1900, { heap })],
  { histories: [peaksOf(1900, 8)] },
);
const text = Buffer.from(encodeRecording(observation, 'r.json')).toString('utf8');
const options = readOptions(
  () => '',
  () => undefined,
);

const number = fc.oneof(
  fc.constantFrom('1e999', '-1e999', '1.7e308', '1e300', '-1', '9223372036854775807', '5e-324', '0', 'null', '"7"'),
  fc.double({ noNaN: true }).map(String),
);

describe('a recording with numbers from anywhere', () => {
  it('is judged, or refused in a sentence', () => {
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0, max: 1 }),
        (numbers, share) => {
          let index = 0;
          // Each number of the file is replaced, or kept, by turns that differ with every try.
          const changed = text.replace(/(?<="(?!format)\w+":)-?\d+(\.\d+)?/g, (kept) => {
            index += 1;
            return (index * 0.618) % 1 < share ? (numbers[index % numbers.length] ?? kept) : kept;
          });
          try {
            judge(decodeRecording(Buffer.from(changed), 'r.json'), judgeSettings(options, observation.at));
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(UserError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps no count of a rollout that is none', () => {
    const absurd = { observed: true, pods: -1, updated: 1e300, ready: 1, partition: -2 };
    const kept = keepPlausible(observationOf([workloadOf([], { rollout: absurd })], []));
    expect(kept.cluster.workloads[0]?.rollout).toEqual({ observed: true, pods: 0, updated: 0, ready: 1 });
  });

  it('keeps nothing in the place of a heap flag that is none, and no course that is none', () => {
    const flagOf = (text: string, where: string) => {
      const containers = [templateOf({ jvmFlags: { heap: { text, where }, stack: bytes(2 ** 60) } })];
      const kept = keepPlausible({
        ...observation,
        cluster: observationOf([workloadOf([], { containers })], []).cluster,
      });
      return kept.cluster.workloads[0]?.containers[0]?.jvmFlags;
    };
    expect(flagOf('-Xmx3g', 'env JAVA_OPTS')).toEqual({ heap: { text: '-Xmx3g', where: 'env JAVA_OPTS' } });
    for (const text of ['-Xmx3g -Dpassword=x', '<img>', '-Xmx', `-Xmx${'1'.repeat(99)}`])
      expect(flagOf(text, 'args')).toEqual({});
    expect(flagOf('-Xmx3g', 'env <img>')).toEqual({});
    const course = { used: [{ t: AT, v: 2 ** 60 }], threads: [{ t: AT, v: -1 }], nonHeap: [{ t: AT, v: 1 }] };
    const [kept] = keepPlausible({
      ...observation,
      measurements: [measureOf(() => 1, { heap: { course } })],
    }).measurements;
    expect(kept?.heap?.course).toEqual({ used: [], threads: [], nonHeap: [{ t: AT, v: 1 }] });
  });

  it('loses every bound that is no size', () => {
    const absurd = bytes(2 ** 60);
    const bounds: Required<NamespaceBounds> = {
      namespace: 'shop',
      containerMax: absurd,
      containerMin: absurd,
      podMax: absurd,
      quotaLimitsLeft: absurd,
      quotaRequestsLeft: absurd,
      defaultLimit: absurd,
      defaultRequest: absurd,
      limitPerRequest: 0.5,
      podSumMax: absurd,
      podSumMin: absurd,
      demandsLimit: 'nobody' as DemandedBy,
      demandsRequest: 'nobody' as DemandedBy,
    };
    expect(keepPlausible(observationOf([], [], {}, { bounds: [bounds] })).cluster.bounds).toEqual([
      { namespace: 'shop' },
    ]);
  });
});

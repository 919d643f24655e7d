import type { JvmFlags, JvmSizing } from '../../src/model/jvm.ts';
import type { HeapCourse, HeapMeasurement } from '../../src/model/measurement.ts';
import type { HeapSplit } from '../../src/model/suggestion.ts';
import type { TemplateContainer } from '../../src/model/workload.ts';
import { AT, HOUR, mi, series, set } from '../checks/fixtures.ts';
import { type Case, judgeCase } from './fixtures.ts';

/** A JVM; sizes in Mi. */
export interface Jvm {
  readonly used?: number;
  readonly limit?: number;
  readonly flag?: string;
  readonly jvm?: JvmSizing;
  readonly stack?: number;
  readonly heap?: Readonly<Partial<Record<Exclude<keyof HeapMeasurement, 'course' | 'threads'>, number>>>;
  readonly threads?: number;
  readonly course?: Readonly<Partial<Record<keyof HeapCourse, (hours: number) => number>>>;
  readonly rss?: (hours: number) => number;
  readonly more?: Partial<Case>;
}

const quarters = (at: (hours: number) => number) => series(4, 6 * HOUR, at);

/** A JVM of one pod, with 60Mi of page cache. */
export function caseOf({
  used = 1900,
  limit = 2000,
  flag,
  jvm,
  stack,
  heap = {},
  threads,
  course,
  rss,
  more,
}: Jvm): Case {
  const sizes = Object.fromEntries(Object.entries(heap).map(([name, mebi]) => [name, mi(mebi)]));
  const went = Object.entries(course ?? {}).map(([name, at]) => {
    const samples = quarters(at);
    return [name, name === 'threads' ? samples.map(({ t, v }) => ({ t, v: v / 1024 ** 2 })) : samples];
  });
  const jvmFlags: JvmFlags = {
    ...(flag !== undefined && { heap: { text: flag, where: 'args' } }),
    ...(stack !== undefined && { stack: mi(stack) }),
  };
  const template: Partial<TemplateContainer> = { ...(jvm && { jvm }), jvmFlags };
  return {
    used,
    limit: set(limit),
    request: set(Math.min(limit, 1500)),
    template,
    ...more,
    measured: {
      now: { workingSet: mi(used), activeFile: mi(60), startedAt: AT - 720 * HOUR },
      heap: {
        ...sizes,
        ...(threads !== undefined && { threads }),
        ...(course && { course: Object.fromEntries(went) }),
      },
      ...(rss && { rss: quarters(rss) }),
      ...more?.measured,
    },
  };
}

export function heapOf(one: Jvm): HeapSplit | undefined {
  const { suggestion, withheld } = judgeCase(caseOf(one));
  return suggestion?.heap ?? withheld?.heap;
}

export const LARGE: Jvm = {
  flag: '-Xmx3g',
  jvm: { maxHeap: mi(3072) },
  heap: { used: 1200, liveSet: 700, maximum: 3072, nonHeap: 200, committed: 1300, directBuffers: 50 },
  threads: 100,
};

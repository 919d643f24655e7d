import { expect, test } from 'vitest';
import type { GrowingPart, HeapFlagChange, HeapSplit } from '../../src/model/suggestion.ts';
import { toMarkdown } from '../../src/text/phrase.ts';
import { diffFlag, listParts, sayFlag, sayGrowth, sayParts } from '../../src/words/heap-split.ts';
import { mi } from '../checks/fixtures.ts';
import { goldenIn } from '../golden.ts';

const expectGolden = goldenIn(import.meta.url);

const SPLITS: Readonly<Record<string, HeapSplit>> = {
  all: {
    used: mi(1900),
    heapMaximum: mi(3072),
    liveHeap: mi(700),
    otherHeap: mi(500),
    nonHeap: mi(200),
    directBuffers: mi(50),
    pageCache: mi(60),
    threads: { count: 100, size: mi(1), most: mi(100) },
    emptyHeap: mi(100),
    rest: mi(190),
  },
  'of an earlier recording': {
    used: mi(1900),
    heapMaximum: mi(1000),
    liveHeap: mi(400),
    otherHeap: mi(500),
    rest: mi(1000),
  },
  'nothing that lives': { used: mi(900), otherHeap: mi(500), pageCache: mi(0), rest: mi(400) },
  'does not add up': { liveHeap: mi(700), nonHeap: mi(5000) },
  'one thread': { used: mi(10), threads: { count: 1, size: mi(1), most: mi(1) }, rest: mi(9) },
};
const GROWS: Readonly<Record<GrowingPart, true>> = {
  'live heap': true,
  'other heap': true,
  heap: true,
  'non-heap': true,
  'direct buffers': true,
  threads: true,
  rest: true,
};
const FLAGS: readonly HeapFlagChange[] = [
  { from: '-Xmx3g', to: '-Xmx1g', where: 'args', direction: 'lower', limit: 'stays' },
  { from: '-Xmx1g', to: '-Xmx1536m', where: 'env JAVA_OPTS', direction: 'raise', limit: 'stays' },
  { from: '-XX:MaxHeapSize=1g', to: '-XX:MaxHeapSize=2g', where: 'command', direction: 'raise', limit: 'as suggested' },
];

test('where the memory of a JVM is, what grows and which flag to change, in words', () => {
  const lines = [
    ...Object.entries(SPLITS).map(([name, split]) => `${name}: ${sayParts(split)}.`),
    ...(Object.keys(GROWS) as GrowingPart[]).map((part) => `${sayGrowth(part)}.`),
    ...FLAGS.flatMap((change) => [`${toMarkdown(sayFlag(change))}.`, diffFlag(change)]),
  ];
  expectGolden('heap-split.txt', `${lines.join('\n')}\n`);
});

test('nothing is said of a JVM of which nothing is known', () => {
  expect(sayParts({ heapMaximum: mi(100), raiseGoesTo: 'heap' })).toBeUndefined();
  expect(listParts({})).toEqual([]);
});

import { type Bytes, formatBytes } from '../bytes.ts';
import type { HeapFacts } from '../model/finding.ts';
import { formatPercent } from '../text/format.ts';
import { say, strong } from '../text/phrase.ts';
import type { Words } from './words.ts';

export const HEAP_WORDS: Words<'heap'> = {
  clause(facts) {
    const { live, maximum, percent } = facts;
    if (live === undefined || maximum === undefined || percent === undefined) return [sayMeaning(facts)];
    const amount = `${formatBytes(live)} of ${formatBytes(maximum)} (${formatPercent(percent)})`;
    return say`keeps ${strong(amount)} of its JVM heap alive${joinMeaning(facts)}`;
  },
  names: ({ level, facts: { reason, percent } }) => {
    if (reason === 'does not fit') return [{ level, text: 'a full JVM heap would not fit its limit' }];
    return [{ level, text: percent === undefined ? 'JVM heap' : `JVM heap ${formatPercent(percent)} full` }];
  },
  cell({ percent, fits }) {
    const parts = [
      ...(percent === undefined ? [] : [formatPercent(percent)]),
      ...(fits === false ? ['over the limit'] : []),
    ];
    return parts.join(', ') || 'fits';
  },
};

function joinMeaning(facts: HeapFacts): string {
  const isPredicate = facts.reason === 'does not fit' || facts.reason === 'room';
  return isPredicate ? `, and ${sayMeaning(facts)}` : `: ${sayMeaning(facts)}`;
}

function sayMeaning(facts: HeapFacts): string {
  switch (facts.reason) {
    case 'full':
      return 'expect an OutOfMemoryError or constant garbage collection soon';
    case 'does not fit':
      return sayMisfit(facts);
    case 'over the yellow line':
      return 'watch it';
    case 'fits':
      return 'has a limit with room for a full heap and non-heap memory';
    case 'room':
      return 'has room in its heap';
  }
}

function sayMisfit({ maximum, nonHeap, limit }: HeapFacts): string {
  const needed = formatBytes(((maximum ?? 0) + (nonHeap ?? 0)) as Bytes);
  const rest = nonHeap === undefined ? '' : ' and non-heap memory';
  const more = limit === undefined ? 'its limit' : `its limit of ${formatBytes(limit)}`;
  return `needs ${needed} for a full heap${rest}, more than ${more}: it can be OOM-killed before the heap is full`;
}

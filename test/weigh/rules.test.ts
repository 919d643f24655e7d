import { describe, expect, test } from 'vitest';
import { ABSENT, mi, set, UNKNOWN } from '../checks/fixtures.ts';
import { changeOf, findingOf, findingsOf, type Known, levelsOf, limitTo, valueChange } from './fixtures.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: Flux fills it in.
const PLACEHOLDER = '${MEM}';

const requestTo = (to: number, from = 1000) => changeOf({ request: valueChange(set(from), set(to)) });

describe('a request', () => {
  test('under half of what is used is yellow, with what would be enough', () => {
    const finding = findingOf(findingsOf(requestTo(400)), 'low request');
    expect(finding).toMatchObject({ level: 'yellow', fact: { request: mi(400), used: mi(1000), enough: mi(832) } });
    expect(levelsOf(findingsOf(requestTo(500)))).toEqual({ halved: 'green' });
  });

  test('that the action suggests is enough', () => {
    expect(levelsOf(findingsOf(requestTo(400), { use: { suggested: { request: mi(400) } } }))).toEqual({
      halved: 'green',
    });
  });

  test('above the limit is red, whichever of the two moved and whatever is known', () => {
    const notKnown: Known = { matched: { state: 'new' } };
    for (const change of [requestTo(2100), limitTo(900)]) {
      expect(findingOf(findingsOf(change, notKnown), 'request above limit')?.level).toBe('red');
    }
    const onlyHeap = changeOf({
      limit: valueChange(set(900), set(900)),
      jvm: { before: { maxHeap: mi(100) }, after: { maxHeap: mi(200) } },
    });
    expect(findingOf(findingsOf(onlyHeap, notKnown), 'request above limit')).toBeUndefined();
  });

  test('may not be above what the LimitRange gives in place of a limit', () => {
    const change = changeOf({ limit: valueChange(set(2000), ABSENT) });
    expect(levelsOf(findingsOf(change, { bounds: { defaultLimit: mi(512) } }))).toMatchObject({
      'request above limit': 'red',
    });
  });
});

test('a new container that leaves out what is demanded is red, but not where the LimitRange fills it in', () => {
  const added = changeOf({ kind: 'added', limit: valueChange(ABSENT, ABSENT), request: valueChange(ABSENT, set(100)) });
  const demandsLimit = 'ResourceQuota';
  const finding = findingOf(findingsOf(added, { bounds: { demandsLimit } }), 'demanded');
  expect(finding).toMatchObject({ level: 'red', fact: { field: 'limit', demandedBy: 'ResourceQuota' } });
  const filled = findingsOf(added, { bounds: { demandsLimit, defaultLimit: mi(512) } });
  expect(findingOf(filled, 'demanded')).toBeUndefined();
});

describe('what stands in place of a quantity', () => {
  const written = (text: string) => levelsOf(findingsOf(changeOf({ limit: valueChange(set(2000), UNKNOWN, text) })));

  test('is red', () => {
    for (const text of ['2 GB', 'lots', '-1Gi', '12Mib']) expect(written(text)).toMatchObject({ 'no quantity': 'red' });
  });

  test('may be a placeholder, which is not known', () => {
    for (const text of ['$(MEM)', PLACEHOLDER, '{{ mem }}', '<MEM>', '__MEM__', '%MEM%', 'PLACEHOLDER']) {
      expect(written(text)).toMatchObject({ placeholder: 'unknown' });
    }
  });

  test('says nothing where the pull request leaves it', () => {
    const change = changeOf({
      limit: valueChange(UNKNOWN, UNKNOWN, PLACEHOLDER),
      request: valueChange(set(1000), set(1100)),
    });
    expect(levelsOf(findingsOf(change))).toEqual({});
  });
});

describe('removed', () => {
  const noLimit = changeOf({ limit: valueChange(set(2000), ABSENT) });
  const noRequest = changeOf({ request: valueChange(set(1000), ABSENT) });
  const neither = changeOf({ limit: valueChange(ABSENT, ABSENT), request: valueChange(set(1000), ABSENT) });

  test('a limit is yellow, and red where it is demanded', () => {
    expect(levelsOf(findingsOf(noLimit))).toEqual({ removed: 'yellow' });
    const finding = findingOf(findingsOf(noLimit, { bounds: { demandsLimit: 'ResourceQuota' } }), 'removed');
    expect(finding).toMatchObject({ level: 'red', fact: { demandedBy: 'ResourceQuota' } });
  });

  test('what the LimitRange fills in is demanded by nothing', () => {
    const bounds = { demandsLimit: 'ResourceQuota', defaultLimit: mi(2000) } as const;
    expect(findingOf(findingsOf(noLimit, { bounds }), 'removed')).toMatchObject({ level: 'yellow' });
  });

  test('a request follows the limit where there is one', () => {
    expect(findingsOf(noRequest)).toEqual([{ level: 'green', fact: { kind: 'removed', field: 'request' } }]);
    expect(levelsOf(findingsOf(neither))).toEqual({ removed: 'yellow' });
    expect(levelsOf(findingsOf(neither, { bounds: { demandsRequest: 'LimitRange' } }))).toEqual({ removed: 'red' });
  });

  test('a container says nothing, and counts', () => {
    expect(findingsOf(changeOf({ kind: 'removed', limit: valueChange(set(2000), ABSENT) }))).toEqual([]);
  });
});

describe('a JVM', () => {
  const heap = { live: mi(600), maximum: mi(1000), nonHeap: mi(300) };
  const sized = (to: number, flags: { maxHeap?: number; share?: number }, use: Known['use'] = { heap }) => {
    const jvm = {
      ...(flags.maxHeap !== undefined && { maxHeap: mi(flags.maxHeap) }),
      ...(flags.share !== undefined && { maxRamPercentage: flags.share }),
    };
    const change = { ...limitTo(to), jvm: { before: jvm, after: jvm } };
    return findingsOf(change, { use: { peak: mi(500), used: mi(500), ...use } }).filter(
      ({ fact }) => fact.kind === 'heap',
    );
  };

  test('with a maximum at or above the limit is red', () => {
    expect(sized(1500, { maxHeap: 1500 })).toMatchObject([{ level: 'red', fact: { reason: 'above the limit' } }]);
    expect(sized(1500, { maxHeap: 1500 }, { heap: undefined })).toMatchObject([{ level: 'red' }]);
  });

  test('whose full heap and the rest do not fit is yellow', () => {
    expect(sized(1500, { maxHeap: 1300 })).toMatchObject([{ level: 'yellow', fact: { reason: 'does not fit' } }]);
    expect(sized(1500, { maxHeap: 1200 })).toEqual([]);
  });

  test('sized in percent is held against what lives in its heap', () => {
    const share = { share: 50 };
    expect(sized(1300, share)).toMatchObject([{ level: 'red', fact: { reason: 'full', share: 50, maximum: mi(650) } }]);
    expect(sized(1600, share)).toMatchObject([{ level: 'yellow', fact: { reason: 'nearly full' } }]);
    expect(sized(1800, share)).toEqual([]);
  });

  test('is weighed where its flags alone change, and by those of the live template where the head has none', () => {
    const flags = changeOf({ jvm: { before: { maxHeap: mi(1000) }, after: { maxHeap: mi(2000) } } });
    expect(levelsOf(findingsOf(flags))).toEqual({ heap: 'red' });
    expect(levelsOf(findingsOf(limitTo(1500), { jvm: { maxHeap: mi(1500) } }))).toMatchObject({ heap: 'red' });
    const removed = { ...limitTo(1500), jvm: { before: { maxHeap: mi(1500) } } };
    expect(findingOf(findingsOf(removed, { jvm: { maxHeap: mi(1500) } }), 'heap')).toBeUndefined();
  });

  test('for which the action suggests the limit is only said', () => {
    const use = { heap, suggested: { limit: mi(1500) } };
    expect(sized(1500, { maxHeap: 4000 }, use)).toMatchObject([{ level: 'green' }]);
  });
});

describe('a raise of what leaks', () => {
  const leak = { bytesPerHour: mi(10), ...{} };

  test('only postpones', () => {
    const finding = findingOf(findingsOf(limitTo(3000), { use: { leak } }), 'only postpones');
    expect(finding).toEqual({
      level: 'yellow',
      fact: { kind: 'only postpones', bytesPerHour: mi(10), hours: 200 },
    });
    expect(findingOf(findingsOf(limitTo(1900), { use: { leak } }), 'only postpones')).toBeUndefined();
  });

  test('that the action would make as well is only said', () => {
    const known = { use: { leak, suggested: { limit: mi(3000) } } };
    expect(findingOf(findingsOf(limitTo(3000), known), 'only postpones')?.level).toBe('green');
    expect(findingOf(findingsOf(limitTo(3100), known), 'only postpones')?.level).toBe('yellow');
  });
});

describe('bounds', () => {
  test('of a LimitRange are red', () => {
    const facts = (change: ReturnType<typeof limitTo>, bounds: Known['bounds']) =>
      findingsOf(change, { bounds }).flatMap(({ level, fact }) =>
        fact.kind === 'LimitRange' ? [[level, fact.field, fact.of, fact.bound, fact.value]] : [],
      );
    expect(facts(limitTo(4000), { containerMax: mi(3000) })).toEqual([
      ['red', 'limit', 'container', 'at most', mi(3000)],
    ]);
    expect(facts(limitTo(4000), { podSumMax: mi(3000) })).toEqual([['red', 'limit', 'pod', 'at most', mi(3000)]]);
    expect(facts(requestTo(600), { containerMin: mi(700) })).toEqual([
      ['red', 'request', 'container', 'at least', mi(700)],
    ]);
    expect(facts(limitTo(4000), { limitPerRequest: 3 })).toEqual([['red', 'limit', 'container', 'at most', mi(3000)]]);
    expect(facts({ ...requestTo(1200), podRequest: mi(4000) }, { podSumMax: mi(3000) })).toEqual([
      ['red', 'request', 'pod', 'at most', mi(3000)],
    ]);
    expect(facts(requestTo(1100), { containerMax: mi(1500) })).toEqual([]);
  });

  test('a pod that fits no node is red', () => {
    const finding = findingOf(
      findingsOf({ ...requestTo(1200), podRequest: mi(9000) }, { largestNode: 8000 }),
      'largest node',
    );
    expect(finding).toEqual({ level: 'red', fact: { kind: 'largest node', request: mi(9000), node: mi(8000) } });
  });
});

describe('what else has a hand in the sizes', () => {
  test('is said of an HPA on memory where the request moves', () => {
    expect(levelsOf(findingsOf(requestTo(1200), { memoryHpa: 'steered' }))).toEqual({ 'memory HPA': 'green' });
    expect(levelsOf(findingsOf(limitTo(3000), { memoryHpa: 'steered' }))).toEqual({});
  });

  test('overwrites it', () => {
    const finding = findingOf(findingsOf(limitTo(3000), { vpa: 'steered', steeredBy: { name: 'CAST AI' } }), 'steered');
    expect(finding).toEqual({ level: 'yellow', fact: { kind: 'steered', by: 'CAST AI' } });
  });

  test('is said of pods that are sized in place, of the fields that are touched', () => {
    const known = { use: { actual: { limit: set(2500), request: set(1500) } } };
    expect(findingsOf(limitTo(3000), known)).toEqual([
      { level: 'green', fact: { kind: 'sized in place', field: 'limit', actual: set(2500) } },
    ]);
  });
});

describe('what cannot be compared', () => {
  const levels = (known: Known, change = limitTo(1900)) => levelsOf(findingsOf(change, known));

  test('is green where it is new or not looked at, and unknown where that is not clear', () => {
    expect(levels({ matched: { state: 'new' } })).toEqual({ new: 'green' });
    expect(levels({ matched: { state: 'not inspected' } })).toEqual({ 'not inspected': 'green' });
    expect(levels({ matched: { state: 'unmatched' } })).toEqual({ unmatched: 'unknown' });
    expect(levels({ matched: { state: 'not known', why: 'no report' } })).toEqual({ 'not measured': 'unknown' });
    expect(levels({ use: { used: undefined, peak: undefined } })).toEqual({ 'not measured': 'unknown' });
  });

  test('a container that a workload gets is new, one that it has is not measured', () => {
    const ref = { namespace: 'shop', group: 'apps', kind: 'StatefulSet', name: 'cart' };
    const matched = { state: 'matched', ref } as const;
    expect(levels({ matched }, { ...limitTo(1900), kind: 'added' })).toEqual({ new: 'green' });
    expect(levels({ matched })).toEqual({ 'not measured': 'unknown' });
  });

  test('partial data is not enough to be green', () => {
    expect(levels({ uncertain: 'Prometheus returned only part of the data' })).toMatchObject({
      'not measured': 'unknown',
    });
  });

  test('another cluster is said, and what the API server refuses stays red', () => {
    const other = { ...limitTo(500), application: { ...limitTo(500).application, cluster: 'prod' } };
    expect(levelsOf(findingsOf(other, {}))).toEqual({
      'other cluster': 'green',
      'request above limit': 'red',
      halved: 'green',
    });
    expect(levelsOf(findingsOf(limitTo(500), {}))).toMatchObject({ limit: 'red' });
  });
});

test('what is ignored is said and green', () => {
  const ignoredBy = () => ({ reason: 'will be rewritten' });
  const said = [{ level: 'green', fact: { kind: 'ignored', why: 'will be rewritten' } }];
  expect(findingsOf(limitTo(100), {}, { ignoredBy })).toEqual(said);
  expect(findingsOf(limitTo(100), { ignored: { reason: 'will be rewritten' } })).toEqual(said);
});

test('halved and doubled are said', () => {
  const fact = { kind: 'doubled', field: 'limit', before: mi(2000), after: mi(4000) };
  expect(findingsOf(limitTo(4000))).toEqual([{ level: 'green', fact }]);
});

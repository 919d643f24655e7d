import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bytes, mebibytes } from '../../src/bytes.ts';
import type { GateFact, LimitReason } from '../../src/model/gate.ts';
import { toMarkdown, toPlain } from '../../src/text/phrase.ts';
import { type GateScene, sayGateFact } from '../../src/words/gate.ts';
import { nameGateFact, sayHeapChange } from '../../src/words/gate-names.ts';
import { sayNotJudged } from '../../src/words/not-judged.ts';
import { goldenIn } from '../golden.ts';

const expectGolden = goldenIn(import.meta.url);
const mi = mebibytes;

const SCENE: GateScene = {
  days: 14,
  usageYellow: 70,
  usageRed: 85,
  cacheShare: 0.4,
  limit: { state: 'set', bytes: mi(2000) },
};

const limit = (reason: LimitReason, more: Partial<Extract<GateFact, { kind: 'limit' }>> = {}): GateFact => ({
  kind: 'limit',
  reason,
  limit: mi(2150),
  peak: mi(2017),
  percent: 93.8,
  enough: mi(2560),
  ...more,
});

const heap = { kind: 'heap', maximum: mi(1500), limit: mi(1800), nonHeap: mi(400), live: mi(1400) } as const;

/** One of every kind and reason, which the compiler keeps complete. */
const FACTS: Readonly<Record<GateFact['kind'], readonly GateFact[]>> = {
  limit: [
    limit('at or below a limit that killed', { limit: mi(1500), killedAt: mi(2000) }),
    limit('barely above a limit that killed', { limit: mi(2048), killedAt: mi(2000), enough: mi(2560) }),
    limit('below what was used', { limit: mi(1500) }),
    limit('over the red line'),
    limit('page cache'),
    limit('tight but flat', { flatDays: 10 }),
    limit('over the yellow line', { percent: 75, enough: undefined }),
  ],
  'killed at an unknown limit': [{ kind: 'killed at an unknown limit', limit: mi(1500) }],
  'low request': [{ kind: 'low request', request: mi(100), used: mi(900), enough: mi(450) }],
  'request above limit': [{ kind: 'request above limit', request: mi(2048), limit: mi(1024) }],
  'no quantity': [{ kind: 'no quantity', field: 'limit', written: '2 GB' }],
  placeholder: [{ kind: 'placeholder', field: 'request', written: '$(MEMORY)' }],
  demanded: [{ kind: 'demanded', field: 'limit', demandedBy: 'ResourceQuota' }],
  removed: [
    { kind: 'removed', field: 'limit' },
    { kind: 'removed', field: 'limit', demandedBy: 'ResourceQuota' },
    { kind: 'removed', field: 'limit', fallback: mi(512) },
    { kind: 'removed', field: 'request' },
  ],
  halved: [{ kind: 'halved', field: 'limit', before: mi(2000), after: mi(900) }],
  doubled: [
    { kind: 'doubled', field: 'request', before: mi(1000), after: mi(2500) },
    { kind: 'doubled', field: 'request', before: mi(0), after: mi(2500) },
  ],
  heap: [
    { ...heap, reason: 'above the limit', maximum: mi(2000), share: 110 },
    { ...heap, reason: 'does not fit' },
    { ...heap, reason: 'full' },
    { ...heap, reason: 'nearly full' },
  ],
  'only postpones': [
    { kind: 'only postpones', bytesPerHour: mi(16), hours: 41 },
    { kind: 'only postpones', bytesPerHour: mi(16) },
  ],
  quota: [
    { kind: 'quota', field: 'limit', more: mi(3000), left: mi(1000), pods: 3 },
    { kind: 'quota', field: 'request', more: mi(3000), left: mi(0), pods: 1 },
  ],
  LimitRange: [
    { kind: 'LimitRange', field: 'limit', of: 'container', bound: 'at most', value: mi(4096) },
    { kind: 'LimitRange', field: 'request', of: 'pod', bound: 'at least', value: mi(128) },
  ],
  'largest node': [{ kind: 'largest node', request: mi(65_536), node: mi(30_000) }],
  'memory HPA': [{ kind: 'memory HPA', field: 'request' }],
  steered: [
    { kind: 'steered', by: 'VPA', mode: 'Auto' },
    { kind: 'steered', by: 'CAST AI' },
  ],
  'sized in place': [{ kind: 'sized in place', field: 'limit', actual: { state: 'set', bytes: mi(3000) } }],
  new: [{ kind: 'new' }],
  'not inspected': [{ kind: 'not inspected' }],
  unmatched: [{ kind: 'unmatched' }],
  'not measured': [{ kind: 'not measured' }],
  ignored: [{ kind: 'ignored', why: 'a load test runs here' }],
  'in the place of': [{ kind: 'in the place of', former: 'Deployment cart/app' }],
  'other cluster': [{ kind: 'other cluster', cluster: 'production' }],
};

const ALL = Object.values(FACTS).flat();

test('every fact has its words', () => {
  const lines = ALL.flatMap((fact) => [
    `${nameGateFact(fact, 'red')}:`,
    `  ${toPlain(sayGateFact(fact, SCENE))}`,
    `  ${toPlain(sayGateFact(fact, { usageYellow: 70, usageRed: 85, limit: { state: 'absent' } }))}`,
  ]);
  expectGolden('gate.txt', `${lines.join('\n')}\n`);
});

test('what the action itself would set is named as that', () => {
  expect(nameGateFact(limit('over the yellow line'), 'green')).toBe('as much as the action itself would set');
});

test('says how the flags of a heap change', () => {
  const jvm = { before: { maxHeap: mi(1024) }, after: { maxRamPercentage: 75 } };
  expect(sayHeapChange({ jvm })).toBe('JVM heap 1024Mi → 75 % of its limit');
  expect(sayHeapChange({ jvm: {} })).toBeUndefined();
});

test('what a renderer said is not repeated', () => {
  expect(sayNotJudged({ reason: 'rendered', why: 'secret' })).not.toContain('secret');
  const absent = { reason: 'rendered', why: 'web in shop: the chart bitnami/redis is not here' } as const;
  expect(sayNotJudged(absent)).toBe('its chart bitnami/redis is not in the repository, and nothing is fetched');
  const hidden = { reason: 'rendered', why: 'error: root:x:0: the chart $(cat key) is not here' } as const;
  expect(sayNotJudged(hidden)).not.toMatch(/root|key/);
  expect(sayNotJudged({ reason: 'over budget', why: 'it takes 61 s' })).toContain('it takes 61 s');
});

test('texts of others are bounded, and numbers are never NaN', () => {
  const size = fc.integer({ min: 0, max: 2 ** 50 }).map((value) => value as Bytes);
  const hostile = fc.constantFrom('`'.repeat(4000), '\u202e<script>', '::error::', '| a |', '$(reboot)');
  fc.assert(
    fc.property(fc.constantFrom(...ALL), size, hostile, fc.boolean(), (fact, bytes, text, isBare) => {
      const entries = Object.entries(fact).map(([key, value]) => {
        if (key === 'kind' || key === 'reason' || key === 'field') return [key, value];
        if (typeof value === 'number') return [key, bytes];
        return [key, ['written', 'by', 'mode', 'cluster', 'why'].includes(key) ? text : value];
      });
      const changed = Object.fromEntries(entries) as GateFact;
      const scene = isBare ? { usageYellow: 70, usageRed: 85, limit: SCENE.limit } : SCENE;
      const plain = toPlain(sayGateFact(changed, scene));
      expect(plain.length).toBeLessThan(600);
      expect(plain).not.toMatch(/NaN|undefined|Infinity|\n/);
      expect(toMarkdown(sayGateFact(changed, scene))).not.toMatch(/<script|\u202e/);
      expect(nameGateFact(changed, 'yellow').length).toBeLessThan(120);
    }),
  );
});

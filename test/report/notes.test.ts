import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import { makeInput, makeInspection, type WorkloadSpec } from './make-inspection.ts';

const cart = (text: string, container?: string): WorkloadSpec => ({
  namespace: 'shop',
  name: 'cart',
  kind: 'StatefulSet',
  pods: { 'cart-0': [{ name: 'app', used: 990, limit: 1000, request: 800 }] },
  ignoreMarks: [container === undefined ? { text } : { container, text }],
});

const reportOf = (...workloads: readonly WorkloadSpec[]) => buildReport(makeInput(makeInspection(workloads)));

test('what an annotation ignores is told with its reason and whose wish it is', () => {
  const [page] = reportOf(cart('fills <b>its</b> cache; until=2026-03-31')).pages;
  expect(page?.text).toContain(
    '🔕 `shop/cart`: fills &lt;b&gt;its&lt;/b&gt; cache (until 2026-03-31, by its annotation); 🔴 it',
  );
});

test('an annotation that ignores nothing is told, with what to write', () => {
  const { pages, json } = reportOf(cart('moving; until=tomorrow'), cart('a slip', 'ap'));
  const text = pages[0]?.text ?? '';
  expect(text).toContain(
    '- The annotation memory-inspector/ignore of StatefulSet shop/cart ignores nothing: what follows its reason is no date. ' +
      'Write it as "reason; until=2027-03-31".',
  );
  expect(text).toContain(
    '- The annotation memory-inspector/ignore.ap of StatefulSet shop/cart ignores nothing: no container',
  );
  expect(JSON.parse(json.text).notes).toContainEqual({
    kind: 'info',
    text: expect.stringContaining('what follows its reason is no date'),
  });
});

test('of many such annotations some are told', () => {
  const many = Array.from({ length: 80 }, (_, index) => ({ ...cart('until=never'), name: `cart-${index}` }));
  const { notes } = JSON.parse(reportOf(...many).json.text);
  expect(notes).toHaveLength(51);
  expect(notes.at(-1).text).toBe('30 more annotations ignore nothing.');
});

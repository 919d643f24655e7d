import { expect, test } from 'vitest';
import type { Owner } from '../../src/model/owner.ts';
import { buildReport } from '../../src/report/build-report.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { makeInput, makeInspection } from './make-inspection.ts';

const owner = (name: string, lists: Partial<Owner>): Owner => ({
  match: { name },
  labels: [],
  reviewers: [],
  teamReviewers: [],
  assignees: [],
  ...lists,
});
const owners = [
  owner('cart', { assignees: ['ana'], reviewers: ['bob', 'ana'], labels: ['shop'] }),
  owner('c*', { teamReviewers: ['platform'] }),
  owner('search', { assignees: ['carl'] }),
];
const workload = (name: string, used: number) => ({
  namespace: 'shop',
  name,
  pods: { [`${name}-0`]: [{ name: 'app', used, limit: 1000, request: 800 }] },
});
const delivery = {
  state: 'opened',
  title: 'cart',
  branch: 'memory/shop/cart',
  number: 7,
  suggestions: ['shop/Deployment/cart/app'],
} as const;

function pageOf(input: Partial<ReportInput>): string {
  const inspection = makeInspection([workload('cart', 990), workload('search', 750)]);
  return buildReport(makeInput(inspection, { owners, ...input })).pages[0]?.text ?? '';
}

test('a red container that no pull request tells of names whom it concerns', () => {
  expect(pageOf({})).toContain('- Owners: `ana`, `bob`, `platform`.');
  expect(pageOf({})).not.toContain('carl');
  expect(pageOf({ deliveries: [delivery] })).not.toContain('Owners:');
  expect(pageOf({ deliveries: [{ ...delivery, state: 'over the limit' }] })).toContain('Owners:');
});

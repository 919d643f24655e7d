import { mi } from '../../checks/fixtures.ts';
import { observed } from '../live.ts';
import { deployment, LIMIT, REQUEST } from '../manifests.ts';
import type { Cases, GateCase } from './case.ts';

const CART = 'deploy/cart.yaml';
const AT_LIMIT = `${CART}:${LIMIT}`;
const AT_REQUEST = `${CART}:${REQUEST}`;

/** The cart, which has peaks of 1300Mi under 2000Mi. */
export const LIVE = observed([{ name: 'cart', uses: 1250, peak: 1300 }]);

type Expected = Pick<GateCase, 'verdict' | 'outcome' | 'notes' | 'comment'>;

const RED = { verdict: 'red', outcome: 'findings', comment: true } as const;
const YELLOW = { verdict: 'yellow', comment: true } as const;
const GREEN = { verdict: 'green', comment: false } as const;

function changing(
  before: Parameters<typeof deployment>[0],
  after: Parameters<typeof deployment>[0],
  expected: Expected,
  cluster = LIVE,
): GateCase {
  return { base: { [CART]: deployment(before) }, head: { [CART]: deployment(after) }, cluster, ...expected };
}

/** What the new limit of one plain manifest is held against. */
export const limits: Cases = {
  'limit below the peak': changing({}, { limit: '1200Mi' }, { ...RED, notes: [`error ${AT_LIMIT}`] }),
  'limit over the red line': changing({}, { limit: '1450Mi' }, { ...RED, notes: [`error ${AT_LIMIT}`] }),
  'limit between the lines': changing({}, { limit: '1700Mi' }, { ...YELLOW, notes: [`warning ${AT_LIMIT}`] }),
  'limit raised': changing({}, { limit: '2560Mi' }, GREEN),
  'limit halved and still enough': changing(
    { limit: '4000Mi' },
    { limit: '2000Mi' },
    GREEN,
    observed([{ name: 'cart', limit: 4000, uses: 700, peak: 800 }]),
  ),
  'limit at which it was killed': changing(
    { limit: '2560Mi' },
    { limit: '2000Mi' },
    { ...RED, notes: [`error ${AT_LIMIT}`] },
    observed([{ name: 'cart', limit: 2560, uses: 1000, peak: 1100, killed: { daysAgo: 6, limit: 2000 } }]),
  ),
  'over the line by page cache': changing(
    { limit: '2560Mi' },
    { limit: '2000Mi' },
    { ...YELLOW, notes: [`warning ${AT_LIMIT}`] },
    observed([{ name: 'cart', limit: 2560, uses: 1800, cache: 0.5 }]),
  ),
  'tight but flat': changing(
    { limit: '2000Mi' },
    { limit: '2048Mi' },
    { ...YELLOW, notes: [`warning ${AT_LIMIT}`] },
    observed([{ name: 'cart', uses: 1850, flat: true }]),
  ),
  'raise of what leaks': changing(
    { limit: '2000Mi' },
    { limit: '2200Mi' },
    { ...RED, notes: [`error ${AT_LIMIT}`] },
    observed([{ name: 'cart', uses: (hours) => 1900 + 25 * hours, peak: 1900 }]),
  ),
  'high raise of what leaks': changing(
    { limit: '2000Mi' },
    { limit: '8Gi' },
    { ...YELLOW, notes: [`warning ${AT_LIMIT}`] },
    observed([{ name: 'cart', uses: (hours) => 1900 + 25 * hours, peak: 1900 }]),
  ),
  'limit removed': changing({}, { limit: null }, { ...YELLOW, notes: [`warning ${CART}:${LIMIT - 1}`] }),
  'limit removed where a quota demands one': changing(
    {},
    { limit: null },
    { ...RED, notes: [`error ${CART}:${LIMIT - 1}`] },
    observed([{ name: 'cart', uses: 1250, peak: 1300 }], {
      bounds: [{ namespace: 'shop', demandsLimit: 'ResourceQuota' }],
    }),
  ),
  'more than a quota has left': changing(
    {},
    { limit: '4000Mi' },
    { ...RED, notes: [`error ${AT_LIMIT}`] },
    observed([{ name: 'cart', uses: 1250, peak: 1300, pods: 3 }], {
      bounds: [{ namespace: 'shop', quotaLimitsLeft: mi(4096) }],
    }),
  ),
  'request above the limit': changing({}, { request: '2500Mi' }, { ...RED, notes: [`error ${AT_REQUEST}`] }),
  'request under half of what is used': changing(
    {},
    { request: '256Mi' },
    { ...YELLOW, notes: [`warning ${AT_REQUEST}`] },
  ),
  'no quantity': changing({}, { limit: '2GBs' }, { ...RED, notes: [`error ${AT_LIMIT}`] }),
  placeholder: changing({}, { limit: '"$(CART_MEMORY)"' }, { verdict: 'unknown', comment: true }),
  'heap above the limit': changing(
    { jvm: '-Xmx1200m' },
    { jvm: '-Xmx2200m' },
    { ...RED, notes: [`error ${CART}`] },
    observed([{ name: 'cart', uses: 1250, peak: 1300, jvm: { maxHeap: mi(1200) } }]),
  ),
  'limit below the heap': changing(
    { jvm: '-Xmx1800m' },
    { jvm: '-Xmx1800m', limit: '1600Mi' },
    { ...RED, notes: [`error ${AT_LIMIT}`] },
    observed([{ name: 'cart', uses: 700, peak: 800, jvm: { maxHeap: mi(1800) } }]),
  ),
};

const OTHER = 'deploy/search.yaml';
const search = { name: 'search', uses: 1950, peak: 1990 };

/** What is and what is not a change of memory. */
export const what: Cases = {
  'new workload': {
    base: { [CART]: deployment() },
    head: { [OTHER]: deployment({ name: 'search' }) },
    cluster: LIVE,
    ...GREEN,
  },
  'new workload with a request above its limit': {
    base: { [CART]: deployment() },
    head: { [OTHER]: deployment({ name: 'search', request: '4Gi' }) },
    cluster: LIVE,
    ...RED,
    notes: [`error ${OTHER}:${REQUEST}`],
  },
  'workload removed': {
    base: { [CART]: deployment(), [OTHER]: deployment({ name: 'search' }) },
    head: { [OTHER]: null },
    cluster: LIVE,
    ...GREEN,
  },
  'file moved': {
    base: { [CART]: deployment() },
    head: { [CART]: null, 'apps/shop/cart.yaml': deployment() },
    cluster: LIVE,
    ...GREEN,
  },
  'red elsewhere, not touched': {
    base: { [CART]: deployment(), [OTHER]: deployment({ name: 'search' }) },
    head: { [CART]: deployment({ limit: '2560Mi' }) },
    cluster: observed([{ name: 'cart', uses: 1250, peak: 1300 }, search]),
    ...GREEN,
  },
  'red, and touched only elsewhere in its file': {
    base: { [OTHER]: deployment({ name: 'search' }) },
    head: { [OTHER]: deployment({ name: 'search', replicas: 3 }) },
    cluster: observed([search]),
    ...GREEN,
  },
  'base went on meanwhile': {
    base: { [CART]: deployment(), [OTHER]: deployment({ name: 'search' }) },
    head: { [CART]: deployment({ limit: '2560Mi' }) },
    meanwhile: { [OTHER]: deployment({ name: 'search', limit: '2560Mi', request: '1792Mi' }) },
    cluster: observed([
      { name: 'cart', uses: 1250, peak: 1300 },
      { ...search, limit: 2560, request: 1792 },
    ]),
    ...GREEN,
  },
  'nothing about memory': {
    base: { [CART]: deployment(), 'README.md': 'Shop\n' },
    head: { 'README.md': 'The shop\n' },
    ...GREEN,
  },
  '3,500 files, one of them the cart': {
    base: { [CART]: deployment(), ...many('one') },
    head: { [CART]: deployment({ limit: '1200Mi' }), ...many('two') },
    cluster: LIVE,
    ...RED,
    notes: [`error ${AT_LIMIT}`],
  },
};

function many(text: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 3500 }, (_, index) => [`pages/${index}.md`, `${text} ${index}\n`]));
}

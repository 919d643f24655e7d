import { mi } from '../../checks/fixtures.ts';
import { observed } from '../live.ts';
import { deployment, LIMIT, REQUEST } from '../manifests.ts';
import type { Cases } from './case.ts';
import { LIVE } from './limits.ts';

const CART = 'deploy/cart.yaml';
const CONFIG = '.github/memory-inspector.yml';
const AT_LIMIT = `${CART}:${LIMIT}`;
const base = { [CART]: deployment() };
const lowered = { base, head: { [CART]: deployment({ limit: '1200Mi' }) }, cluster: LIVE };

const RED = { verdict: 'red', outcome: 'findings', comment: true } as const;
const YELLOW = { verdict: 'yellow', comment: true } as const;
const GREEN = { verdict: 'green', comment: false } as const;
const UNKNOWN = { verdict: 'unknown', comment: true } as const;

const twice = observed([
  { name: 'cart', uses: 1250, peak: 1300 },
  { name: 'cart', namespace: 'shop-b', uses: 600, peak: 650 },
]);
const anywhere = (limit?: string) => deployment({ namespace: null, ...(limit && { limit }) });

const ignored = 'ignore: [{match: {name: cart}, reason: moves out next week}]\n';

const job = (limit: string) =>
  deployment({ name: 'nightly', limit, request: null })
    .replace('kind: Deployment', 'kind: Job')
    .replace('apps/', 'batch/');

const hostile = (limit: string) => deployment({ limit }).replace('name: app', 'name: "a|<b>`c`@jo ::error::x"');

/** Which workloads of the cluster a change is about, and what else holds there. */
export const scope: Cases = {
  'no namespace, one workload of the name': {
    base: { [CART]: anywhere() },
    head: { [CART]: anywhere('1200Mi') },
    cluster: LIVE,
    ...RED,
    notes: [`error ${AT_LIMIT}`],
  },
  'no namespace, two workloads of the name': {
    base: { [CART]: anywhere() },
    head: { [CART]: anywhere('1200Mi') },
    cluster: twice,
    ...UNKNOWN,
  },
  'namespace that is not looked at': {
    base: { [CART]: deployment({ namespace: 'payments' }) },
    head: { [CART]: deployment({ namespace: 'payments', limit: '1200Mi' }) },
    cluster: LIVE,
    ...GREEN,
  },
  'ignored by the config file of the base': { ...lowered, base: { ...base, [CONFIG]: ignored }, ...GREEN },
  'other lines by the config file of the base': {
    ...lowered,
    base: { ...base, [CONFIG]: 'usage-yellow: 30\nusage-red: 40\n' },
    head: { [CART]: deployment({ limit: '2560Mi' }) },
    ...RED,
    notes: [`error ${AT_LIMIT}`],
  },
  'sized by a VPA': {
    ...lowered,
    head: { [CART]: deployment({ limit: '2560Mi' }) },
    cluster: observed([{ name: 'cart', uses: 1250, peak: 1300, change: { vpa: 'steered' } }]),
    ...YELLOW,
    notes: [`warning ${AT_LIMIT}`],
  },
  'above what a LimitRange allows': {
    ...lowered,
    head: { [CART]: deployment({ limit: '4Gi' }) },
    cluster: observed([{ name: 'cart', uses: 1250, peak: 1300 }], {
      bounds: [{ namespace: 'shop', containerMax: mi(3072) }],
    }),
    ...RED,
    notes: [`error ${AT_LIMIT}`],
  },
  'limit left to a LimitRange, whose default is too small': {
    ...lowered,
    head: { [CART]: deployment({ limit: null }) },
    cluster: observed([{ name: 'cart', uses: 1250, peak: 1300 }], {
      bounds: [{ namespace: 'shop', defaultLimit: mi(1024) }],
    }),
    ...RED,
    notes: [`error ${CART}:${LIMIT - 1}`, `warning ${CART}:${LIMIT - 1}`],
  },
  'request that no node has': {
    ...lowered,
    head: { [CART]: deployment({ limit: '64Gi', request: '48Gi' }) },
    cluster: observed([{ name: 'cart', uses: 1250, peak: 1300 }], { largestNodeAllocatable: mi(30_000) }),
    ...RED,
    notes: [`error ${CART}:${REQUEST}`],
  },
  'job, which no inspection looks at': {
    base: { [CART]: deployment(), 'deploy/job.yaml': job('512Mi') },
    head: { 'deploy/job.yaml': job('64Mi') },
    cluster: LIVE,
    ...GREEN,
  },
  'second document of a file, with CRLF': {
    base: { [CART]: crlf(`${deployment({ name: 'search' })}---\n${deployment()}`) },
    head: { [CART]: crlf(`${deployment({ name: 'search' })}---\n${deployment({ limit: '1200Mi' })}`) },
    cluster: LIVE,
    ...RED,
    notes: [`error ${CART}:${24 + LIMIT}`],
  },
  'names that would break a table, a page and a command': {
    base: { 'deploy/a,line=1.yaml': hostile('2000Mi') },
    head: { 'deploy/a,line=1.yaml': hostile('1200Mi') },
    cluster: observed([{ name: 'cart', container: 'a|<b>`c`@jo ::error::x', uses: 1250, peak: 1300 }]),
    ...RED,
    notes: [`error deploy/a,line=1.yaml:${LIMIT}`],
  },
  'several changes that a quota has no room for together': {
    base: { ...base, 'deploy/search.yaml': deployment({ name: 'search' }) },
    head: {
      [CART]: deployment({ limit: '3000Mi' }),
      'deploy/search.yaml': deployment({ name: 'search', limit: '3000Mi' }),
    },
    cluster: observed(
      [
        { name: 'cart', uses: 1250, peak: 1300 },
        { name: 'search', uses: 1250, peak: 1300 },
      ],
      { bounds: [{ namespace: 'shop', quotaLimitsLeft: mi(1500) }] },
    ),
    ...RED,
    notes: [`error ${AT_LIMIT}`, `error deploy/search.yaml:${LIMIT}`],
  },
};

function crlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

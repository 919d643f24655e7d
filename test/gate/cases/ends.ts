import { observed } from '../live.ts';
import { deployment, LIMIT } from '../manifests.ts';
import type { Cases } from './case.ts';
import { LIVE } from './limits.ts';

const CART = 'deploy/cart.yaml';
const NOTE = `${CART}:${LIMIT}`;
const lowered = { base: { [CART]: deployment() }, head: { [CART]: deployment({ limit: '1200Mi' }) }, cluster: LIVE };
const between = { ...lowered, head: { [CART]: deployment({ limit: '1700Mi' }) } };
const raised = { ...lowered, head: { [CART]: deployment({ limit: '2560Mi' }) } };
const RED = { verdict: 'red', outcome: 'findings', comment: true, notes: [`error ${NOTE}`] } as const;
const silent = observed([{ name: 'cart', uses: 1250, silent: true }]);
const BROKEN = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart\n  resources: [limits\n';
const OVERLAY = 'deploy/rel/kustomization.yaml';
const unrenderable = {
  base: {
    'deploy/base/kustomization.yaml': 'resources: [cart.yaml]\n',
    'deploy/base/cart.yaml': deployment({ namespace: null }),
    [OVERLAY]: 'namespace: shop\nresources: [../base]\n',
  },
  head: { [OVERLAY]: 'namespace: shop\nresources: [../base]\npatches:\n  - path: missing.yaml\n' },
  cluster: LIVE,
};

/** How the options of a run decide its end and its comment. */
export const ends: Cases = {
  'fail-on yellow': {
    ...between,
    ...{ run: { inputs: { 'fail-on': 'yellow' } }, verdict: 'yellow', outcome: 'findings', comment: true },
    notes: [`warning ${NOTE}`],
  },
  'fail-on never': { ...lowered, ...RED, run: { inputs: { 'fail-on': 'never' } }, outcome: 'ok' },
  'comment always': { ...raised, run: { inputs: { comment: 'always' } }, verdict: 'green', comment: true },
  'comment never': { ...lowered, ...RED, run: { inputs: { comment: 'never' } }, comment: false },
  'not measured': { ...lowered, cluster: silent, verdict: 'unknown', comment: true },
  'not measured, which shall fail': {
    ...{ ...lowered, cluster: silent, run: { inputs: { 'gate-on-missing-data': 'fail' } } },
    ...{ verdict: 'unknown', outcome: 'incomplete', comment: true },
  },
  'manifest that is no YAML': {
    ...{ ...lowered, head: { [CART]: BROKEN } },
    ...{ verdict: 'unknown', outcome: 'incomplete', comment: true, notes: [`warning ${CART}`] },
  },
  'kustomization that cannot be rendered': {
    ...unrenderable,
    ...{ verdict: 'unknown', outcome: 'incomplete', comment: true, notes: [`warning ${OVERLAY}`] },
  },
  'kustomization that cannot be rendered, allowed': {
    ...unrenderable,
    run: { inputs: { 'allow-incomplete': 'true' } },
    ...{ verdict: 'unknown', outcome: 'incomplete', comment: true, notes: [`warning ${OVERLAY}`] },
  },
  'draft pull request': { ...lowered, ...RED, run: { event: { draft: true, action: 'opened' } } },
  'merge group': { ...lowered, ...RED, run: { event: { name: 'merge_group' } }, comment: false },
};

import { set } from '../../checks/fixtures.ts';
import { liveContainer, podOf, templateOf } from '../../judge/fixtures.ts';
import { type Live, observed } from '../live.ts';
import { deployment, LIMIT, REQUEST } from '../manifests.ts';
import type { Cases } from './case.ts';

const CART = 'deploy/cart.yaml';
const RED = { verdict: 'red', outcome: 'findings', comment: true } as const;
const GREEN = { verdict: 'green', comment: false } as const;

/** A Deployment with a native sidecar of this limit. */
const withProxy = (limit: string) =>
  `${deployment()}      initContainers:
        - name: proxy
          image: registry.example/proxy:1.0.0
          restartPolicy: Always
          resources:
            limits:
              memory: ${limit}
`;

/** A Deployment whose pod has a limit as a whole, and whose container has none. */
const asWhole = (limit: string) =>
  deployment({ limit: null, request: null }).replace(
    '      containers:\n',
    `      resources:\n        limits:\n          memory: ${limit}\n      containers:\n`,
  );

const cart: Live = { name: 'cart', uses: 1250, peak: 1300 };
const proxy = { name: 'proxy', kind: 'sidecar', limit: set(256), request: set(128) } as const;
const whole = { name: '(pod)', kind: 'pod', limit: set(2000), request: set(1000) } as const;
const bare = { name: 'app', limit: { state: 'absent' }, request: { state: 'absent' } } as const;

/** Other sizes than the single container's, and what else holds for a pod. */
export const pods: Cases = {
  'limit of a native sidecar': {
    base: { [CART]: withProxy('256Mi') },
    head: { [CART]: withProxy('128Mi') },
    cluster: observed([
      {
        ...cart,
        container: 'proxy',
        uses: 150,
        peak: 160,
        limit: 256,
        request: 128,
        change: { containers: [templateOf(proxy)] },
      },
    ]),
    ...RED,
    notes: [`error ${CART}:30`],
  },
  'limit of a pod as a whole': {
    base: { [CART]: asWhole('2000Mi') },
    head: { [CART]: asWhole('1200Mi') },
    cluster: observed([
      {
        ...cart,
        limit: null,
        request: null,
        change: {
          containers: [templateOf(bare), templateOf(whole)],
          pods: [podOf('cart-7d9f8b6c5-a2x4z', [liveContainer(bare), liveContainer(whole)])],
        },
      },
    ]),
    ...RED,
    notes: [`error ${CART}:18`],
  },
  'request of what an HPA scales by memory': {
    base: { [CART]: deployment() },
    head: { [CART]: deployment({ request: '1200Mi' }) },
    cluster: observed([{ ...cart, change: { memoryHpa: 'steered' } }]),
    ...GREEN,
  },
  'limit of pods that were sized in place': {
    base: { [CART]: deployment() },
    head: { [CART]: deployment({ limit: '2560Mi' }) },
    cluster: observed([
      {
        ...cart,
        change: {
          pods: [
            podOf(
              'cart-7d9f8b6c5-a2x4z',
              [liveContainer({ name: 'app', limit: set(3000), actual: { limit: set(3000), request: set(1000) } })],
              { current: true, resizedBy: [{ by: 'kubectl', byHand: true, containers: ['app'] }] },
            ),
          ],
        },
      },
    ]),
    ...GREEN,
  },
  'both values of one container, each on its line': {
    base: { [CART]: deployment() },
    head: { [CART]: deployment({ limit: '1200Mi', request: '1300Mi' }) },
    cluster: observed([cart]),
    ...RED,
    notes: [`error ${CART}:${REQUEST}`, `error ${CART}:${LIMIT}`],
  },
};

import { expect, test } from 'vitest';
import type { Json } from '../../../src/manifests/documents.ts';
import { findInControllers } from '../../../src/manifests/helm/app-template.ts';
import { findByConvention } from '../../../src/manifests/helm/conventional-key.ts';
import type { Subject } from '../../../src/manifests/helm/match-release.ts';
import { suggestion, workload } from '../fixtures.ts';

const LIVE = { limit: '2000Mi', request: '1000Mi' };
const SIZES = { limits: { memory: '2000Mi' }, requests: { memory: '1000Mi' } };
const OTHER = { limits: { memory: '64Mi' } };

interface Live {
  readonly name: string;
  readonly kind?: string;
  readonly container?: string;
  readonly sidecar?: boolean;
  readonly besides?: readonly string[];
  readonly component?: string;
}

function subjectOf({ name, kind = 'Deployment', container = 'app', sidecar, besides = [], component }: Live): Subject {
  const ref = { namespace: 'rel', group: 'apps', kind, name };
  const own = { name: container, ...LIVE, kind: sidecar ? ('sidecar' as const) : ('container' as const) };
  const hints = component === undefined ? {} : { component };
  const whole = workload(ref, [own, ...besides.map((one) => ({ name: one, ...LIVE }))], { hints });
  const [live] = whole.containers;
  if (!live) throw new Error('no container');
  return { suggestion: suggestion(ref, container, { limit: '2560Mi' }), workload: whole, live, plain: false };
}

interface Asked {
  readonly values: { readonly [key: string]: Json };
  readonly live: Live;
}

const app = (resources: Json = SIZES) => ({ containers: { app: { resources } } });

test.each<Asked & { readonly block: string }>([
  { values: { web: app() }, live: { name: 'shop' }, block: 'controllers.web.containers.app.resources' },
  { values: { web: app() }, live: { name: 'shop-web' }, block: 'controllers.web.containers.app.resources' },
  { values: { web: app(), job: app() }, live: { name: 'shop-job' }, block: 'controllers.job.containers.app.resources' },
  { values: { shop: app(), job: app() }, live: { name: 'shop' }, block: 'controllers.shop.containers.app.resources' },
  { values: { main: app(), job: app() }, live: { name: 'shop' }, block: 'controllers.main.containers.app.resources' },
  {
    values: { web: app(), job: { ...app(), forceRename: '{{ .Release.Name }}-night' } },
    live: { name: 'shop-night' },
    block: 'controllers.job.containers.app.resources',
  },
  {
    values: { web: app(), job: { ...app(), suffix: 'v2' } },
    live: { name: 'shop-job-v2' },
    block: 'controllers.job.containers.app.resources',
  },
  {
    values: { web: { ...app(), initContainers: { proxy: { resources: SIZES } } } },
    live: { name: 'shop', container: 'proxy', sidecar: true },
    block: 'controllers.web.initContainers.proxy.resources',
  },
  {
    values: { web: { containers: { app: {} }, defaultContainerOptions: { resources: SIZES } } },
    live: { name: 'shop' },
    block: 'controllers.web.defaultContainerOptions.resources',
  },
  {
    values: {
      web: {
        containers: { app: {}, log: {} },
        defaultContainerOptions: { resources: SIZES },
        defaultContainerOptionsStrategy: 'merge',
      },
    },
    live: { name: 'shop' },
    block: 'controllers.web.containers.app.resources',
  },
])('$live.name is set by $block', ({ values, live, block }) => {
  const found = findInControllers({ controllers: values }, 'shop', subjectOf(live));
  expect(typeof found === 'object' ? found.block.join('.') : found).toBe(block);
});

test.each<Asked & { readonly why: string }>([
  { values: { web: app(), job: app() }, live: { name: 'shop' }, why: 'none of its controllers makes a Deployment' },
  {
    values: { web: app() },
    live: { name: 'shop', kind: 'DaemonSet' },
    why: 'none of its controllers makes a DaemonSet',
  },
  { values: { web: { ...app(), enabled: false } }, live: { name: 'shop' }, why: 'none of its controllers' },
  { values: { web: app() }, live: { name: 'shop', container: 'log' }, why: 'controllers.web.containers has no' },
  {
    values: { web: { ...app(), forceRename: '{{ .Values.name }}' } },
    live: { name: 'shop' },
    why: 'none of its controllers',
  },
  {
    values: { main: app(), shop: app() },
    live: { name: 'shop' },
    why: 'its controllers main and shop could both make it',
  },
])('nothing is taken for $live.name: $why', ({ values, live, why }) => {
  const found = findInControllers({ controllers: values }, 'shop', subjectOf(live));
  expect(found).toEqual(expect.stringContaining(why));
});

test.each<Asked & { readonly release: string; readonly chart: string; readonly block: string }>([
  { release: 'shop', chart: 'shop', values: { resources: SIZES }, live: { name: 'shop' }, block: 'resources' },
  { release: 'a', chart: 'shop', values: { resources: SIZES }, live: { name: 'a-shop' }, block: 'resources' },
  { release: 'a', chart: 'shop', values: { resources: SIZES }, live: { name: 'a-shop-server' }, block: 'resources' },
  {
    release: 'a',
    chart: 'shop',
    values: { resources: SIZES },
    live: { name: 'a-shop', container: 'shop', besides: ['log'] },
    block: 'resources',
  },
  {
    release: 'argocd',
    chart: 'argo-cd',
    values: { resources: SIZES, repoServer: { resources: SIZES } },
    live: { name: 'argocd-repo-server', component: 'repo-server' },
    block: 'repoServer.resources',
  },
  {
    release: 'app',
    chart: 'shop',
    values: { redis: { master: { resources: SIZES } } },
    live: { name: 'app-redis-master', component: 'master' },
    block: 'redis.master.resources',
  },
])('$block is taken for $live.name of $release', ({ release, chart, values, live, block }) => {
  const found = findByConvention({ release, chart, values }, subjectOf(live));
  expect(typeof found === 'string' ? found : found.join('.')).toBe(block);
});

const doubt = "resources has the live values, but may be another component's";

test.each<Asked & { readonly chart: string; readonly why: string }>([
  { chart: 'shop', values: { resources: SIZES }, live: { name: 'app-redis' }, why: doubt },
  { chart: 'shop', values: { resources: SIZES }, live: { name: 'app-redis-master', component: 'master' }, why: doubt },
  {
    chart: 'shop',
    values: { master: { resources: SIZES } },
    live: { name: 'app-redis-master' },
    why: `master.${doubt}`,
  },
  { chart: 'shop', values: { server: { resources: SIZES } }, live: { name: 'app-redis' }, why: `server.${doubt}` },
  { chart: 'shop', values: { resources: SIZES }, live: { name: 'web' }, why: doubt },
  {
    chart: 'shop',
    values: { resources: SIZES },
    live: { name: 'app-shop', container: 'log', besides: ['shop'] },
    why: doubt,
  },
  {
    chart: 'shop',
    values: { resources: SIZES },
    live: { name: 'app-server', component: 'cache' },
    why: doubt,
  },
  {
    chart: 'shop',
    values: { resources: SIZES, server: { resources: OTHER } },
    live: { name: 'app-server', component: 'server' },
    why: 'resources has the live values, but server.resources has the name',
  },
  { chart: 'shop', values: { resources: OTHER }, live: { name: 'app-shop' }, why: 'no resources in its values' },
])('nothing is taken for $live.name: $why', ({ chart, values, live, why }) => {
  const found = findByConvention({ release: 'app', chart, values }, subjectOf(live));
  expect(found).toEqual(expect.stringContaining(why));
});

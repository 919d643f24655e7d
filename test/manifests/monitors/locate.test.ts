import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { whyUnfit } from '../../../src/monitor-manifest.ts';
import { hasHelm, hasKubectl, whyNoHelm, whyNoKubectl } from '../test-renderers.ts';
import { API, addFix, applied, brokenOf, changeFix, deployment, openLocating } from './scene.ts';

const locate = openLocating();
const MONITOR = `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: api # by hand
  namespace: shop
spec:
  selector:
    matchLabels:
      app: 'api' # as the chart had it
  endpoints:
    - port: web   # wrong
      interval: 15s
`;
const ARGO = (folder: string, more = '') => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec: {source: {path: ${folder}${more}}, destination: {namespace: shop}}
`;
const ADDED = `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: api
  labels:
    release: prometheus
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: api
  endpoints:
    - port: http
      path: /actuator/prometheus
      interval: 30s
`;

describe('as it stands', () => {
  test('in a folder that an application applies, a file of its own is enough', async () => {
    const texts = { 'k8s/api.yaml': deployment('api'), 'argo.yaml': ARGO('k8s') };
    const found = await locate(texts, [brokenOf(addFix())]);
    expect(found).toMatchObject([{ state: 'located', path: 'k8s/api-servicemonitor.yaml', proof: { kind: 'parsed' } }]);
    expect(applied(texts, found)).toEqual({ 'k8s/api-servicemonitor.yaml': ADDED });
  });

  test.each(['yes', 'on', 'y', '1_000', '0b11'])(
    '%s stays a text for whatever applies it, which may read YAML 1.1',
    async (text) => {
      const texts = { 'k8s/api.yaml': deployment('api'), 'k8s/m.yaml': MONITOR, 'argo.yaml': ARGO('k8s') };
      const set = { [text]: text };
      const asked = { name: 'new', labels: set, selects: set, port: text };
      const fixes = [
        addFix(asked),
        changeFix({ field: 'labels', set }),
        changeFix({ field: 'port', endpoint: 0, from: 'web', to: text }),
      ];
      for (const fix of fixes.filter((one) => whyUnfit(one) === undefined)) {
        const found = await locate(texts, [brokenOf(fix)]);
        for (const after of Object.values(applied(texts, found))) {
          const plain = JSON.stringify(parse(String(after), { version: '1.1' }));
          expect(plain).toContain(JSON.stringify(text));
          expect(plain).toEqual(JSON.stringify(parse(String(after), { version: '1.2', schema: 'failsafe' })));
        }
        expect(found).toMatchObject([{ state: 'located' }]);
      }
    },
  );

  test('a file that the application would not take in is not added', async () => {
    const only = ARGO('k8s', ", directory: {include: 'api.yaml'}");
    expect(await locate({ 'k8s/api.yaml': deployment('api'), 'argo.yaml': only }, [brokenOf(addFix())])).toMatchObject([
      { state: 'not located', reason: 'not applied', snippet: expect.stringContaining('kind: ServiceMonitor') },
    ]);
  });

  test('where nothing says what is applied, whatever applies the workload applies one more document of its file', async () => {
    const text = `# by hand\n${deployment('api', 'shop')}`.replaceAll('\n', '\r\n').trimEnd();
    const texts = { 'api.yaml': text };
    const found = await locate(texts, [brokenOf(addFix())]);
    expect(found).toMatchObject([{ state: 'located', path: 'api.yaml' }]);
    const added = ADDED.replace('name: api\n', 'name: api\n  namespace: shop\n').replaceAll('\n', '\r\n');
    expect(applied(texts, found)).toEqual({ 'api.yaml': `${text}\r\n---\r\n${added}` });
  });

  test.each([
    ['the same is there already', { 'more.yaml': MONITOR }, 'drift'],
    ['the file is generated', { '.gitattributes': 'api.yaml linguist-generated\n' }, 'generated'],
    ['it is defined twice', { 'b/api.yaml': deployment('api', 'shop') }, 'ambiguous'],
  ])('nothing is added where %s', async (_what, more, reason) => {
    const texts = { 'api.yaml': deployment('api', 'shop'), ...more };
    expect(await locate(texts, [brokenOf(addFix())])).toMatchObject([{ state: 'not located', reason }]);
  });

  test('what Helm made is told with a snippet', async () => {
    const hints = { helmRelease: 'api', helmReleaseNamespace: 'shop' };
    const [found] = await locate({ 'api.yaml': deployment('api', 'shop') }, [brokenOf(addFix())], { hints });
    expect(found).toMatchObject({ reason: 'template', why: expect.stringContaining('Helm release api') });
  });

  test('of a monitor only the value changes, in the style of its place', async () => {
    const texts = { 'k8s/monitors.yaml': MONITOR };
    const port = changeFix({ field: 'port', endpoint: 0, from: 'web', to: 'http' });
    const path = changeFix({ field: 'path', endpoint: 0, from: '/metrics', to: '/actuator/prometheus' });
    const labels = changeFix({ field: 'labels', set: { release: 'prometheus', team: 'on' } });
    const selector = changeFix({ field: 'selector', set: { app: 'shop-api', tier: 'web' } });
    const changed = async (fix: typeof port) =>
      applied(texts, await locate(texts, [brokenOf(fix)]))['k8s/monitors.yaml'];
    expect(await changed(port)).toBe(MONITOR.replace('port: web ', 'port: http '));
    expect(await changed(path)).toBe(MONITOR.replace('15s\n', '15s\n      path: /actuator/prometheus\n'));
    expect(await changed(labels)).toBe(
      MONITOR.replace('namespace: shop\n', 'namespace: shop\n  labels:\n    release: prometheus\n    team: "on"\n'),
    );
    expect(await changed(selector)).toBe(
      MONITOR.replace("'api' # as the chart had it\n", "'shop-api' # as the chart had it\n      tier: web\n"),
    );
  });

  test.each([
    ['is what it shall be already', MONITOR.replace('web ', 'http '), 'drift'],
    ['is another one than in the cluster', MONITOR.replace('web ', 'admin '), 'drift'],
    ['is not to be touched', MONITOR.replace('# wrong', '# memory-inspector: ignore'), 'hands off'],
    ['is filled in', MONITOR.replace('web ', `"${'$'}{PORT}" `), 'template'],
    ['is shared', MONITOR.replace('web ', '&p web ').replace('interval: 15s', 'interval: *p'), 'shared anchor'],
    ['is of another namespace', MONITOR.replace('namespace: shop', 'namespace: other'), 'no manifest'],
  ])('a value that %s is left alone', async (_what, text, reason) => {
    const port = changeFix({ field: 'port', endpoint: 0, from: 'web', to: 'http' });
    expect(await locate({ 'monitors.yaml': text }, [brokenOf(port)])).toMatchObject([{ state: 'not located', reason }]);
  });

  test('a monitor that a template of a chart makes is told with the template', async () => {
    const texts = {
      'charts/api/Chart.yaml': 'apiVersion: v2\nname: api\nversion: 1.0.0\n',
      'charts/api/templates/monitor.yaml': MONITOR.replace('name: api', 'name: {{ .Release.Name }}'),
    };
    const port = changeFix({ field: 'port', endpoint: 0, from: 'web', to: 'http' });
    expect(await locate(texts, [brokenOf(port)])).toMatchObject([
      { reason: 'template', lookedAt: ['charts/api/templates/monitor.yaml'] },
    ]);
  });

  test('JVMs that one change mends stand together, and changes of one file hold side by side', async () => {
    const web = { ...API, name: 'web' };
    const texts = { 'all.yaml': `${deployment('api', 'shop')}---\n${deployment('web', 'shop')}` };
    const fix = addFix();
    const other = addFix({ name: 'web', selects: { app: 'web' } });
    const found = await locate(texts, [brokenOf(fix), brokenOf(fix, web), brokenOf(other, web)]);
    expect(found.map(({ state, mends }) => [state, mends.length])).toEqual([
      ['located', 2],
      ['located', 1],
    ]);
    expect(applied(texts, found)['all.yaml']?.match(/^kind: .*/gm)).toEqual([
      'kind: Deployment',
      'kind: Deployment',
      'kind: ServiceMonitor',
      'kind: ServiceMonitor',
    ]);
  });

  test.each([
    ['name', { name: '../../.github/workflows/x' }],
    ['name', { name: 'a\nkind: Secret' }],
    ['namespace', { namespace: 'shop\n---' }],
    ['label', { selects: { 'a: b\nc': 'd' } }],
    ['label', { labels: { release: '"}]' } }],
    ['label', { labels: JSON.parse('{"__proto__": "x"}') }],
    ['port', { port: 'http: {{ .Values.x }}' }],
    ['path', { path: '/a b' }],
    ['path', { path: `/${'$'}{TOKEN}` }],
    ['labels', { selects: {} }],
  ])('a hostile %s is written nowhere', async (what, change) => {
    const [found] = await locate({ 'api.yaml': deployment('api', 'shop') }, [brokenOf(addFix(change))]);
    expect(found).toMatchObject({ state: 'not located', reason: 'not editable', snippet: '' });
    expect(found).toHaveProperty('why', expect.stringContaining(what));
  });
});

describe.skipIf(!hasKubectl)(`rendered${whyNoKubectl}`, () => {
  const BASE = {
    'base/kustomization.yaml': 'resources:\n  - api.yaml # the shop\n',
    'base/api.yaml': deployment('api'),
  };
  const PROD = { 'prod/kustomization.yaml': 'namespace: shop\nresources: [../base]\n' };
  const STAGING = { 'staging/kustomization.yaml': 'namespace: staging\nresources: [../base]\n' };

  test('beside the file of the workload, where only the inspected overlay takes it in', async () => {
    const texts = { ...BASE, ...PROD };
    const found = await locate(texts, [brokenOf(addFix())]);
    expect(found).toMatchObject([{ state: 'located', proof: { kind: 'kustomize' } }]);
    expect(applied(texts, found)).toEqual({
      'base/kustomization.yaml': 'resources:\n  - api.yaml # the shop\n  - api-servicemonitor.yaml\n',
      'base/api-servicemonitor.yaml': ADDED,
    });
    expect(found[0]).toHaveProperty('proof.renderDiff', expect.stringContaining('+kind: ServiceMonitor'));
  });

  test('in the overlay, where another one shares the base', async () => {
    const texts = { ...BASE, ...PROD, ...STAGING };
    const found = await locate(texts, [brokenOf(addFix())]);
    expect(applied(texts, found)).toEqual({
      'prod/kustomization.yaml': 'namespace: shop\nresources: [../base, api-servicemonitor.yaml]\n',
      'prod/api-servicemonitor.yaml': ADDED,
    });
  });

  test('a prefix is left out of the name, line ends and comments stay', async () => {
    const texts = {
      'api.yaml': deployment('api', 'shop'),
      'kustomization.yaml': 'namePrefix: dev-\r\n# all\r\nresources:\r\n- api.yaml\r\n',
    };
    const found = await locate(texts, [brokenOf(addFix({ name: 'dev-api' }), { ...API, name: 'dev-api' })]);
    const files = applied(texts, found);
    expect(files['kustomization.yaml']).toBe(
      'namePrefix: dev-\r\n# all\r\nresources:\r\n- api.yaml\r\n- api-servicemonitor.yaml\r\n',
    );
    expect(files['api-servicemonitor.yaml']).toContain('  name: api\r\n  namespace: shop\r\n');
  });

  test('two new monitors of one kustomization are proved together', async () => {
    const web = { ...API, name: 'web' };
    const texts = {
      'kustomization.yaml': 'namespace: shop\nresources: [api.yaml, web.yaml]\n',
      'api.yaml': deployment('api'),
      'web.yaml': deployment('web'),
    };
    const found = await locate(texts, [
      brokenOf(addFix()),
      brokenOf(addFix({ name: 'web', selects: { app: 'web' } }), web),
    ]);
    expect(found.map(({ state }) => state)).toEqual(['located', 'located']);
    expect(applied(texts, found)['kustomization.yaml']).toBe(
      'namespace: shop\nresources: [api.yaml, web.yaml, api-servicemonitor.yaml, web-servicemonitor.yaml]\n',
    );
  });

  test('what is also defined as it stands is left alone', async () => {
    const texts = { ...BASE, ...PROD, 'copy.yaml': deployment('api', 'shop') };
    expect(await locate(texts, [brokenOf(addFix())])).toMatchObject([{ state: 'not located', reason: 'ambiguous' }]);
  });

  test.each([
    [
      'it is there already',
      { 'base/kustomization.yaml': 'resources: [api.yaml, m.yaml]\n', 'base/m.yaml': MONITOR },
      'drift',
    ],
    [
      'a plain copy of the kustomization cannot be run',
      { 'base/kustomization.yaml': 'resources: [api.yaml]\ngenerators: [x.yaml]\n' },
      'rendered',
    ],
    [
      'a patch changes all monitors',
      {
        'prod/kustomization.yaml':
          'namespace: shop\nresources: [../base]\npatches:\n- target: {kind: ServiceMonitor}\n  patch: "[{op: add, path: /spec/jobLabel, value: x}]"\n',
      },
      'rendered',
    ],
  ])('nothing is added where %s', async (_what, more, reason) => {
    expect(await locate({ ...BASE, ...PROD, ...more }, [brokenOf(addFix())])).toMatchObject([
      { state: 'not located', reason },
    ]);
  });

  test('an overlay that goes to several clusters is left alone: another may lack the operator', async () => {
    const flux = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec: {path: prod}
`;
    const texts = { ...BASE, ...PROD, 'clusters/a/flux.yaml': flux, 'clusters/b/flux.yaml': flux };
    expect(await locate(texts, [brokenOf(addFix())], { clusterName: 'a' })).toMatchObject([
      { state: 'not located', reason: 'not editable', why: expect.stringContaining('2 places') },
    ]);
    const { 'clusters/b/flux.yaml': _, ...one } = texts;
    expect(await locate(one, [brokenOf(addFix())], { clusterName: 'a' })).toMatchObject([{ state: 'located' }]);
  });

  test('a monitor is changed where it moves this one alone, in a base or in a patch', async () => {
    const bare = MONITOR.replace('  namespace: shop\n', '');
    const base = { 'base/kustomization.yaml': 'resources: [api.yaml, m.yaml]\n', 'base/m.yaml': bare };
    const port = changeFix({ field: 'port', endpoint: 0, from: 'web', to: 'http' });
    const alone = { ...BASE, ...PROD, ...base };
    expect(applied(alone, await locate(alone, [brokenOf(port)]))).toEqual({
      'base/m.yaml': bare.replace('web ', 'http '),
    });
    const shared = { ...alone, ...STAGING };
    expect(await locate(shared, [brokenOf(port)])).toMatchObject([
      { state: 'not located', reason: 'rendered', why: expect.stringContaining('staging/kustomization.yaml') },
    ]);
    const patch =
      'apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: api}\nspec: {endpoints: [{port: web}]}\n';
    const patched = {
      ...shared,
      'prod/kustomization.yaml': 'namespace: shop\nresources: [../base]\npatches: [{path: p.yaml}]\n',
      'prod/p.yaml': patch,
    };
    expect(applied(patched, await locate(patched, [brokenOf(port)]))).toEqual({
      'prod/p.yaml': patch.replace('web', 'http'),
    });
  });
});

test.skipIf(!hasHelm)(
  `a workload that a chart of the repository renders is told with a snippet${whyNoHelm}`,
  async () => {
    const texts = {
      'charts/api/Chart.yaml': 'apiVersion: v2\nname: api\nversion: 1.0.0\n',
      'charts/api/templates/api.yaml': deployment('api'),
      'argo.yaml': ARGO('charts/api'),
    };
    expect(await locate(texts, [brokenOf(addFix())])).toMatchObject([
      { state: 'not located', reason: 'template', snippet: expect.stringContaining('interval: 30s') },
    ]);
  },
);

import { describe, expect, test } from 'vitest';
import { formatBytes } from '../../../src/bytes.ts';
import { hasHelm, hasKubectl, testRenderers } from '../test-renderers.ts';
import { comparing, deployment } from './compare-texts.ts';

const compare = comparing(testRenderers());

const inShop = (text: string) => text.replace('metadata:\n', 'metadata:\n  namespace: shop\n');

describe('files that are applied as they stand', () => {
  const base = { 'web.yaml': inShop(deployment('web', '500Mi')), 'db.yaml': inShop(deployment('db', '1Gi')) };

  test('a value that differs is shown on its line, and nothing else is', async () => {
    const { said } = await compare(base, { 'web.yaml': inShop(deployment('web', '300Mi')) });
    expect(said).toEqual(['changed web.yaml: shop/web/app limit 500Mi→300Mi at web.yaml:17']);
  });

  test('another spelling of the same quantity is no change', async () => {
    const { said } = await compare(base, { 'db.yaml': inShop(deployment('db', '1024Mi')) });
    expect(said).toEqual([]);
  });

  test('a limit that is taken away is shown where it stood', async () => {
    const { said } = await compare(base, { 'web.yaml': inShop(deployment('web', undefined)) });
    expect(said).toEqual(['changed web.yaml: shop/web/app limit 500Mi→absent at web.yaml:17']);
  });

  test('what is no quantity keeps its text', async () => {
    const { said, containers } = await compare(base, { 'web.yaml': inShop(deployment('web', '300 MB')) });
    expect(said).toEqual(['changed web.yaml: shop/web/app limit 500Mi→unknown at web.yaml:17']);
    expect(containers[0]?.limit.written).toBe('300 MB');
  });

  test('a file that moves, and a workload that is only renamed, change nothing', async () => {
    const moved = await compare(base, { 'web.yaml': undefined, 'apps/web.yaml': base['web.yaml'] });
    expect(moved.said).toEqual([]);
    const renamed = await compare(base, { 'web.yaml': inShop(deployment('front', '500Mi')) });
    expect(renamed.said).toEqual([]);
  });

  test('a file that moves and changes is a change', async () => {
    const { said } = await compare(base, { 'web.yaml': undefined, 'apps/web.yaml': inShop(deployment('web', '1Gi')) });
    expect(said).toEqual(['changed apps/web.yaml: shop/web/app limit 500Mi→1024Mi at apps/web.yaml:17']);
  });

  test('workloads come and go', async () => {
    const { said, containers } = await compare(base, {
      'web.yaml': undefined,
      'new.yaml': inShop(deployment('new', '2Gi')),
    });
    expect(said).toEqual([
      'added new.yaml: shop/new/app limit absent→2048Mi at new.yaml:17 request absent→100Mi at new.yaml:15',
      'removed web.yaml: shop/web/app limit 500Mi→absent at web.yaml:17 request 100Mi→absent at web.yaml:15',
    ]);
    expect(containers.map(({ replicas, podRequest }) => [replicas, podRequest && formatBytes(podRequest)])).toEqual([
      [2, '100Mi'],
      [2, undefined],
    ]);
  });

  test('heap flags alone are a change', async () => {
    const flags = (heap: string) => inShop(deployment('web', '500Mi', `          args: [-Xmx${heap}]\n`));
    const { said, containers } = await compare({ ...base, 'web.yaml': flags('300m') }, { 'web.yaml': flags('600m') });
    expect(said).toEqual(['changed web.yaml: shop/web/app limit 500Mi→500Mi at web.yaml:-']);
    expect(containers[0]?.jvm).toEqual({ before: { maxHeap: 300 * 1024 ** 2 }, after: { maxHeap: 600 * 1024 ** 2 } });
  });

  test('what cannot be read counts where the change touches it', async () => {
    const broken = { ...base, 'broken.yaml': 'kind: Deployment\nspec: [' };
    expect((await compare(broken, { 'web.yaml': inShop(deployment('web', '300Mi')) })).unread).toEqual([]);
    expect((await compare(base, { 'web.yaml': 'kind: Deployment\nspec: [' })).unread).toHaveLength(1);
  });
});

describe.skipIf(!hasKubectl)('what kustomize renders', () => {
  const base = {
    'base/kustomization.yaml': 'resources: [app.yaml]\n',
    'base/app.yaml': deployment('app', '500Mi'),
    'dev/kustomization.yaml': 'namespace: dev\nresources: [../base]\n',
    'rel/kustomization.yaml': 'namespace: rel\nresources: [../base]\npatches: [{path: more.yaml}]\n',
    'rel/more.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec: {replicas: 4}\n',
    'other/kustomization.yaml': 'namespace: other\nresources: [app.yaml]\n',
    'other/app.yaml': deployment('other', '1Gi'),
  };

  test('a base reaches every overlay, and only these are rendered', async () => {
    const { said, renders, containers } = await compare(base, { 'base/app.yaml': deployment('app', '300Mi') });
    expect(said).toEqual([
      'changed dev: dev/app/app limit 500Mi→300Mi at base/app.yaml:16',
      'changed rel: rel/app/app limit 500Mi→300Mi at base/app.yaml:16',
    ]);
    expect(containers.map(({ replicas }) => replicas)).toEqual([2, 4]);
    // Each side once, and the head once more with marks.
    expect(renders).toBe(6);
  });

  test('an overlay that takes the value over is the only one that changes', async () => {
    const more = base['rel/more.yaml'].replace(
      'spec: {replicas: 4}',
      'spec: {replicas: 4, template: {spec: {containers: [{name: app, resources: {limits: {memory: 2Gi}}}]}}}',
    );
    const { said } = await compare(base, { 'rel/more.yaml': more });
    expect(said).toEqual(['changed rel: rel/app/app limit 500Mi→2048Mi at rel/more.yaml:4']);
  });

  test('a new overlay is shown in its own files, however old the base that decides', async () => {
    const { said, containers } = await compare(base, {
      'int/kustomization.yaml': 'namespace: int\nresources: [../base]\n',
    });
    expect(said).toEqual([
      'added int: int/app/app limit absent→500Mi at int/kustomization.yaml:- request absent→100Mi at int/kustomization.yaml:-',
    ]);
    expect(containers[0]?.limit.decidedBy).toEqual({ state: 'line', path: 'base/app.yaml', line: 16 });
  });

  test('a patch that is taken away is shown where it stood, and not in the base that decides again', async () => {
    const patched = {
      ...base,
      'rel/more.yaml': base['rel/more.yaml'].replace(
        'spec: {replicas: 4}',
        'spec: {replicas: 4, template: {spec: {containers: [{name: app, resources: {limits: {memory: 2Gi}}}]}}}',
      ),
    };
    const { said } = await compare(patched, { 'rel/more.yaml': base['rel/more.yaml'] });
    expect(said).toEqual(['changed rel: rel/app/app limit 2048Mi→500Mi at rel/more.yaml:4']);
  });

  test('a folder that is renamed changes nothing', async () => {
    const { said } = await compare(base, {
      'other/kustomization.yaml': undefined,
      'other/app.yaml': undefined,
      'else/kustomization.yaml': base['other/kustomization.yaml'],
      'else/app.yaml': base['other/app.yaml'],
    });
    expect(said).toEqual([]);
  });

  test('what Flux patches is a change of what it applies', async () => {
    const flux = (patch: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  path: ./other
  targetNamespace: live
  sourceRef: {kind: GitRepository, name: flux-system}
${patch}`;
    const patch = `  patches:
    - target: {kind: Deployment}
      patch: |
        - {op: replace, path: /spec/template/spec/containers/0/resources/limits/memory, value: 700Mi}
`;
    const { said } = await compare({ ...base, 'clusters/apps.yaml': flux('') }, { 'clusters/apps.yaml': flux(patch) });
    expect(said).toEqual([
      expect.stringMatching(/^changed other: live\/other\/app limit 1024Mi→700Mi at clusters\/apps.yaml:11/),
    ]);
  });

  test('a base that is not here hides what it always hid, unless the change speaks of memory', async () => {
    const remote = {
      ...base,
      'rel/kustomization.yaml': 'namespace: rel\nresources: [../base, "https://x.invalid/y"]\n',
    };
    const harmless = await compare(remote, { 'base/app.yaml': deployment('app', '300Mi') });
    expect(harmless.said).toHaveLength(2);
    expect(harmless.unread).toEqual([]);
    const patched = `${remote['rel/kustomization.yaml']}patches: [{patch: '{apiVersion: v1, kind: Pod, metadata: {name: y}, spec: {containers: [{name: y, resources: {limits: {memory: 1Gi}}}]}}'}]\n`;
    expect((await compare(remote, { 'rel/kustomization.yaml': patched })).unread.length).toBeGreaterThan(0);
  });

  test('a kustomization that no longer renders is not judged', async () => {
    const { unread, said } = await compare(base, { 'rel/more.yaml': 'kind: Deployment\nmetadata: {name: nobody}\n' });
    expect(unread).toEqual(['rel/kustomization.yaml: rendered']);
    expect(said).toEqual([]);
  });
});

describe.skipIf(!hasHelm)('what helm renders', () => {
  const template = `apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}}
spec:
  template:
    spec:
      containers: [{name: app, image: x, resources: {{ toJson .Values.resources }}}]
`;
  const values = (limit: string) => `resources:\n  limits:\n    memory: ${limit}\n`;
  const argo = (name: string, more: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  destination: {namespace: ${name}}
  source:
    repoURL: https://github.com/owner/name
    path: chart
    helm:
${more}`;
  const base = {
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'chart/values.yaml': values('500Mi'),
    'chart/templates/app.yaml': template,
    'apps/dev.yaml': argo('dev', '      valueFiles: [values.yaml]\n'),
    'apps/rel.yaml': argo(
      'rel',
      '      valuesObject:\n        resources:\n          limits:\n            memory: 1Gi\n',
    ),
  };

  test("the chart's own values reach the releases that do not set theirs", async () => {
    const { said } = await compare(base, { 'chart/values.yaml': values('300Mi') });
    expect(said).toEqual(['changed dev in dev: dev/dev/app limit 500Mi→300Mi at chart/values.yaml:3']);
  });

  test('values within an application are a change of it alone', async () => {
    const { said, renders } = await compare(base, { 'apps/rel.yaml': base['apps/rel.yaml'].replace('1Gi', '2Gi') });
    expect(said).toEqual(['changed rel in rel: rel/rel/app limit 1024Mi→2048Mi at apps/rel.yaml:13']);
    expect(renders).toBeLessThanOrEqual(4);
  });

  test('a template that writes another value changes all of its releases', async () => {
    const fixed = template.replace('{{ toJson .Values.resources }}', '{limits: {memory: 64Mi}}');
    const { said } = await compare(base, { 'chart/templates/app.yaml': fixed });
    expect(said).toEqual([
      'changed dev in dev: dev/dev/app limit 500Mi→64Mi at chart/templates/app.yaml:-',
      'changed rel in rel: rel/rel/app limit 1024Mi→64Mi at chart/templates/app.yaml:-',
    ]);
  });

  test('a release that comes and one that goes', async () => {
    const { said } = await compare(base, {
      'apps/dev.yaml': undefined,
      'apps/int.yaml': argo('int', '      releaseName: int\n'),
    });
    expect(said.map((text) => text.split(' limit')[0])).toEqual([
      'removed dev in dev: dev/dev/app',
      'added int in int: int/int/app',
    ]);
  });

  test('a template that no longer renders is not judged', async () => {
    const { unread } = await compare(base, { 'chart/templates/app.yaml': `${template}{{ fail "secret" }}` });
    expect([...new Set(unread)]).toEqual(['apps/dev.yaml: rendered', 'apps/rel.yaml: rendered']);
  });
});

import { describe, expect, it } from 'vitest';
import { mapTemplate } from '../../src/cluster/map-containers.ts';
import { mapWorkload, readHints } from '../../src/cluster/map-workload.ts';
import { readJvmFlags, readJvmSizing } from '../../src/jvm-flags.ts';
import { container, ownedBy, workload } from './objects.ts';

describe('a workload', () => {
  it('is named, counted and taken by its template', () => {
    expect(
      mapWorkload('Deployment', {
        ...workload('a', 'web'),
        spec: { ...workload('a', 'web').spec, replicas: 3, strategy: { type: 'Recreate' } },
      }),
    ).toEqual({
      ref: { namespace: 'a', group: 'apps', kind: 'Deployment', name: 'web' },
      uid: 'uid-web',
      replicas: 3,
      strategy: 'Recreate',
      hints: {},
      containers: [
        {
          name: 'app',
          kind: 'container',
          image: 'registry.example/app:1',
          limit: { state: 'set', bytes: 1024 ** 3 },
          request: { state: 'set', bytes: 512 * 1024 ** 2 },
        },
      ],
      scrapeMarks: { labels: {}, annotations: {}, ports: [] },
      updated: { kind: 'not known' },
    });
  });

  it.each([
    ['Deployment', { observedGeneration: 3, replicas: 2, updatedReplicas: 2 }, { kind: 'all' }],
    ['Deployment', { observedGeneration: 3, replicas: 3, updatedReplicas: 2 }, { kind: 'not known' }],
    ['Deployment', { observedGeneration: 2, replicas: 2, updatedReplicas: 2 }, { kind: 'not known' }],
    ['Deployment', { observedGeneration: 3 }, { kind: 'not known' }],
    ['DaemonSet', { observedGeneration: 3, desiredNumberScheduled: 4, updatedNumberScheduled: 4 }, { kind: 'all' }],
    ['StatefulSet', { observedGeneration: 3, updateRevision: 'db-5' }, { kind: 'of revision', revision: 'db-5' }],
    ['StatefulSet', { observedGeneration: 3 }, { kind: 'not known' }],
  ] as const)('tells which pods of a %s have its present template from %j', (kind, status, updated) => {
    const made = workload('a', 'web');
    const item = { ...made, metadata: { ...made.metadata, generation: 3 }, status };
    expect(mapWorkload(kind, item).updated).toEqual(updated);
  });

  it('counts the replicas of a DaemonSet by the nodes that it is for', () => {
    expect(
      mapWorkload('DaemonSet', { ...workload('a', 'agent'), status: { desiredNumberScheduled: 7 } }).replicas,
    ).toBe(7);
  });

  it('belongs to its controller, or else to whatever owns it', () => {
    expect(mapWorkload('StatefulSet', workload('a', 'db', { owner: ownedBy('Prometheus', 'k8s') })).madeBy?.kind).toBe(
      'Prometheus',
    );
    const owner = {
      apiVersion: 'operators.coreos.com/v1alpha1',
      kind: 'ClusterServiceVersion',
      name: 'x',
      uid: 'u',
      controller: false,
    };
    expect(mapWorkload('Deployment', workload('a', 'web', { owner })).madeBy?.kind).toBe('ClusterServiceVersion');
  });
});

describe('settings', () => {
  const settings = (resources: object, pod: object = {}) => {
    const [only] = mapTemplate({ containers: [{ name: 'app', resources }], ...pod });
    return { limit: only?.limit, request: only?.request };
  };
  const absent = { state: 'absent' };

  it('are set, in any way to write a quantity', () => {
    expect(settings({ limits: { memory: '1G' }, requests: { memory: 1048576 } })).toEqual({
      limit: { state: 'set', bytes: 1e9 },
      request: { state: 'set', bytes: 1048576 },
    });
  });

  it('are absent where memory is not named, and a limit of zero is none', () => {
    expect(settings({ limits: { cpu: '1' } })).toEqual({ limit: absent, request: absent });
    expect(settings({ limits: { memory: '0' } }).limit).toEqual(absent);
  });

  it('are those of the pod as a whole as well, where its limit bounds the containers', () => {
    const sizesOf = (resources: object) =>
      mapTemplate({ containers: [{ name: 'app' }], resources }).map(({ name, kind, limit, request }) => ({
        name,
        kind,
        limit,
        request,
      }));
    const app = { name: 'app', kind: 'container', limit: absent, request: absent };
    expect(sizesOf({ limits: { memory: '1Gi' } })).toEqual([
      app,
      { name: '(pod)', kind: 'pod', limit: { state: 'set', bytes: 1024 ** 3 }, request: absent },
    ]);
    expect(sizesOf({ requests: { memory: '1Gi' } })).toEqual([app]);
  });

  it('are unknown where nobody can read them', () => {
    expect(settings({ limits: { memory: 'lots' } }).limit).toEqual({ state: 'unknown' });
  });
});

describe('JVM flags', () => {
  it.each([
    ['an argument', { args: ['-Xmx512m', '-jar', 'a.jar'] }, { maxHeap: 512 * 1024 ** 2 }],
    ['a shell line', { command: ['sh', '-c', 'exec java -Xms1g -Xmx2G -jar a.jar'] }, { maxHeap: 2 * 1024 ** 3 }],
    ['the long form', { args: ['-XX:MaxHeapSize=1073741824'] }, { maxHeap: 1024 ** 3 }],
    ['JAVA_TOOL_OPTIONS', env('JAVA_TOOL_OPTIONS', '-XX:MaxRAMPercentage=75.0 -XX:+UseG1GC'), { maxRamPercentage: 75 }],
    ['JDK_JAVA_OPTIONS', env('JDK_JAVA_OPTIONS', '"-Xmx1g"'), { maxHeap: 1024 ** 3 }],
    ['JAVA_OPTS', env('JAVA_OPTS', '-Xmx300000k'), { maxHeap: 300000 * 1024 }],
    ['the last of two', { args: ['-Xmx1g', '-Xmx2g'] }, { maxHeap: 2 * 1024 ** 3 }],
    [
      'the command line before a variable',
      { ...env('JAVA_TOOL_OPTIONS', '-Xmx1g'), args: ['-Xmx2g'] },
      { maxHeap: 2 * 1024 ** 3 },
    ],
    ['both', { args: ['-Xmx1g', '-XX:MaxRAMPercentage=50'] }, { maxHeap: 1024 ** 3, maxRamPercentage: 50 }],
  ])('are read from %s', (_, part, sizing) => {
    expect(readJvmSizing({ name: 'app', ...part })).toEqual(sizing);
  });

  it.each([
    ['nothing', {}],
    ['another variable', env('DOC', 'use -Xmx1g')],
    ['a heap that no machine has', { args: ['-Xmx999999t'] }],
    ['a heap beyond all numbers', { args: [`-Xmx${'9'.repeat(400)}g`] }],
    ['a share beyond the whole', { args: ['-XX:MaxRAMPercentage=250'] }],
    ['a variable from elsewhere', { env: [{ name: 'JAVA_OPTS' }] }],
    ['a word that ends like one', { args: ['--note=a-Xmx1g', '-Xmxbig', '-Xmx1gb'] }],
  ])('are not there in %s', (_, part) => {
    expect(readJvmSizing({ name: 'app', ...part })).toBeUndefined();
  });

  it.each([
    [{ args: ['-Xmx512m', '-jar', 'a.jar'] }, { heap: { text: '-Xmx512m', where: 'args' } }],
    [
      { command: ['sh', '-c', 'PASSWORD=x exec java -Xss512k -Xmx2G -jar a.jar'] },
      { heap: { text: '-Xmx2G', where: 'command' }, stack: 512 * 1024 },
    ],
    [
      { ...env('JAVA_OPTS', '-Dsecret=x -XX:MaxRAMPercentage=75.0'), args: ['-Xss2m'] },
      { heap: { text: '-XX:MaxRAMPercentage=75.0', where: 'env JAVA_OPTS' }, stack: 2 * 1024 ** 2 },
    ],
    [
      { ...env('JAVA_TOOL_OPTIONS', '-Xmx1g'), args: ['-XX:MaxRAMPercentage=50'] },
      { heap: { text: '-Xmx1g', where: 'env JAVA_TOOL_OPTIONS' } },
    ],
    [{ args: [`-Xmx${'0'.repeat(50)}1g`] }, undefined],
    [{ args: ['-Xss0'] }, undefined],
    [env('JAVA_OPTS', '-Dsecret=x'), undefined],
  ])('are kept as they are written, with their place and nothing else: %j', (part, flags) => {
    expect(readJvmFlags({ name: 'app', ...part })).toEqual(flags);
  });

  function env(name: string, value: string) {
    return { env: [{ name, value }] };
  }
});

describe('hints at where an object comes from', () => {
  it('are those of Argo CD, Flux and Helm', () => {
    expect(
      readHints({
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'apps',
          'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
          'helm.toolkit.fluxcd.io/name': 'web',
          'helm.toolkit.fluxcd.io/namespace': 'shop',
          'helm.sh/chart': 'web-1.2.3',
          'app.kubernetes.io/managed-by': 'Helm',
          'app.kubernetes.io/component': 'api',
          'app.kubernetes.io/instance': 'instance',
        },
        annotations: {
          'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web',
          'meta.helm.sh/release-name': 'web-release',
          'meta.helm.sh/release-namespace': 'shop',
        },
      }),
    ).toEqual({
      argoTrackingId: 'shop:apps/Deployment:shop/web',
      instance: 'instance',
      fluxKustomization: 'flux-system/apps',
      fluxHelmRelease: 'shop/web',
      helmRelease: 'web-release',
      helmReleaseNamespace: 'shop',
      helmChart: 'web-1.2.3',
      managedBy: 'Helm',
      component: 'api',
    });
  });

  it('take the instance for the release only of what Helm made', () => {
    const labels = { 'app.kubernetes.io/instance': 'web' };
    expect(readHints({ labels })).toEqual({ instance: 'web' });
    expect(readHints({ labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' } }).helmRelease).toBe('web');
  });

  it('leave all else behind', () => {
    expect(mapTemplate({ containers: [{ ...container('app'), env: [{ name: 'TOKEN', value: 'secret' }] }] })).toEqual([
      {
        name: 'app',
        kind: 'container',
        image: 'registry.example/app:1',
        limit: { state: 'absent' },
        request: { state: 'absent' },
      },
    ]);
  });
});

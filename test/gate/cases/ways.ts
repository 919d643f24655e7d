import { observed } from '../live.ts';
import { deployment, LIMIT } from '../manifests.ts';
import type { Cases } from './case.ts';

const RED = { verdict: 'red', outcome: 'findings', comment: true } as const;
const GREEN = { verdict: 'green', comment: false } as const;

/** The same workload in two environments: dev uses little of what rel needs. */
const TWO = observed([
  { name: 'web', namespace: 'dev', limit: 1024, request: 512, uses: 300, peak: 320 },
  { name: 'web', namespace: 'rel', limit: 1024, request: 512, uses: 640, peak: 690 },
]);

const kustomization = (...lines: readonly string[]) =>
  `${['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', ...lines].join('\n')}\n`;

const WEB = { name: 'web', namespace: null, request: '512Mi' } as const;
const BASE = 'deploy/web/base/web.yaml';

const overlay = (namespace: string) => kustomization(`namespace: ${namespace}`, 'resources:', '  - ../base');

const overlays = {
  'deploy/web/base/kustomization.yaml': kustomization('resources:', '  - web.yaml'),
  [BASE]: deployment({ ...WEB, limit: '1024Mi' }),
  'deploy/web/dev/kustomization.yaml': overlay('dev'),
  'deploy/web/rel/kustomization.yaml': overlay('rel'),
};

const patch = (memory: string) =>
  [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: web',
    'spec:',
    '  template:',
    '    spec:',
    '      containers:',
    '        - name: app',
    '          resources:',
    '            limits:',
    `              memory: ${memory}`,
    '',
  ].join('\n');

const withPatch = {
  ...overlays,
  'deploy/web/rel/kustomization.yaml': `${overlay('rel')}patches:\n  - path: memory.yaml\n`,
  'deploy/web/rel/memory.yaml': patch('1024Mi'),
};

/** Kustomizations, whose bases are shared. */
export const kustomize: Cases = {
  'base that is good for dev and bad for rel': {
    base: overlays,
    head: { [BASE]: deployment({ ...WEB, limit: '640Mi' }) },
    cluster: TWO,
    ...RED,
    notes: [`error ${BASE}:${LIMIT}`],
  },
  'patch of one environment': {
    base: withPatch,
    head: { 'deploy/web/rel/memory.yaml': patch('700Mi') },
    cluster: TWO,
    ...RED,
    notes: ['error deploy/web/rel/memory.yaml:12'],
  },
  'base that rel patches': {
    base: withPatch,
    head: { [BASE]: deployment({ ...WEB, limit: '640Mi' }) },
    cluster: TWO,
    ...GREEN,
  },
  'folder of an environment renamed': {
    base: overlays,
    head: { 'deploy/web/rel/kustomization.yaml': null, 'deploy/web/release/kustomization.yaml': overlay('rel') },
    cluster: TWO,
    ...GREEN,
  },
};

const chart = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.4.1\n',
  'charts/web/values.yaml': 'replicas: 1\nresources:\n  limits:\n    memory: 256Mi\n',
  'charts/web/templates/deployment.yaml': template('            {{- toYaml .Values.resources | nindent 12 }}'),
};

function template(...resources: readonly string[]): string {
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: web',
    '  namespace: {{ .Release.Namespace }}',
    'spec:',
    '  replicas: {{ .Values.replicas }}',
    '  selector:',
    '    matchLabels: {app: web}',
    '  template:',
    '    metadata:',
    '      labels: {app: web}',
    '    spec:',
    '      containers:',
    '        - name: app',
    '          image: registry.example/web:1.8.2',
    '          resources:',
    ...resources,
    '',
  ].join('\n');
}

const fixed = (memory: string) => template('            limits:', `              memory: ${memory}`);

function application(environment: string, ...source: readonly string[]): string {
  return [
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Application',
    'metadata:',
    `  name: web-${environment}`,
    '  namespace: argocd',
    'spec:',
    '  project: default',
    '  destination:',
    '    server: https://kubernetes.default.svc',
    `    namespace: ${environment}`,
    '  source:',
    '    repoURL: https://github.com/acme/infra.git',
    '    targetRevision: main',
    ...source,
    '',
  ].join('\n');
}

const withFile = (environment: string) =>
  application(
    environment,
    '    path: charts/web',
    '    helm:',
    '      releaseName: web',
    '      valueFiles:',
    '        - ../../values/common.yaml',
  );

const common = (memory: string) =>
  `replicas: 2\nresources:\n  requests:\n    memory: 512Mi\n  limits:\n    memory: ${memory}\n`;

const twoReleases = {
  ...chart,
  'argocd/dev.yaml': withFile('dev'),
  'argocd/rel.yaml': withFile('rel'),
  'values/common.yaml': common('1024Mi'),
};

const inline = (memory: string) =>
  application(
    'rel',
    '    path: charts/web',
    '    helm:',
    '      releaseName: web',
    '      valuesObject:',
    '        resources:',
    '          limits:',
    `            memory: ${memory}`,
  );

const argoPatch = (memory: string) =>
  application(
    'rel',
    '    path: deploy/web/base',
    '    kustomize:',
    '      patches:',
    '        - target:',
    '            kind: Deployment',
    '            name: web',
    '          patch: |-',
    '            - op: replace',
    '              path: /spec/template/spec/containers/0/resources/limits/memory',
    `              value: ${memory}`,
  );

/** Charts and the values that reach their releases. */
export const helm: Cases = {
  'values that two releases share': {
    base: twoReleases,
    head: { 'values/common.yaml': common('640Mi') },
    cluster: TWO,
    ...RED,
    notes: ['error values/common.yaml:6'],
  },
  'values within an Argo Application': {
    base: { ...chart, 'argocd/rel.yaml': inline('1024Mi') },
    head: { 'argocd/rel.yaml': inline('700Mi') },
    cluster: TWO,
    ...RED,
    notes: ['error argocd/rel.yaml:20'],
  },
  'template of a chart': {
    base: { ...twoReleases, 'charts/web/templates/deployment.yaml': fixed('1024Mi') },
    head: { 'charts/web/templates/deployment.yaml': fixed('640Mi') },
    cluster: TWO,
    ...RED,
    notes: ['error charts/web/templates/deployment.yaml'],
  },
};

const release = (memory: string) =>
  [
    'apiVersion: helm.toolkit.fluxcd.io/v2',
    'kind: HelmRelease',
    'metadata:',
    '  name: web',
    '  namespace: rel',
    'spec:',
    '  releaseName: web',
    '  interval: 50m',
    '  chart:',
    '    spec:',
    '      chart: ./charts/web',
    '      sourceRef:',
    '        kind: GitRepository',
    '        name: infra',
    '        namespace: flux-system',
    '  values:',
    '    resources:',
    '      limits:',
    `        memory: ${memory}`,
    '',
  ].join('\n');

function fluxKustomization(environment: string, ...rest: readonly string[]): string {
  return [
    'apiVersion: kustomize.toolkit.fluxcd.io/v1',
    'kind: Kustomization',
    'metadata:',
    `  name: web-${environment}`,
    '  namespace: flux-system',
    'spec:',
    '  interval: 10m',
    '  path: ./deploy/web/base',
    '  prune: true',
    '  sourceRef:',
    '    kind: GitRepository',
    '    name: infra',
    `  targetNamespace: ${environment}`,
    ...rest,
    '',
  ].join('\n');
}

const fluxPatch = (memory: string) =>
  fluxKustomization(
    'rel',
    '  patches:',
    '    - patch: |',
    ...patch(memory)
      .trimEnd()
      .split('\n')
      .map((line) => `        ${line}`),
  );

/** What Argo CD's and Flux's own objects say. */
export const objects: Cases = {
  'patch within an Argo Application': {
    base: { ...base(), 'argocd/rel.yaml': argoPatch('1024Mi'), 'argocd/dev.yaml': argoBase() },
    head: { 'argocd/rel.yaml': argoPatch('700Mi') },
    cluster: TWO,
    ...RED,
    notes: ['error argocd/rel.yaml:23'],
  },
  'Argo Application for the cluster that it runs in, which has a name': {
    base: { ...base(), 'argocd/rel.yaml': argoPatch('1024Mi') },
    head: { 'argocd/rel.yaml': argoPatch('700Mi') },
    cluster: TWO,
    run: { inputs: { 'cluster-name': 'eu-1' } },
    ...RED,
    notes: ['error argocd/rel.yaml:23'],
  },
  'Argo Application for another cluster': {
    base: {
      ...base(),
      'argocd/rel.yaml': named(argoPatch('1024Mi'), 'us-1'),
      'argocd/dev.yaml': named(argoBase(), 'eu-1'),
    },
    head: { 'argocd/rel.yaml': named(argoPatch('700Mi'), 'us-1') },
    cluster: TWO,
    run: { inputs: { 'cluster-name': 'eu-1' } },
    ...GREEN,
  },
  'values within a Flux HelmRelease': {
    base: { ...chart, 'clusters/main/web.yaml': release('1024Mi') },
    head: { 'clusters/main/web.yaml': release('700Mi') },
    cluster: TWO,
    ...RED,
    notes: ['error clusters/main/web.yaml:19'],
  },
  'patch within a Flux Kustomization': {
    base: {
      ...base(),
      'clusters/main/dev.yaml': fluxKustomization('dev'),
      'clusters/main/rel.yaml': fluxPatch('1024Mi'),
    },
    head: { 'clusters/main/rel.yaml': fluxPatch('700Mi') },
    cluster: TWO,
    ...RED,
    notes: ['error clusters/main/rel.yaml:27'],
  },
};

function base() {
  return {
    'deploy/web/base/kustomization.yaml': overlays['deploy/web/base/kustomization.yaml'],
    [BASE]: overlays[BASE],
  };
}

function named(application: string, cluster: string): string {
  return application.replace('server: https://kubernetes.default.svc', `name: ${cluster}`);
}

function argoBase(): string {
  return application('dev', '    path: deploy/web/base');
}

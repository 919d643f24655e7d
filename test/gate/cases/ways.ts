import { observed } from '../live.ts';
import { deployment, LIMIT } from '../manifests.ts';
import type { Cases } from './case.ts';

export const RED = { verdict: 'red', outcome: 'findings', comment: true } as const;
export const GREEN = { verdict: 'green', comment: false } as const;

/** The same workload in two environments: dev uses little of what rel needs. */
export const TWO = observed([
  { name: 'web', namespace: 'dev', limit: 1024, request: 512, uses: 300, peak: 320 },
  { name: 'web', namespace: 'rel', limit: 1024, request: 512, uses: 640, peak: 690 },
]);

const kustomization = (...lines: readonly string[]) =>
  `${['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', ...lines].join('\n')}\n`;

const WEB = { name: 'web', namespace: null, request: '512Mi' } as const;
export const BASE = 'deploy/web/base/web.yaml';

const overlay = (namespace: string) => kustomization(`namespace: ${namespace}`, 'resources:', '  - ../base');

export const overlays = {
  'deploy/web/base/kustomization.yaml': kustomization('resources:', '  - web.yaml'),
  [BASE]: deployment({ ...WEB, limit: '1024Mi' }),
  'deploy/web/dev/kustomization.yaml': overlay('dev'),
  'deploy/web/rel/kustomization.yaml': overlay('rel'),
};

export const patch = (memory: string) =>
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

export const chart = {
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

export function application(environment: string, ...source: readonly string[]): string {
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

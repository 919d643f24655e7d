import type { Cases } from './case.ts';
import { application, BASE, chart, GREEN, overlays, patch, RED, TWO } from './ways.ts';

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

import fc from 'fast-check';
import { stringify } from 'yaml';
import type { OriginHints } from '../../../src/model/workload.ts';
import type { CaseApplication } from './render-applications.ts';

/** An application of a made-up repository, and what a live object says of it. */
export interface Applied {
  readonly application: CaseApplication;
  readonly cluster: string;
  /** It applies something else than the repository's branch: nothing of it is rendered. */
  readonly elsewhere: boolean;
  hintsFor(kind: string, namespace: string, name: string): OriginHints;
}

/** A repository, and everything that applies it. */
export interface Platform {
  readonly texts: Readonly<Record<string, string>>;
  readonly applied: readonly Applied[];
}

const HOME_URL = 'https://github.com/acme/platform';
const NAMESPACES = ['dev', 'prod', 'stage'];

const memory = fc.constantFrom('256Mi', '512Mi', '1Gi');
const namespace = fc.option(fc.constantFrom(...NAMESPACES), { nil: undefined, freq: 2 });
const workload = fc.record({ memory: fc.option(memory, { nil: undefined, freq: 4 }), sidecar: fc.boolean() });
const base = fc.record({
  web: workload,
  api: fc.option(workload, { nil: undefined }),
  namespace,
  shared: fc.boolean(),
});
const overlay = fc.record({ base: fc.nat(1), namespace, patch: fc.option(memory, { nil: undefined }) });
const release = fc.record({ memory: fc.option(memory, { nil: undefined }), ownFile: fc.boolean() });
const applying = fc.record({
  by: fc.constantFrom('flux' as const, 'argo' as const),
  target: fc.nat(9),
  namespace,
  cluster: fc.constantFrom('eu', 'us'),
  source: fc.constantFrom('here', 'here', 'here', 'here', 'a tag', 'another repository'),
  override: fc.option(memory, { nil: undefined, freq: 3 }),
});

type Workload = typeof workload extends fc.Arbitrary<infer T> ? T : never;
type Applying = typeof applying extends fc.Arbitrary<infer T> ? T : never;

/** Bases, overlays and a chart, and Flux and Argo CD objects of two clusters that apply any of them. */
export const platforms: fc.Arbitrary<Platform> = fc
  .record({
    bases: fc.array(base, { minLength: 1, maxLength: 2 }),
    overlays: fc.array(overlay, { maxLength: 3 }),
    plain: base,
    releases: fc.array(release, { maxLength: 2 }),
    applications: fc.array(applying, { minLength: 2, maxLength: 4 }),
  })
  .map(({ bases, overlays, plain, releases, applications }) => {
    const folders = [...bases.map((_, at) => `base${at}`), ...overlays.map((_, at) => `overlays/o${at}`), 'plain'];
    const applied = applications.map((one, at) => apply(one, folders[one.target % folders.length] ?? 'plain', at));
    const charts = releases.map((one, at) => releaseOf(one, at));
    const texts = {
      ...Object.fromEntries(
        bases.flatMap((one, at) => kustomized(`base${at}`, filesOf({ ...one, namespace: undefined }), one.namespace)),
      ),
      ...Object.fromEntries(overlays.flatMap((one, at) => overlayFiles(one, at, bases.length))),
      ...Object.fromEntries(filesOf(plain).map(([name, text]) => [`plain/${name}`, text])),
      ...(charts.length > 0 ? CHART : {}),
      ...Object.assign({}, ...[...applied, ...charts].map(({ files }) => files)),
    };
    return { texts, applied: [...applied, ...charts].map(({ one }) => one) };
  });

/** Only files as they stand, that only Argo CD applies: nothing needs to be rendered. */
export const plainPlatforms: fc.Arbitrary<Platform> = fc
  .record({
    folders: fc.array(base, { minLength: 1, maxLength: 3 }),
    applications: fc.array(applying, { minLength: 1, maxLength: 4 }),
  })
  .map(({ folders, applications }) => {
    const applied = applications.map((one, at) =>
      apply({ ...one, by: 'argo', override: undefined }, `apps/a${one.target % folders.length}`, at),
    );
    const texts = {
      ...Object.fromEntries(
        folders.flatMap((one, at) => filesOf(one).map(([name, text]) => [`apps/a${at}/${name}`, text])),
      ),
      ...Object.assign({}, ...applied.map(({ files }) => files)),
    };
    return { texts, applied: applied.map(({ one }) => one) };
  });

type Entry = readonly [path: string, text: string];

/** With `shared` both workloads stand in one file. */
function filesOf({ web, api, namespace: own, shared }: typeof base extends fc.Arbitrary<infer T> ? T : never): Entry[] {
  const texts = [deployment('web', web, own), ...(api === undefined ? [] : [deployment('api', api, own)])];
  if (shared) return [['all.yaml', texts.join('---\n')]];
  return texts.map((text, at) => [at === 0 ? 'web.yaml' : 'api.yaml', text]);
}

function deployment(name: string, { memory: limit, sidecar }: Workload, own: string | undefined): string {
  const resources = limit === undefined ? {} : { resources: { limits: { memory: limit } } };
  const container = { name, image: `registry.example/${name}:1`, ...resources };
  const proxy = { name: 'proxy', image: 'registry.example/proxy:1', resources: { limits: { memory: '512Mi' } } };
  return stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...(own === undefined ? {} : { namespace: own }) },
    spec: { template: { spec: { containers: sidecar ? [proxy, container] : [container] } } },
  });
}

function patchOf(limit: string): string {
  const container = { name: 'web', resources: { limits: { memory: limit } } };
  return stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { spec: { containers: [container] } } },
  });
}

function kustomized(folder: string, files: readonly Entry[], own: string | undefined): Entry[] {
  const resources = files.map(([name]) => name);
  const text = stringify({ resources, ...(own === undefined ? {} : { namespace: own }) });
  return [[`${folder}/kustomization.yaml`, text], ...files.map(([name, one]): Entry => [`${folder}/${name}`, one])];
}

function overlayFiles(
  { base: of, namespace: own, patch }: typeof overlay extends fc.Arbitrary<infer T> ? T : never,
  at: number,
  bases: number,
): Entry[] {
  const folder = `overlays/o${at}`;
  const value = {
    resources: [`../../base${of % bases}`],
    ...(own === undefined ? {} : { namespace: own }),
    ...(patch === undefined ? {} : { patches: [{ path: 'memory.yaml' }] }),
  };
  const own_ = patch === undefined ? [] : [[`${folder}/memory.yaml`, patchOf(patch)] as const];
  return [[`${folder}/kustomization.yaml`, stringify(value)], ...own_];
}

interface WithFiles {
  readonly one: Applied;
  readonly files: Readonly<Record<string, string>>;
}

function apply(one: Applying, folder: string, at: number): WithFiles {
  return one.by === 'flux' ? applyByFlux(one, folder, at) : applyByArgo(one, folder, at);
}

/** Clusters have Kustomizations of the same name. */
function applyByFlux({ cluster, namespace: own, override, source }: Applying, folder: string, at: number): WithFiles {
  const name = `apps-${at % 2}`;
  const from = `clusters/${cluster}/${at}/apps.yaml`;
  const patches = [{ target: { kind: 'Deployment', name: 'web' }, patch: override && patchOf(override) }];
  const object = {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system' },
    spec: {
      path: `./${folder}`,
      sourceRef: { kind: 'GitRepository', name: `source-${at}` },
      ...(own === undefined ? {} : { targetNamespace: own }),
      ...(override === undefined ? {} : { patches }),
    },
  };
  const repository = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: `source-${at}`, namespace: 'flux-system' },
    spec: {
      url: source === 'another repository' ? 'https://github.com/acme/other' : HOME_URL,
      ref: source === 'a tag' ? { tag: 'v1.2.0' } : { branch: 'main' },
    },
  };
  return {
    one: {
      application: { name: `${cluster}/${at}`, flux: name, from },
      cluster,
      elsewhere: source !== 'here',
      hintsFor: () => ({ fluxKustomization: `flux-system/${name}` }),
    },
    files: { [from]: stringify(object), [`clusters/${cluster}/${at}/source.yaml`]: stringify(repository) },
  };
}

function applyByArgo({ cluster, namespace: own, override, source }: Applying, folder: string, at: number): WithFiles {
  const isPlain = folder.startsWith('plain') || folder.startsWith('apps/');
  const patches = [{ target: { kind: 'Deployment', name: 'web' }, patch: override && patchOf(override) }];
  return argoApplication(`${cluster}-${at}`, cluster, own, source, {
    path: folder,
    ...(override === undefined || isPlain ? {} : { kustomize: { patches } }),
  });
}

function argoApplication(
  name: string,
  cluster: string,
  own: string | undefined,
  from: string,
  source: { readonly [key: string]: unknown },
): WithFiles {
  const path = `argocd/${name}.yaml`;
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: {
      source: {
        repoURL: from === 'another repository' ? 'git@github.com:acme/other.git' : `${HOME_URL}.git`,
        targetRevision: from === 'a tag' ? 'v1.2.0' : 'main',
        ...source,
      },
      destination: { name: cluster, namespace: own ?? 'prod' },
    },
  };
  return {
    one: {
      application: { name, argo: name, from: path },
      cluster,
      elsewhere: from !== 'here',
      hintsFor: (kind, namespace, workload) => ({ argoTrackingId: `${name}:apps/${kind}:${namespace}/${workload}` }),
    },
    files: { [path]: stringify(object) },
  };
}

const CHART = {
  'charts/generic/Chart.yaml': stringify({ apiVersion: 'v2', name: 'generic', version: '1.0.0' }),
  'charts/generic/values.yaml': stringify({ replicas: 1, resources: { limits: { memory: '256Mi' } } }),
  'charts/generic/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: app
          image: registry.example/app:1
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
`,
};

function releaseOf(
  { memory: limit, ownFile }: typeof release extends fc.Arbitrary<infer T> ? T : never,
  at: number,
): WithFiles {
  const name = `release-${at}`;
  const file = ownFile ? `values/${name}.yaml` : 'values/all.yaml';
  const values = {
    replicas: 2,
    ...(limit === undefined || !ownFile ? {} : { resources: { limits: { memory: limit } } }),
  };
  const { one, files } = argoApplication(name, 'eu', 'prod', 'here', {
    path: 'charts/generic',
    helm: { valueFiles: [`../../${file}`] },
  });
  return { one, files: { ...files, [file]: stringify(values) } };
}

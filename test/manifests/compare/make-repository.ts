import type { Texts } from './compare-texts.ts';

/** Sizes in Mi by what they are for; what has none leaves the size, the patch or the workload out. */
export type Sizes = Readonly<Partial<Record<(typeof SIZED)[number], number>>>;

export const SIZED = [
  ...['base limit', 'base request', 'side limit', 'worker', 'component request', 'dev patch', 'prod patch', 'copied'],
  ...['plain limit', 'plain request', 'shared', 'queue', 'item'],
  ...[
    'chart limit',
    'chart request',
    'dev limit',
    'prod limit',
    'prod parameter',
    'written',
    'database',
    'database of shop',
  ],
] as const satisfies readonly string[];

/** One deployment of it, and how it is rendered. */
export type Target =
  | { readonly kind: 'kustomize'; readonly folder: string }
  | { readonly kind: 'helm'; readonly name: string; readonly files: readonly string[]; readonly set: readonly string[] }
  | { readonly kind: 'plain'; readonly path: string };

/** Overlays, a chart with a chart in it and plain files, all of them applied by Argo CD, and what is deployed of them. */
export function makeRepository(
  sizes: Sizes,
  isNested: boolean,
): { readonly texts: Texts; readonly targets: readonly Target[] } {
  const overlays = [isNested ? 'outer' : 'dev', 'prod', 'copy'];
  const parameter = sizes['prod parameter'];
  const set = parameter === undefined ? [] : [`main.requests.memory=${parameter}Mi`];
  const applications = [
    ...overlays.map((name) => writeApplication(name, `overlays/${name}`)),
    writeApplication('plain', 'plain'),
  ];
  const releases = [
    { name: 'shop-dev', files: ['values-dev.yaml'], set: [] },
    { name: 'shop-prod', files: ['values-prod.yaml'], set },
  ];
  const helm = releases.map(({ name, files, set }) => writeApplication(name, 'charts/shop', { files, set }));
  return {
    texts: {
      ...Object.fromEntries([...applications, ...helm]),
      ...writeKustomizations(sizes, isNested),
      ...writeChart(sizes),
      'plain/all.yaml': writePlain(sizes),
    },
    targets: [
      ...overlays.map((name) => ({ kind: 'kustomize', folder: `overlays/${name}` }) as const),
      ...releases.map((release) => ({ kind: 'helm', ...release }) as const),
      { kind: 'plain', path: 'plain/all.yaml' },
    ],
  };
}

function writeApplication(
  name: string,
  path: string,
  helm?: { readonly files: readonly string[]; readonly set: readonly string[] },
): [string, string] {
  const parameters = helm?.set.map((pair) => {
    const [key = '', value = ''] = pair.split('=');
    return `        - {name: ${key}, value: ${value}}\n`;
  });
  const list = parameters?.length ? `      parameters:\n${parameters.join('')}` : '';
  const own = helm ? `    helm:\n      valueFiles: [${helm.files.join(', ')}]\n${list}` : '';
  return [
    `apps/${name}.yaml`,
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  destination: {namespace: ${name}, server: https://kubernetes.default.svc}
  source:
    repoURL: https://github.com/owner/name
    path: ${path}
${own}`,
  ];
}

type Lines = readonly (string | undefined)[];

function join(lines: Lines): string {
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`;
}

function amount(size: number | undefined, write: (memory: string) => string): string | undefined {
  return size === undefined ? undefined : write(`${size}Mi`);
}

/** A container of a pod spec that is indented by so much. */
function container(indent: number, name: string, limit?: number, request?: number): string {
  const lines = [
    `- name: ${name}`,
    '  image: x:1',
    '  resources:',
    amount(limit, (memory) => `    limits:\n      memory: ${memory}`),
    amount(request, (memory) => `    requests:\n      cpu: 10m\n      memory: ${memory}`),
    '    claims: []',
  ];
  return join(lines).trimEnd().replace(/^/gm, ' '.repeat(indent));
}

function workload(name: string, containers: readonly string[], metadata = ''): string {
  return join([
    'apiVersion: apps/v1',
    'kind: Deployment',
    `metadata: {name: ${name}${metadata}}`,
    'spec:',
    '  replicas: 2',
    '  template:',
    '    spec:',
    '      containers:',
    ...containers,
  ]);
}

function writeKustomizations(sizes: Sizes, isNested: boolean): Texts {
  const main = '/spec/template/spec/containers/0/resources';
  const replace = (path: string) => (memory: string) =>
    `- {op: add, path: ${main}/${path}, value: {memory: ${memory}}}`;
  const merge = (memory: string) =>
    workload('app', [
      '        - name: main',
      '          resources:',
      '            limits:',
      `              memory: ${memory}`,
    ]);
  const devPatch = amount(sizes['dev patch'], merge);
  const prodPatch = amount(sizes['prod patch'], replace('limits'));
  const request = amount(sizes['component request'], replace('requests'));
  return {
    'base/kustomization.yaml': join(['resources:', '- app.yaml', amount(sizes.worker, () => '- worker.yaml')]),
    'base/app.yaml': workload('app', [
      container(8, 'main', sizes['base limit'], sizes['base request']),
      container(8, 'side', sizes['side limit']),
    ]),
    ...(sizes.worker === undefined
      ? {}
      : { 'base/worker.yaml': workload('worker', [container(8, 'work', sizes.worker)]) }),
    'components/big/kustomization.yaml': join([
      'apiVersion: kustomize.config.k8s.io/v1alpha1',
      'kind: Component',
      'labels: [{pairs: {size: big}}]',
      ...(request === undefined
        ? []
        : ['patches:', '- target: {kind: Deployment, name: app}', '  patch: |-', `    ${request}`]),
    ]),
    'overlays/dev/kustomization.yaml': join([
      'namespace: dev',
      'resources: [../../base]',
      ...(devPatch === undefined ? [] : ['patches:', '- path: size.yaml']),
    ]),
    ...(devPatch === undefined ? {} : { 'overlays/dev/size.yaml': devPatch }),
    ...(isNested
      ? { 'overlays/outer/kustomization.yaml': 'namespace: outer\nnameSuffix: -out\nresources: [../dev]\n' }
      : {}),
    'overlays/prod/kustomization.yaml': join([
      'namespace: prod',
      'namePrefix: live-',
      'resources: [../../base]',
      'components: [../../components/big]',
      ...(prodPatch === undefined ? [] : ['patches:', '- target: {kind: Deployment, name: app}', '  path: size.json']),
    ]),
    ...(prodPatch === undefined ? {} : { 'overlays/prod/size.json': `${prodPatch}\n` }),
    'overlays/copy/kustomization.yaml': join([
      'namespace: copy',
      'resources: [../../base, sizes.yaml]',
      ...(sizes.copied === undefined
        ? []
        : [
            'replacements:',
            '- source: {kind: ConfigMap, name: sizes, fieldPath: data.size}',
            '  targets:',
            '  - select: {kind: Deployment, name: app}',
            '    fieldPaths: ["spec.template.spec.containers.[name=side].resources.limits.memory"]',
            '    options: {create: true}',
          ]),
    ]),
    'overlays/copy/sizes.yaml': join([
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: {name: sizes}',
      'data:',
      '  other: a',
      amount(sizes.copied, (memory) => `  size: ${memory}`),
    ]),
  };
}

function writeChart(sizes: Sizes): Texts {
  const part = (name: string, limit?: number, request?: number) => [
    `${name}:`,
    '  tag: one',
    amount(limit, (memory) => `  limits:\n    memory: ${memory}`),
    amount(request, (memory) => `  requests:\n    memory: ${memory}`),
  ];
  const template = workload('{{ .Release.Name }}', [
    '        - name: main',
    '          image: "x:{{ .Values.main.tag }}"',
    '          resources:',
    '            {{- with .Values.main.limits }}',
    '            limits: {{- toYaml . | nindent 14 }}',
    '            {{- end }}',
    '            requests: {{ toJson (default (dict) .Values.main.requests) }}',
    container(8, 'side', sizes.written),
  ]);
  const database = workload('{{ .Release.Name }}-db', [
    '        - name: db',
    '          image: x',
    '          resources: {limits: {memory: {{ .Values.size | quote }}}}',
  ]);
  return {
    'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'charts/shop/values.yaml': join([
      ...part('main', sizes['chart limit'], sizes['chart request']),
      amount(sizes['database of shop'], (memory) => `db:\n  size: ${memory}`),
    ]),
    'charts/shop/values-dev.yaml': join(part('main', sizes['dev limit'])),
    'charts/shop/values-prod.yaml': join(part('main', sizes['prod limit'])),
    'charts/shop/templates/app.yaml': template,
    'charts/shop/charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
    'charts/shop/charts/db/values.yaml': `size: ${sizes.database ?? 64}Mi\n`,
    'charts/shop/charts/db/templates/db.yaml': database,
  };
}

function writePlain(sizes: Sizes): string {
  const shared = sizes.shared ?? 99;
  const queue = workload('queue', [container(8, 'main', sizes.queue)], ', namespace: plain');
  const item = workload('item', [container(8, 'main', sizes.item)], ', namespace: plain')
    .trimEnd()
    .replace(/^/gm, '  ');
  return [
    workload('web', [container(8, 'main', sizes['plain limit'], sizes['plain request'])], ', namespace: plain'),
    workload(
      'twins',
      [
        `        - {name: one, resources: {limits: &size {memory: ${shared}Mi}}}`,
        '        - {name: two, resources: {limits: *size}}',
      ],
      ', namespace: plain',
    ),
    queue.replace('Deployment', 'StatefulSet'),
    `apiVersion: v1\nkind: List\nitems:\n-${item.slice(1)}\n`,
  ].join('---\n');
}

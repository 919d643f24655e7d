import { describe, expect, test } from 'vitest';
import { UNKNOWN } from '../../../src/manifests/deployed/deployed.ts';
import { fillTemplate, flatten } from '../../../src/manifests/deployed/fill-template.ts';
import { generate } from '../../../src/manifests/deployed/generate.ts';
import type { Json } from '../../../src/manifests/documents.ts';
import { createEffort } from '../../../src/manifests/effort.ts';
import { HOME } from './lists.ts';

const FILES: Readonly<Record<string, Json>> = {
  'apps/web/config.json': { name: 'web', cluster: { region: 'eu' }, ports: [80, 443] },
  'apps/api/config.json': { name: 'api', cluster: { region: 'us' }, ports: [] },
  'apps/many/config.json': [{ name: 'a' }, { name: 'b' }],
  'envs/prod/apps/web/kustomization.yaml': null,
  'README.md': null,
};
const FOLDERS = [
  'apps',
  'apps/api',
  'apps/many',
  'apps/web',
  'envs',
  'envs/prod',
  'envs/prod/apps',
  'envs/prod/apps/web',
];

async function paramsOf(generators: Json, go = false) {
  const repository = {
    home: HOME,
    go,
    folders: FOLDERS,
    paths: Object.keys(FILES).sort(),
    effort: createEffort(),
    read: async (path: string) => (FILES[path] === undefined ? undefined : [FILES[path]]),
  };
  const generated = await generate(generators as readonly Json[], repository);
  if (generated.state === 'not known') return generated.why;
  return generated.instances.map(({ params }) => Object.fromEntries(params));
}

async function valuesOf(key: string, generators: Json, go = false) {
  const params = await paramsOf(generators, go);
  return typeof params === 'string' ? params : params.map((one) => one[key]);
}

const git = (rest: Record<string, Json>) => [
  { git: { repoURL: 'https://github.com/acme/platform', revision: 'HEAD', ...rest } },
];

describe('what generators give', () => {
  test('a list: its elements, nested ones by dotted names', async () => {
    const elements: Json = [{ env: 'prod', values: { size: 3 } }, { env: 'dev' }];
    expect(await paramsOf([{ list: { elements } }])).toEqual([{ env: 'prod', 'values.size': '3' }, { env: 'dev' }]);
    expect(await paramsOf([{ list: { elements: [] } }])).toEqual([]);
    expect(await paramsOf([{ list: { elementsYaml: '- a: b' } }])).toBe('its list generator reads elementsYaml');
  });

  test('several generators: all together', async () => {
    expect(await valuesOf('a', [{ list: { elements: [{ a: '1' }] } }, { list: { elements: [{ a: '2' }] } }])).toEqual([
      '1',
      '2',
    ]);
  });

  test('directories: in one folder or in all, but for those left out', async () => {
    expect(await valuesOf('path', git({ directories: [{ path: 'apps/*' }] }))).toEqual([
      'apps/api',
      'apps/many',
      'apps/web',
    ]);
    const but: Json = [{ path: 'apps/*' }, { path: 'apps/many', exclude: true }];
    expect(await valuesOf('path.basename', git({ directories: but }))).toEqual(['api', 'web']);
    expect(await valuesOf('path[1]', git({ directories: [{ path: 'envs/*/apps/*' }] }))).toEqual(['prod']);
    expect(await valuesOf('path', git({ directories: [{ path: './apps/web' }] }))).toEqual(['apps/web']);
  });

  test('directories for a template of Go', async () => {
    const directories = [{ path: 'envs/prod/apps/*' }];
    expect(await paramsOf(git({ directories, values: { env: '{{ index .path.segments 1 }}' } }), true)).toEqual([
      {
        'path.path': 'envs/prod/apps/web',
        'path.basename': 'web',
        'path.basenameNormalized': 'web',
        'path.segments.0': 'envs',
        'path.segments.1': 'prod',
        'path.segments.2': 'apps',
        'path.segments.3': 'web',
        'values.env': 'prod',
      },
    ]);
  });

  test('files: what stands in them and where they are', async () => {
    const files = [{ path: 'apps/web/config.json' }];
    expect(await paramsOf(git({ files, pathParamPrefix: 'own' }))).toEqual([
      {
        name: 'web',
        'cluster.region': 'eu',
        'ports.0': '80',
        'ports.1': '443',
        'own.path': 'apps/web',
        'own.path.basename': 'web',
        'own.path.basenameNormalized': 'web',
        'own.path[0]': 'apps',
        'own.path[1]': 'web',
        'own.path.filename': 'config.json',
      },
    ]);
    expect(await valuesOf('name', git({ files: [{ path: 'apps/**/config.json' }] }))).toEqual(['api', 'a', 'b', 'web']);
    expect(await valuesOf('name', git({ files: [{ path: 'README.md' }] }))).toEqual([undefined]);
  });

  test('clusters: one for all, with their names unknown', async () => {
    const params = await paramsOf([{ clusters: { values: { env: 'prod', at: '{{name}}' } } }]);
    expect(params).toEqual([
      {
        name: UNKNOWN,
        nameNormalized: UNKNOWN,
        server: UNKNOWN,
        project: UNKNOWN,
        'values.env': 'prod',
        'values.at': UNKNOWN,
      },
    ]);
  });

  test('a matrix: each with each, the second filled in from the first', async () => {
    const list = { list: { elements: [{ env: 'prod' }, { env: 'none' }] } };
    const second = {
      git: { repoURL: HOME.repository, revision: 'main', directories: [{ path: 'envs/{{env}}/apps/*' }] },
    };
    expect(await valuesOf('path', [{ matrix: { generators: [list, second] } }])).toEqual(['envs/prod/apps/web']);
    expect(await valuesOf('env', [{ matrix: { generators: [list, { clusters: {} }] } }])).toEqual(['prod', 'none']);
    expect(await paramsOf([{ matrix: { generators: [list] } }])).toBe('its matrix has not two generators');
  });

  test.each([
    [[{ scmProvider: { github: {} } }], 'its scmProvider generator is not read'],
    [[{ merge: { generators: [] } }], 'its merge generator is not read'],
    [[{ list: { elements: [] }, selector: { matchLabels: {} } }], 'its list generator chooses by a selector'],
    [[{ list: { elements: [], template: { metadata: {} } } }], 'its list generator has a template of its own'],
    [[null], 'a generator of it is empty'],
    [[{}], 'its none generator is not read'],
    [[{ __proto__: null, constructor: {} }], 'its constructor generator is not read'],
    [git({ revision: 'v1.2', directories: [{ path: '*' }] }), 'its git generator reads v1.2, while changes go to main'],
    [git({ repoURL: 'https://github.com/acme/web', files: [] }), 'its git generator reads https://github.com/acme/web'],
  ] as [Json, string][])('%j is not known', async (generators, why) => {
    expect(await paramsOf(generators)).toBe(why);
  });
});

describe('a template is filled in', () => {
  const params = new Map([
    ['name', 'web'],
    ['path.basename', 'api'],
    ['path.segments.1', 'prod'],
    ['path[0]', 'apps'],
  ]);
  const fill = (template: Json, go = false) => fillTemplate(template, params, { go, effort: createEffort() });

  test('by plain names', () => {
    expect(fill({ 'a-{{name}}': ['{{ path.basename }}/{{path[0]}}', 1, null, true] })).toEqual({
      'a-web': ['api/apps', 1, null, true],
    });
    expect(fill('{{name}}-{{other}}')).toBe(`web-${UNKNOWN}`);
    expect(fill('{{ .name }}')).toBe(UNKNOWN);
  });

  test.each([
    ['{{ .name }}-{{.path.basename}}', 'web-api'],
    ['{{- .name -}}', 'web'],
    ['{{ index .path.segments 1 }}', 'prod'],
    ['{{ index .path "basename" }}', 'api'],
    ['{{ .name | quote }}', 'web'],
    ['{{ .name | upper }}', UNKNOWN],
    ['{{ if .name }}a{{ end }}', UNKNOWN],
    ['{{ range .list }}a{{ end }}', UNKNOWN],
    ['{{name}}', UNKNOWN],
  ])('by references of Go: %s', (text, expected) => {
    expect(fill(text, true)).toBe(expected);
  });

  test('a key of the prototype is a key like others', () => {
    const template = JSON.parse('{"__proto__": {"a": "{{name}}"}, "constructor": "{{name}}"}') as Json;
    const filled = fill(template) as object;
    expect(Object.keys(filled)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(filled)).toBe(Object.prototype);
    expect(fill('{{constructor}}{{__proto__}}')).toBe(UNKNOWN + UNKNOWN);
    expect(flatten(template)).toEqual([
      ['__proto__.a', '{{name}}'],
      ['constructor', '{{name}}'],
    ]);
  });

  test('what is filled in is not filled in again', () => {
    const own = new Map([
      ['a', '{{b}}'],
      ['b', 'x'],
    ]);
    expect(fillTemplate('{{a}}', own, { go: false, effort: createEffort() })).toBe('{{b}}');
  });
});

import { expect, test } from 'vitest';
import { indexManifests } from '../../src/manifests/index-manifests.ts';
import { locate } from '../../src/manifests/locate.ts';
import { openTree } from '../../src/manifests/ways.ts';
import type { Location } from '../../src/model/location.ts';
import { filesOf, NACOS, suggestion, workload } from './fixtures.ts';

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: {name: nacos, namespace: pigo-rel}
spec: {template: {spec: {containers: [{name: nacos, resources: {limits: {memory: 2000Mi}}}]}}}
`;
const live = workload(NACOS, [{ name: 'nacos', limit: '2000Mi', request: null }]);
const wanted = suggestion(NACOS, 'nacos', { limit: '2560Mi' });
const FILE = 'k8s/manifests/nacos.yaml';

async function locateIn(repository: Readonly<Record<string, string>>): Promise<Location> {
  const files = filesOf(Object.hasOwn(repository, FILE) ? repository : { ...repository, [FILE]: MANIFEST });
  const index = await indexManifests(files, []);
  const [location] = await locate([wanted], openTree({ index, files, workloads: [live] }));
  if (!location) throw new Error('no location');
  return location;
}

function workflow(run: string, step = '', job = ''): Record<string, string> {
  const text = `on: push\njobs:\n  render:\n    runs-on: x\n${job}    steps:\n      - uses: actions/checkout@v5\n      - run: |\n`;
  return { '.github/workflows/render.yml': `${text}${run.replace(/^/gm, '          ')}\n${step}` };
}

const SOURCES = {
  'k8s/main.libsonnet': '{}',
  'src/overlays/prod/kustomization.yaml': 'resources: []\n',
  'src/web.cue': 'x: 1',
  'k8s/web.tpl': 'x',
};

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    'make with a variable',
    {
      Makefile:
        'MANIFESTS := k8s/manifests\n\ngenerate: tools\n\t@rm -f x\n\t$(JSONNET) -J vendor -m $(MANIFESTS) k8s/main.libsonnet\n',
    },
    'it is written by `make generate` (Makefile:5): change its source k8s/main.libsonnet',
  ],
  [
    'make with $@',
    { 'k8s/Makefile': 'manifests/nacos.yaml: web.tpl\n\tenvsubst < $< > $@\n' },
    'it is written by `make manifests/nacos.yaml` (k8s/Makefile:2): change its source k8s/web.tpl',
  ],
  [
    'a line that goes on',
    { Makefile: 'all:\n\tkustomize build \\\n\t  src/overlays/prod \\\n\t  > k8s/manifests/nacos.yaml\n' },
    'it is written by `make all` (Makefile:2): change its source src/overlays/prod',
  ],
  [
    'a workflow',
    workflow('set -e\nkubectl kustomize src/overlays/prod > k8s/manifests/nacos.yaml'),
    'it is written by .github/workflows/render.yml:9: change its source src/overlays/prod',
  ],
  [
    'a workflow with a matrix, an env and a folder',
    workflow(
      'cue export ../src/$FILE.cue --out yaml -o "$' + '{{ matrix.dir }}/nacos.yaml"',
      '        working-directory: k8s\n        env: {FILE: web}\n',
      '    strategy: {matrix: {dir: [other, manifests]}}\n',
    ),
    'it is written by .github/workflows/render.yml:9: change its source src/web.cue',
  ],
  [
    "kube-prometheus' build.sh",
    {
      'k8s/build.sh':
        '#!/usr/bin/env bash\nset -e # > manifests\nrm -rf manifests\nmkdir manifests\njsonnet -J vendor -m manifests "$' +
        '{1-example.jsonnet}" | xargs -I{} sh -c "cat {} | gojsontoyaml > {}.yaml" -- {}\n',
      'k8s/example.jsonnet': '{}',
    },
    'it is written by k8s/build.sh:5: change its source k8s/example.jsonnet',
  ],
  [
    'jsonnet beside manifests/',
    { 'k8s/example.jsonnet': '{}' },
    'it is written by jsonnet: change its source k8s/example.jsonnet',
  ],
  [
    'a loop, from the folder of the script',
    {
      'hack/render.sh':
        'cd "$(dirname "$' +
        '{BASH_SOURCE[0]}")/.."\nfor app in web nacos; do\n  tk show src/$app | tee k8s/manifests/$app.yaml >/dev/null\ndone\n',
    },
    'it is written by hack/render.sh:3: change its source',
  ],
  [
    'the folder of the repository',
    {
      'hack/render':
        '#!/bin/sh\nROOT=$(git rev-parse --show-toplevel)\ntk export "$ROOT/k8s/manifests" src/overlays/prod\n',
    },
    'it is written by hack/render:3: change its source src/overlays/prod',
  ],
  [
    'a copy of a rendering in another place',
    { 'a.sh': 'kustomize build src/overlays/prod -o /tmp/all.yaml\ncp /tmp/all.yaml k8s/manifests/nacos.yaml\n' },
    'it is written by a.sh:2: change its source src/overlays/prod',
  ],
  [
    'a copy of a file',
    { 'a.sh': 'cp k8s/web.tpl k8s/manifests/nacos.yaml\n' },
    'it is written by a.sh:1: change its source k8s/web.tpl',
  ],
  [
    'Taskfile',
    {
      'Taskfile.yml':
        'version: 3\nvars: {OUT: k8s/manifests}\ntasks:\n  render:\n    cmds:\n      - mkdir x\n      - cmd: kustomize build src/overlays/prod -o {{.OUT}}\n',
    },
    'it is written by `task render` (Taskfile.yml:7): change its source src/overlays/prod',
  ],
  [
    'justfile',
    {
      justfile:
        'out := "k8s/manifests"\n\n# renders\nrender env="prod":\n    kustomize build src/overlays/prod > {{out}}/nacos.yaml\n',
    },
    'it is written by `just render` (justfile:5): change its source src/overlays/prod',
  ],
  [
    'controller-gen',
    { Makefile: 'manifests:\n\t$(CONTROLLER_GEN) crd paths=./... output:crd:artifacts:config=k8s/manifests\n' },
    'it is written by `make manifests` (Makefile:2): change its source',
  ],
  [
    'cdk8s',
    { 'k8s/cdk8s.yaml': 'language: typescript\noutput: manifests\n' },
    'it is written by `cdk8s synth` (k8s/cdk8s.yaml): change its source',
  ],
  [
    'the output of helm template, its chart is here',
    {
      [FILE]: `---\n# Source: nacos/templates/deployment.yaml\n${MANIFEST}`,
      'charts/nacos/templates/deployment.yaml': 'x',
    },
    'it is written by helm template: change its source charts/nacos/templates/deployment.yaml, or the values',
  ],
  [
    'the output of helm template, its chart is not here',
    { [FILE]: `---\n# Source: nacos/charts/db/templates/deployment.yaml\n${MANIFEST}` },
    'it is written by helm template: change its source nacos/charts/db/templates/deployment.yaml, or the values',
  ],
  [
    'a header with a name',
    { [FILE]: `# Code generated by kube-compose v1.2. DO NOT EDIT.\n${MANIFEST}` },
    'its header says that kube-compose v1.2 generates it: change its source',
  ],
  [
    'a header without one',
    { [FILE]: `# DO NOT EDIT this file\n${MANIFEST}` },
    'its header says that a tool generates it: change its source',
  ],
  [
    '.gitattributes',
    { '.gitattributes': 'k8s/manifests/** linguist-generated\n' },
    'it is marked as generated by .gitattributes: change its source',
  ],
])('%s: a generated file is not edited, and its source is named', async (_what, repository, why) => {
  const location = await locateIn({ ...SOURCES, ...repository });
  expect(location).toMatchObject({ state: 'not located', reason: 'generated' });
  expect(location.state === 'not located' && location.why).toBe(
    `${FILE} ${why.replace(/^it /, '')}`.replace(`${FILE} its`, `${FILE}: its`),
  );
});

test.each<[string, Readonly<Record<string, string>>]>([
  [
    'a workflow that applies it',
    workflow('kubectl apply -f k8s/manifests/\nkustomize build k8s/manifests | kubectl apply -f -'),
  ],
  [
    'other files are written',
    workflow('kustomize build k8s > /tmp/nacos.yaml\necho a=b >> "$GITHUB_ENV"\necho "# x" > $GITHUB_STEP_SUMMARY'),
  ],
  [
    'an edit in place',
    workflow(`sed -i "s/a/b/" ${FILE}\nyq -i '.x = 1' ${FILE}\n(cd k8s/manifests && kustomize edit set image a=b)`),
  ],
  [
    'an edit by way of another file',
    { 'a.sh': `sed s/a/b/ ${FILE} > /tmp/x && mv /tmp/x ${FILE}\nyq .a ${FILE} | tee ${FILE}\n` },
  ],
  ['a backup that is put back', { 'a.sh': `cp ${FILE} ${FILE}.bak\ncp ${FILE}.bak ${FILE}\n` }],
  ['what is appended', { 'a.sh': `echo --- >> ${FILE}\nkustomize build x | tee -a ${FILE}\n` }],
  [
    'a comment and a text',
    { 'a.sh': `# kustomize build > ${FILE}\necho "run x > ${FILE}"\ncat <<EOF\n> ${FILE}\nEOF\n` },
  ],
  ['errors only', { 'a.sh': `kustomize build x 2> ${FILE}\n` }],
  ['what is not known', { 'a.sh': `kustomize build x > $1/nacos.yaml\ntk export $OUT x\njsonnet -m "$(pick)" x\n` }],
  ['a name that gets two values', { 'a.sh': `O=${FILE}\nO=x\nkustomize build x > $O\n` }],
  ['the whole repository', { Makefile: 'all:\n\tjsonnet -m . x.jsonnet\n' }],
  ['a folder elsewhere', { 'a.sh': 'cd other\nkustomize build x > k8s/manifests/nacos.yaml\n' }],
  ['a subshell elsewhere', { 'a.sh': '(cd k8s; kustomize build x > k8s/manifests/nacos.yaml)\n' }],
  ['the output of a chart beside it', { 'a.sh': 'helm template x charts/x --output-dir k8s/manifests\n' }],
  [
    'sources in the folder',
    { 'a.sh': 'kustomize build k8s/manifests/x -o k8s\n', 'k8s/manifests/x/kustomization.yaml': 'resources: []\n' },
  ],
  ['jsonnet that is only a library', { 'k8s/lib.libsonnet': '{}', 'jsonnetfile.json': '{}' }],
  ['scripts of others', { 'node_modules/a/a.sh': `kustomize build x > ${FILE}\n` }],
  ['a template of Git', { 'a.sh': `git show HEAD:${FILE} > ${FILE}\n` }],
])('%s: a file that a person writes is edited', async (_what, repository) => {
  expect(await locateIn(repository)).toMatchObject({ state: 'located', path: FILE });
});

test('what is hostile in a script ends', async () => {
  const loops = Array.from({ length: 3000 }, (_, n) => `for a${n} in $a${n + 1} $a${n + 1}; do cd $a${n}$a${n}; done`);
  const texts = [
    '$('.repeat(60_000),
    '"'.repeat(200_001),
    `${'a>b|'.repeat(50_000)}`,
    loops.join('\n'),
    `A=$A$A$A\ncat > $A`,
  ];
  const scripts = Object.fromEntries(texts.map((text, index) => [`s${index}.sh`, text]));
  expect(await locateIn(scripts)).toMatchObject({ state: 'located' });
});

import { expect, test } from 'vitest';
import { explainHelm } from '../../../src/manifests/helm/explain-helm.ts';

const root = '/tmp/memory-inspector-x';
const request = { chart: `${root}/chart-a`, values: [`${root}/values-b/0.yaml`] };

test.each([
  [
    `I1127 10:00:00.123456   12345 request.go:700] Waited for 1s\nError: template: shop/templates/a.yaml:1: no such field`,
    'template: shop/templates/a.yaml:1: no such field',
  ],
  ['coalesce.go:298: warning: cannot overwrite table\nError: values are wrong', 'values are wrong'],
  ['2026/11/27 10:00:00 found symbolic link\nlevel=WARN msg=x\nError: no chart', 'no chart'],
  [`E1127 10:00:00.123456   12345 memcache.go:265] it is broken`, 'it is broken'],
  [
    `Error: failed to parse ${root}/values-b/0.yaml: error converting YAML`,
    'failed to parse a values file: error converting YAML',
  ],
  [`Error: open ${root}/home/.config/x: no such file`, 'open a file: no such file'],
  [`Error: ${root}/chart-a/templates/a.yaml: bad`, 'templates/a.yaml: bad'],
  [`Error: ${root}/chart-a: bad`, 'the chart: bad'],
  ['Error: bad\n\nUse --debug flag to render out invalid YAML', 'bad'],
  ['', 'helm gave no reason'],
])('%j is told as %j', (said, words) => {
  expect(explainHelm(said, request, root)).toBe(words);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanTerraform } from '../../../src/manifests/helm/scan-terraform.ts';

const scan = (body: string) =>
  scanTerraform(`locals { a = "}" }\nresource "helm_release" "web" {\n${body}\n}\n# resource "helm_release"\n`).map(
    ({ attributes, blocks }) => [Object.fromEntries(attributes), blocks],
  );

test.each([
  ['plain values', 'name = "web" # a comment {\n  chart="./chart" // }', { name: '"web"', chart: '"./chart"' }, []],
  [
    'a list on several lines',
    'values = [\n  file("a.yaml"), # }\n]\nname = "web"',
    { values: '[\n  file("a.yaml"), # }\n]', name: '"web"' },
    [],
  ],
  [
    'blocks',
    'set {\n  name = "a}"\n}\ndynamic "set" { for_each = {} }\nname = "web"',
    { name: '"web"' },
    ['set', 'dynamic'],
  ],
  [
    'a heredoc',
    'values = [<<-EOT\n  a: "}\n  EOT\n]\nname = "web"',
    { values: '[<<-EOT\n  a: "}\n  EOT\n]', name: '"web"' },
    [],
  ],
  [
    'quotes in an expression',
    `name = "\${var.x["}"]}-web"\nchart = "c"`,
    { name: `"\${var.x["}"]}-web"`, chart: '"c"' },
    [],
  ],
  ['comments over lines', '/* name = "a"\n} */ name = "web"', { name: '"web"' }, []],
  ['what is no Terraform', 'name : "web"', {}, ['?', '?']],
])('a helm_release with %s', (_, body, attributes, blocks) => {
  expect(scan(body)).toEqual([[attributes, blocks]]);
});

test('a resource that never ends is not plain', () => {
  expect(scanTerraform('resource "helm_release" "a" {\n name = "a"\n')[0]?.blocks).toContain('?');
});

test('two resources are two releases', () => {
  const one = (name: string) => `resource "helm_release" "${name}" {\n  name = "${name}"\n}\n`;
  expect(scanTerraform(one('a') + one('b')).map(({ attributes }) => attributes.get('name'))).toEqual(['"a"', '"b"']);
});

test('whatever a text holds, scanning it ends', () => {
  const part = fc.constantFrom(
    'resource "helm_release" "a" {',
    '"',
    '${',
    '}',
    '<<EOT\n',
    'EOT\n',
    '/*',
    '*/',
    '#',
    '\n',
    'a = ',
    '[',
    ']',
    '\\',
    ' ',
    'set {',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      expect(scanTerraform(parts.join('')).length).toBeLessThanOrEqual(parts.length);
    }),
    { numRuns: 500 },
  );
});

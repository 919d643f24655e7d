import { expect, test } from 'vitest';
import { hintAtOtherTools } from '../../src/manifests/other-tools.ts';

test('names the tools that may generate a manifest, each with a file', () => {
  const paths = ['README.md', 'infra/main.tf', 'infra/more.tf', 'lib/app.libsonnet', 'k8s/app.yaml'];
  const hint = hintAtOtherTools(paths);
  expect(hint).toContain('jsonnet (lib/app.libsonnet) or Terraform (infra/main.tf)');
  expect(hint).not.toContain('more.tf');
});

test('says nothing where there are none', () => {
  expect(hintAtOtherTools(['k8s/app.yaml', 'notes-terraform.md'])).toBe('');
});

import { expect, test } from 'vitest';
import { givenNamespaces, judgeNamespace } from '../../../src/manifests/deployed/find-namespace.ts';
import { applied } from './lists.ts';

const flux = (namespace?: string) =>
  applied({ by: 'flux', takes: { kind: 'flux' }, ...(namespace ? { namespace } : {}) });
const argo = (namespace?: string) => applied({ ...(namespace ? { namespace } : {}) });

test('Flux gives its namespace to everything, Argo CD to what has none', () => {
  expect(givenNamespaces('own', [flux('prod')])).toEqual(['prod']);
  expect(givenNamespaces('own', [flux()])).toEqual(['own']);
  expect(givenNamespaces('own', [argo('prod')])).toEqual(['own']);
  expect(givenNamespaces(undefined, [argo('prod'), argo('dev'), argo('prod')])).toEqual(['prod', 'dev']);
  expect(givenNamespaces('own', [])).toEqual(['own']);
});

test('an object is of a namespace by its own words or by those of what applies it', () => {
  const path = 'deploy/web.yaml';
  expect(judgeNamespace('prod', { appliedBy: [], path }, 'prod')).toBe('here');
  expect(judgeNamespace(undefined, { appliedBy: [argo('prod')], path }, 'prod')).toBe('here');
  expect(judgeNamespace(undefined, { appliedBy: [argo('dev'), argo('prod')], path }, 'prod')).toBe('here');
  expect(judgeNamespace('dev', { appliedBy: [argo('prod')], path }, 'prod')).toBe('elsewhere');
  expect(judgeNamespace('prod', { appliedBy: [flux('dev')], path }, 'prod')).toBe('elsewhere');
});

test('else the name of a folder tells, never that of a file', () => {
  const judge = (path: string, appliedBy = [flux()]) => judgeNamespace(undefined, { appliedBy, path }, 'prod');
  expect(judge('envs/prod/web.yaml')).toBe('by folder');
  expect(judge('prod/base/web.yaml', [])).toBe('by folder');
  expect(judge('envs/production/web.yaml')).toBe('not said');
  expect(judge('envs/dev/prod')).toBe('not said');
  expect(judgeNamespace('dev', { appliedBy: [], path: 'envs/prod/web.yaml' }, 'prod')).toBe('elsewhere');
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { readEnvironment } from '../../src/environment.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { ClusterState } from '../../src/model/workload.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { run } from '../../src/run.ts';
import { measureOf } from '../checks/fixtures.ts';
import { type GithubServer, startGithubServer } from '../github-server/server.mjs';
import { observationOf, podOf, workloadOf } from '../judge/fixtures.ts';
import { recordingRunner } from './runner.ts';

export const CART = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: cart, namespace: shop}
spec:
  template:
    spec:
      containers: [{name: app, resources: {limits: {memory: 2000Mi}, requests: {memory: 1000Mi}}}]
`;

let server: GithubServer | undefined;
afterEach(() => server?.stop());

/** A GitHub with one manifest. */
export async function startRepository(): Promise<GithubServer> {
  const gitDir = mkdtempSync(join(tmpdir(), 'scope-'));
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', gitDir]);
  server = await startGithubServer({ gitDir });
  await server.commitFiles('main', { 'cart.yaml': CART });
  return server;
}

/** What a run that looked into `namespace` saw there: a pod that uses so many Mi of its 2000Mi. */
export function seen(namespace: string, used: number, cluster: Partial<ClusterState> = {}): Observation {
  const ref = { ...workloadOf([]).ref, namespace };
  const workload = workloadOf([podOf('cart-0')], { ref });
  return observationOf([workload], [measureOf(() => used, { namespace })], {}, { namespaces: [namespace], ...cluster });
}

/** A whole run on a recording; what became of its pull requests. */
export async function runOn(
  github: GithubServer,
  observation: Observation,
  inputs: Readonly<Record<string, string>> = {},
) {
  const workspace = mkdtempSync(join(tmpdir(), 'scope-'));
  writeFileSync(join(workspace, 'rec.json'), encodeRecording(observation, 'rec.json'));
  const { runner, given } = recordingRunner({ recording: 'rec.json', 'github-token': 'x', ...inputs });
  const environment = readEnvironment({
    PATH: process.env.PATH,
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
    GITHUB_API_URL: github.url,
    MEMORY_INSPECTOR_PACE: 'immediate',
  });
  await run(runner, environment);
  return JSON.parse(given.outputs['pull-requests'] ?? '');
}

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readCluster } from '../../src/cluster/read-cluster.ts';
import { judgeRollout } from '../../src/follow-up/judge-rollout.ts';
import { createKubectl } from '../../src/kubectl/run-kubectl.ts';
import type { Rollout } from '../../src/model/follow-up.ts';
import type { WorkloadRef } from '../../src/model/workload.ts';
import { lookAtFollowed } from '../../src/observe/look-at-followed.ts';
import { mi } from '../checks/fixtures.ts';
import { observationOf } from '../judge/fixtures.ts';
import { createFakeLog } from '../prometheus/fake-log.ts';
import { facts } from './facts.ts';
import { run, until } from './testbed/processes.mjs';

/** Of the scenes; the second has a quota. */
export const NAMESPACE = 'rollouts';
export const FULL = 'rollouts-full';
const GITOPS = ['argocd', 'flux-system', 'team-gitops'];

/** What every change of these scenes does. */
export const BEFORE = 512;
export const AFTER = 1024;

/** kubectl of the administrator; fails where it does. */
export async function admin(args: readonly string[], input = ''): Promise<string> {
  const env = { ...process.env, KUBECONFIG: facts.adminKubeconfig };
  return (await run(facts.kubectl, [...args], { env, input })).stdout;
}

export async function apply(...objects: readonly object[]): Promise<void> {
  await admin(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
}

const documented = (name: string) => readFile(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), 'utf8');
const definitions = fileURLToPath(new URL('testbed/gitops.yaml', import.meta.url));

/** The namespaces, a full quota, the kinds of Argo CD and Flux, and the documented rights of the identity in all of them. */
export async function prepare(): Promise<void> {
  const namespaces = [NAMESPACE, FULL, ...GITOPS];
  await apply(...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
  await admin(['apply', '-f', definitions]);
  const [role, gitops] = [await documented('rbac.yaml'), await documented('rbac-gitops.yaml')];
  const inspected = [NAMESPACE, FULL].map((name) => role.replaceAll('my-namespace', name));
  const others = ['argocd', 'flux-system'].map((name) => gitops.replaceAll('my-namespace', name));
  await admin(['apply', '-f', '-'], [...inspected, ...others].join('\n---\n'));
  await until('the service accounts', async () =>
    (await Promise.all([NAMESPACE, FULL].map((name) => admin(['get', 'serviceaccount', 'default', '-n', name])))).every(
      Boolean,
    ),
  );
  await admin(['wait', '--for=condition=Established', '-f', definitions, '--timeout=60s']);
}

/** Takes all of it away again, for the other tests of this testbed. */
export async function clear(): Promise<void> {
  await admin(['delete', '--ignore-not-found', '--wait=false', '-f', definitions]);
  await admin(['delete', 'namespace', '--ignore-not-found', '--timeout=100s', NAMESPACE, FULL, ...GITOPS]);
}

interface Shape {
  readonly kind?: 'Deployment' | 'StatefulSet';
  readonly namespace?: string;
  readonly replicas?: number;
  readonly metadata?: object;
  readonly spec?: object;
  readonly podSpec?: object;
}

/** A workload whose container is limited to so many Mi. */
export function workload(name: string, limit: number, shape: Shape = {}): object {
  const { kind = 'Deployment', namespace = NAMESPACE, replicas = 1, metadata = {}, spec = {}, podSpec = {} } = shape;
  const memory = `${limit}Mi`;
  const resources = { limits: { memory }, requests: { memory } };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, ...metadata },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 0,
          ...podSpec,
          containers: [{ name: 'app', image: 'registry.example/app:1', resources }],
        },
      },
      ...spec,
    },
  };
}

/** How far the change of a workload has come, as a run with the documented rights sees it. */
export async function seeRollout(ref: WorkloadRef, kubeconfig = facts.kubeconfig): Promise<Rollout> {
  const kubectl = createKubectl({ env: { ...process.env, KUBECONFIG: kubeconfig }, binary: facts.kubectl });
  const scope = { namespaces: [ref.namespace], excludeNamespaces: [] };
  const cluster = await readCluster(kubectl, scope, createFakeLog());
  const values = (['limit', 'request'] as const).map((field) => ({ field, from: mi(BEFORE), to: mi(AFTER) }));
  const target = { workload: ref, container: 'app', values };
  const seen = await lookAtFollowed(kubectl, { ...observationOf([], []), cluster }, [target]);
  const found = seen.cluster.workloads.find((one) => one.ref.kind === ref.kind && one.ref.name === ref.name);
  const delivery = seen.deliveries?.find(({ workload: { kind, name } }) => kind === ref.kind && name === ref.name);
  return judgeRollout({ workload: found, container: 'app', values, inspected: true, ...(delivery && { delivery }) });
}

export function refOf(name: string, kind = 'Deployment', namespace = NAMESPACE): WorkloadRef {
  return { namespace, group: 'apps', kind, name };
}

/** What is seen once it is of the kind expected; what was seen last where that never comes. */
export async function seeOnce(
  kind: Rollout['state'] | string,
  ref: WorkloadRef,
  kubeconfig?: string,
): Promise<Rollout> {
  let last: Rollout = { state: 'not seen' };
  const isThere = async () => {
    last = await seeRollout(ref, kubeconfig);
    return last.state === kind || (last.state === 'waiting' && last.obstacle.kind === kind);
  };
  await until(kind, isThere, { seconds: 40, every: 500 }).catch(() => undefined);
  return last;
}

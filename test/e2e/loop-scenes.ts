import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleRun, runBundle } from '../bundle/run-bundle.ts';
import { facts } from './facts.ts';
import { healthy, type Story } from './pigo/stories.mjs';
import { admin, apply } from './rollout-scenes.ts';
import { writeHistory } from './testbed/history.mjs';
import { pastStatus, podPasts } from './testbed/pasts.mjs';
import { until } from './testbed/processes.mjs';
import { startPrometheus } from './testbed/prometheus.mjs';
import { type PodPast, podSeries } from './testbed/series.mjs';
import { git, type Repository, startRepository } from './workflow/start-repository.ts';

export const NAMESPACE = 'loop';
export const HOUR = 3600;
export const DAY = 24 * HOUR;
const ARGO = 'argocd';
const definitions = fileURLToPath(new URL('testbed/gitops.yaml', import.meta.url));

/** What a workload of one pod does from a time on, in unix seconds and Mi. */
export interface Course {
  readonly from: number;
  readonly uses: (time: number) => number;
  /** When it is OOM-killed. */
  readonly kills?: readonly number[];
}

export interface Sizes {
  readonly limit: number;
  readonly request: number;
}

/** A Deployment of `loop`, as its repository declares it at first. */
export interface Scene extends Sizes, Course {
  readonly name: string;
  /** The Application of Argo CD that it belongs to. */
  readonly application?: string;
}

/**
 * A cluster, its repository on GitHub, and the action that looks at both, on one clock that the test sets: the API server's
 * own times are of now, so starts and ends are written into the pods' status, and what they used into Prometheus.
 */
export class Loop {
  readonly repository: Repository;
  private readonly setClock: (at: number) => void;
  private readonly courses: Map<string, Course>;
  /** The pods that are gone. */
  private left: PodPast[] = [];

  private constructor(repository: Repository, setClock: (at: number) => void, scenes: readonly Scene[]) {
    this.repository = repository;
    this.setClock = setClock;
    this.courses = new Map(scenes.map((scene) => [scene.name, scene]));
  }

  /** Deploys the scenes from a repository; `at` is unix seconds. */
  static async start(scenes: readonly Scene[], at: number): Promise<Loop> {
    await prepareCluster();
    let time = at;
    const repository = await startRepository(
      async (checkout) => {
        for (const scene of scenes) await writeFile(join(checkout, fileOf(scene.name)), manifestOf(scene));
      },
      { clock: () => new Date(time++ * 1000).toISOString().replace('.000', '') },
    );
    const setClock = (next: number) => {
      time = next;
    };
    const loop = new Loop(repository, setClock, scenes);
    for (const { name } of scenes) await loop.applyMain(name);
    for (const { name, application } of scenes) if (application !== undefined) await track(name, application);
    return loop;
  }

  /** One run of the bundle in a fresh checkout of main, at a time. */
  async run(at: number): Promise<BundleRun> {
    this.setClock(at);
    const workspace = await mkdtemp(join(this.repository.directory, 'workspace-'));
    git('clone', '--quiet', this.repository.bare, workspace);
    const prometheus = await this.tellPast(at);
    const { url } = this.repository.github;
    try {
      return await runBundle({
        workspace,
        inputs: {
          namespaces: NAMESPACE,
          'prometheus-url': prometheus.url,
          at: new Date(at * 1000).toISOString(),
          tighten: 'pull-request',
          'github-token': 'e2e-token',
        },
        env: {
          KUBECONFIG: facts.kubeconfig,
          GITHUB_REPOSITORY: 'pigo/deployments',
          GITHUB_SERVER_URL: url,
          GITHUB_API_URL: url,
          GITHUB_GRAPHQL_URL: `${url}/graphql`,
          MEMORY_INSPECTOR_PACE: 'immediate',
        },
      });
    } finally {
      await prometheus.stop();
    }
  }

  async merge(number: number, at: number): Promise<void> {
    this.setClock(at);
    await this.repository.github.mergePull(number, { method: 'squash', deleteBranch: true });
  }

  /** `kubectl apply` of a workload's manifest on main, from when on the new pod does something else. */
  async rollOut(name: string, course: Course): Promise<void> {
    const old = await this.pastsOf(course.from);
    const ended = old.filter(({ replicaSetOwner }) => replicaSetOwner?.name === name);
    await this.applyMain(name);
    this.left.push(...ended);
    this.courses.set(name, course);
  }

  kill(name: string, at: number): void {
    const course = this.courses.get(name);
    if (course === undefined) throw new Error(`no workload ${name}`);
    this.courses.set(name, { ...course, kills: [...(course.kills ?? []), at] });
  }

  /** The comments of the action on a pull request. */
  commentsOf(number: number): readonly string[] {
    return (this.repository.github.pulls.find((pull) => pull.number === number)?.comments ?? []).map(
      ({ body }) => body,
    );
  }

  readMain(path: string): string {
    return git('-C', this.repository.bare, 'show', `main:${path}`);
  }

  async close(): Promise<void> {
    await this.repository.github.stop();
    await clearCluster();
  }

  private async applyMain(name: string): Promise<void> {
    await admin(['apply', '-f', '-'], this.readMain(fileOf(name)));
    await admin(['rollout', 'status', `deployment/${name}`, '-n', NAMESPACE, '--timeout=60s']);
    await until(`one pod of ${name}`, async () => (await listPods(name)).length === 1);
  }

  /** Writes into the pods' status and into a Prometheus what has happened until a time. */
  private async tellPast(at: number) {
    const stories = this.storiesAt(at);
    const pasts = await this.pastsOf(at);
    for (const pod of await listPods()) {
      const past = pasts.find(({ uid }) => uid === pod.metadata.uid);
      if (past === undefined) continue;
      const patch = JSON.stringify({ status: pastStatus(pod, past, { at, stories }) });
      const target = ['patch', 'pod', past.name, '-n', NAMESPACE];
      await admin([...target, '--subresource=status', '--type=merge', '-p', patch]);
    }
    const directory = await mkdtemp(join(this.repository.directory, 'prometheus-'));
    const data = join(directory, 'data');
    await writeHistory([...this.left, ...pasts].flatMap(podSeries), stretchesUntil(at), { data });
    const prometheus = await startPrometheus({ directory, data });
    return {
      url: prometheus.url,
      async stop() {
        await prometheus.stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  }

  private async pastsOf(at: number): Promise<PodPast[]> {
    const replicaSets = JSON.parse(await admin(['get', 'replicasets', '-n', NAMESPACE, '-o', 'json'])).items;
    return podPasts(await listPods(), replicaSets, { at, stories: this.storiesAt(at), healthy });
  }

  private storiesAt(at: number): Record<string, Story> {
    return Object.fromEntries([...this.courses].map(([name, course]) => [`${NAMESPACE}/${name}`, tell(course, at)]));
  }
}

/** A course up to a time, in hours before it. */
function tell({ from, uses, kills = [] }: Course, at: number): Story {
  const ends = kills.filter((kill) => kill <= at);
  const begins = [from, ...ends];
  return {
    runs: begins.map((begin, index) => {
      const end = ends[index];
      const [first, last] = [begin, end ?? at].map((time) => (time - at) / HOUR) as [number, number];
      return { from: first, to: last, ...(end !== undefined && { ended: 'OOMKilled' as const }) };
    }),
    memory: ({ hours, noise }) => ({ working: uses(at + hours * HOUR) + 3 * noise(), active: 6 }),
  };
}

/** As a Prometheus keeps two weeks: finer, the newer it is. */
function stretchesUntil(at: number) {
  const dense = at - 26 * HOUR;
  return [
    { from: at - 14 * DAY, to: dense, step: 300, block: DAY },
    { from: dense, to: at + 60, step: 60, block: 2 * HOUR },
  ];
}

async function listPods(app?: string): Promise<{ readonly metadata: { readonly uid: string } }[]> {
  const only = app === undefined ? [] : ['-l', `app=${app}`];
  return JSON.parse(await admin(['get', 'pods', '-n', NAMESPACE, ...only, '-o', 'json'])).items;
}

async function prepareCluster(): Promise<void> {
  const namespaces = [NAMESPACE, ARGO];
  await apply(...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
  await admin(['apply', '-f', definitions]);
  await admin(['wait', '--for=condition=Established', '-f', definitions, '--timeout=60s']);
  const documented = (name: string) => readFile(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), 'utf8');
  const roles = [
    (await documented('rbac.yaml')).replaceAll('my-namespace', NAMESPACE),
    (await documented('rbac-gitops.yaml')).replaceAll('my-namespace', ARGO),
  ];
  await admin(['apply', '-f', '-'], roles.join('\n---\n'));
  await until('the service account', () => admin(['get', 'serviceaccount', 'default', '-n', NAMESPACE]).then(Boolean));
}

async function clearCluster(): Promise<void> {
  await admin(['delete', 'namespace', '--ignore-not-found', '--timeout=60s', NAMESPACE, ARGO]);
  // Another file of tests may want them anew at once.
  await admin(['delete', '--ignore-not-found', '--timeout=40s', '-f', definitions]);
}

/** What Argo CD leaves on an object that it has applied, and what its Application says that nobody has synced since. */
async function track(name: string, application: string): Promise<void> {
  const id = `argocd.argoproj.io/tracking-id=${application}:apps/Deployment:${NAMESPACE}/${name}`;
  await admin(['annotate', 'deployment', name, '-n', NAMESPACE, id]);
  await apply({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: application, namespace: ARGO },
    spec: {},
    status: { sync: { status: 'OutOfSync' }, health: { status: 'Healthy' } },
  });
}

const fileOf = (name: string) => `k8s/${name}-of-the-loop.yaml`;

function manifestOf({ name, limit, request }: Scene): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${NAMESPACE}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: ${name}
          image: registry.pigo.example/${name}:1
          resources:
            requests:
              memory: ${request}Mi
            limits:
              memory: ${limit}Mi
`;
}

import { randomUUID } from 'node:crypto';
import type { PullRequestOptions } from '../../src/deliver/delivery-input.ts';
import type { MonitorNeeds } from '../../src/deliver/monitor-needs.ts';
import { deliverMonitorPulls } from '../../src/deliver/monitor-pulls.ts';
import type { Scope } from '../../src/deliver/scope.ts';
import type { Github } from '../../src/github/create-github.ts';
import type { PullRequestResult } from '../../src/model/delivery.ts';
import type { ScrapeFix } from '../../src/model/jvm-metrics.ts';
import type { LocatedMonitor } from '../../src/model/monitor-location.ts';
import { type WorkloadRef, workloadContainerKey } from '../../src/model/workload.ts';
import { readBaseFiles } from '../../src/repository/github-files.ts';
import { OPTIONS } from './scene.ts';

export const API: WorkloadRef = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'api' };
export const API_KEY = workloadContainerKey(API, 'api');
export const BRANCH = 'memory/metrics.shop';

export interface WantedMonitor {
  readonly name?: string;
  readonly namespace?: string;
  readonly path?: string;
}

/** A located new monitor: a file beside the workload's own. */
export function monitorOf({ name = 'api', namespace = 'shop', path = '/metrics' }: WantedMonitor = {}): LocatedMonitor {
  const workload = { ...API, name, namespace };
  const fix: ScrapeFix = {
    kind: 'add monitor',
    namespace,
    name,
    selects: { app: name },
    labels: { release: 'prometheus' },
    port: 'http',
    path,
  };
  const link = { kind: 'no monitor', service: name } as const;
  const file = `k8s/${namespace}/${name}-servicemonitor.yaml`;
  return {
    state: 'located',
    fix,
    mends: [{ state: 'broken', link, fix, workload, container: name, recognised: 'image' }],
    path: file,
    line: 1,
    edits: [],
    newFiles: [{ path: file, text: `kind: ServiceMonitor\nmetadata: {name: ${name}}\nspec: {path: ${path}}\n` }],
    proof: { kind: 'parsed', how: `${file} is a file of its own, which the Argo CD Application shop applies.` },
  };
}

export interface MonitorRun extends Partial<PullRequestOptions> {
  readonly changes?: readonly LocatedMonitor[];
  readonly needs?: Partial<MonitorNeeds>;
  readonly scope?: Partial<Scope>;
  readonly complete?: boolean;
  readonly at?: number;
  readonly besides?: number;
}

/** One run's delivery of monitors from the start. Every container of the changes, and `api`, exists. */
export async function runMonitors(github: Github, options: MonitorRun = {}): Promise<PullRequestResult[]> {
  const { changes = [monitorOf()], needs, scope, complete = true, at = 1e10, besides = 0, ...rest } = options;
  const base = await readBaseFiles(github, { readBytes: () => undefined });
  return deliverMonitorPulls(github, {
    base,
    changes,
    scope: { cluster: rest.clusterName, namespaces: ['*'], except: [], ...scope },
    complete,
    needs: { doubts: new Map(), settled: new Set(), known: new Set([API_KEY]), ...needs },
    at,
    run: randomUUID(),
    options: { ...OPTIONS, ...rest },
    besides,
  });
}

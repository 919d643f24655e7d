import { indexManifests } from '../../../src/manifests/index-manifests.ts';
import { locateMonitors } from '../../../src/manifests/monitors/locate.ts';
import { openTree } from '../../../src/manifests/ways.ts';
import type { ScrapeFix } from '../../../src/model/jvm-metrics.ts';
import type { BrokenMetrics, MonitorLocation } from '../../../src/model/monitor-location.ts';
import type { OriginHints, WorkloadRef } from '../../../src/model/workload.ts';
import { editFile, filesOf, workload } from '../fixtures.ts';
import { testRenderers } from '../test-renderers.ts';

export type AddMonitor = Extract<ScrapeFix, { kind: 'add monitor' }>;
export type ChangeMonitor = Extract<ScrapeFix, { kind: 'change monitor' }>;

export const API: WorkloadRef = { namespace: 'shop', group: 'apps', kind: 'Deployment', name: 'api' };

export function deployment(name: string, namespace?: string): string {
  const where = namespace === undefined ? '' : `, namespace: ${namespace}`;
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}${where}}
spec: {template: {spec: {containers: [{name: ${name}, image: shop/${name}}]}}}
`;
}

export function addFix(change: Partial<AddMonitor> = {}): AddMonitor {
  return {
    kind: 'add monitor',
    namespace: 'shop',
    name: 'api',
    selects: { 'app.kubernetes.io/name': 'api' },
    labels: { release: 'prometheus' },
    port: 'http',
    path: '/actuator/prometheus',
    ...change,
  };
}

export function changeFix(
  change: ChangeMonitor['change'],
  kind: 'ServiceMonitor' | 'PodMonitor' = 'ServiceMonitor',
): ChangeMonitor {
  return { kind: 'change monitor', monitor: { kind, namespace: 'shop', name: 'api' }, change };
}

export function brokenOf(fix: ScrapeFix, ref: WorkloadRef = API): BrokenMetrics {
  const link = { kind: 'no monitor', service: ref.name } as const;
  return { state: 'broken', link, fix, workload: ref, container: ref.name, recognised: 'image' };
}

export interface LocatingOptions {
  readonly hints?: OriginHints;
  readonly clusterName?: string;
  readonly globs?: readonly string[];
}

/** Locates fixes in some files with real renderers. */
export function openLocating() {
  const renderers = testRenderers();
  return async (
    texts: Readonly<Record<string, string>>,
    metrics: readonly BrokenMetrics[],
    { hints = {}, clusterName, globs = [] }: LocatingOptions = {},
  ): Promise<MonitorLocation[]> => {
    const files = filesOf(texts);
    const index = await indexManifests(files, globs);
    const refs = [...new Map(metrics.map((one) => [JSON.stringify(one.workload), one.workload])).values()];
    const workloads = refs.map((ref) => workload(ref, [{ name: ref.name, limit: null, request: null }], { hints }));
    const home = { repository: 'acme/platform', branch: 'main' };
    const context = { files, index, workloads, home, clusterName, kustomize: renderers.kustomize, helm: renderers };
    return locateMonitors(metrics, openTree(context));
  };
}

/** The files that locations change or add, as they become. */
export function applied(texts: Readonly<Record<string, string>>, locations: readonly MonitorLocation[]) {
  const located = locations.filter((one) => one.state === 'located');
  const edits = located.flatMap((one) => one.edits);
  const changed = [...new Set(edits.map(({ path }) => path))].map((path) => [
    path,
    editFile(path, texts[path] ?? '', edits),
  ]);
  const added = located.flatMap(({ newFiles }) => newFiles.map(({ path, text }) => [path, text]));
  return Object.fromEntries([...changed, ...added]);
}

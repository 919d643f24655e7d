import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runBundle } from '../bundle/run-bundle.ts';
import { facts } from './facts.ts';

const MI = 2 ** 20;
const GI = 2 ** 30;

interface Change {
  from?: number;
  to?: number;
}

interface Sized {
  pods: number;
  limit?: Change;
  request?: Change;
}

interface ContainerJson {
  name: string;
  level: string;
  limit?: number;
  percent?: number;
  checks: Record<'usage' | 'trend' | 'sizing' | 'heap', { level: string; text?: string }>;
  suggestion?: { request?: number; limit?: number; delivery: string };
  withheld?: string;
  drifts?: (Sized & { how: string; by?: string })[];
  resizes?: (Sized & { state: string; message?: string })[];
}

interface WorkloadJson {
  namespace: string;
  name: string;
  level: string;
  steeredBy?: string;
  containers: ContainerJson[];
}

let report: { workloads: WorkloadJson[]; notes: { kind: string; text: string }[] };
let markdown: string;

beforeAll(async () => {
  const run = await runBundle({
    inputs: {
      namespaces: facts.sizedNamespaces.join(','),
      'prometheus-url': facts.prometheusUrl,
      at: facts.at,
      'fail-on': 'never',
    },
    env: { KUBECONFIG: facts.kubeconfig },
  });
  expect(run.code, run.log).toBe(0);
  const read = (output: string) => readFileSync(join(run.workspace, run.outputs[output] ?? ''), 'utf8');
  report = JSON.parse(read('report-json-path'));
  markdown = read('report-path');
});

function workload(name: string): WorkloadJson {
  const found = report.workloads.find((one) => `${one.namespace}/${one.name}` === name);
  if (found === undefined) throw new Error(`${name} is not in the report`);
  return found;
}

function container(name: string, containerName = 'app'): ContainerJson {
  const found = workload(name).containers.find((one) => one.name === containerName);
  if (found === undefined) throw new Error(`${name} has no such container`);
  return found;
}

describe('pods resized in place through the API server, read with the documented smallest role', () => {
  it('are complete, and only what that role leaves out is said', () => {
    expect(report.notes.filter(({ kind }) => kind === 'incomplete')).toEqual([]);
    expect(report.notes.filter(({ text }) => text.includes('could not be read'))).toEqual([
      expect.objectContaining({ text: expect.stringContaining('Nodes could not be read') }),
    ]);
  });

  it('are judged by the limit in force, and the manifest catches up with it', () => {
    expect(container('resized/outgrown')).toMatchObject({
      level: 'yellow',
      limit: GI,
      checks: { usage: { level: 'green' }, sizing: { level: 'yellow' } },
      drifts: [
        {
          how: 'in place',
          by: 'kubectl-patch',
          pods: 1,
          limit: { from: 600 * MI, to: GI },
          request: { from: 300 * MI },
        },
      ],
      suggestion: { limit: GI, request: 600 * MI, delivery: 'change' },
    });
    expect(markdown).toContain('manifest: 600Mi');
  });

  it('after an OOM kill get no less in the manifest than they have now', () => {
    expect(container('resized/raised-after-oom')).toMatchObject({
      level: 'red',
      limit: 1536 * MI,
      drifts: [{ pods: 2, limit: { from: GI, to: 1536 * MI } }],
      suggestion: { limit: 1536 * MI, request: 768 * MI },
    });
  });

  it('that wait for their node are red by what they have, whatever the exporter says', () => {
    const found = container('resized/no-room');
    expect(found).toMatchObject({ level: 'red', limit: GI, checks: { usage: { level: 'red' } } });
    expect(found.drifts).toBeUndefined();
    expect(found.resizes).toEqual([
      {
        state: 'deferred',
        message: 'Node did not have enough resource: memory, requested: 512',
        limit: { from: GI, to: 8 * GI },
        pods: 1,
      },
    ]);
  });

  it('by a VPA are left to it, by name', () => {
    expect(workload('resized/autosized').steeredBy).toBe('VPA');
    const found = container('resized/autosized');
    expect(found.drifts).toMatchObject([{ how: 'in place', by: 'VPA (InPlaceOrRecreate)' }]);
    expect(found.suggestion).toBeUndefined();
  });

  it('are not those that a LimitRange sizes', () => {
    const found = container('resized/defaulted');
    expect(found).toMatchObject({ level: 'green', limit: 512 * MI });
    expect(found.drifts).toBeUndefined();
  });
});

describe('pods that have a limit as a whole', () => {
  it('are judged by what their containers use together', () => {
    expect(container('bounded/together', '(pod)')).toMatchObject({
      level: 'red',
      limit: GI,
      percent: 87.9,
      suggestion: { limit: 1280 * MI, delivery: 'change' },
    });
    expect(container('bounded/roomy', '(pod)')).toMatchObject({ level: 'green', limit: GI });
  });

  it('leave their containers no limit to miss, and the sidecar its own', () => {
    expect(container('bounded/together', 'app')).toMatchObject({ limit: GI, checks: { sizing: { level: 'green' } } });
    expect(container('bounded/roomy')).toMatchObject({ level: 'green', limit: GI });
    expect(container('bounded/together', 'sidecar')).toMatchObject({ level: 'green', limit: 256 * MI });
  });
});

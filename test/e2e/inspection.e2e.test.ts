import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BundleRun, runBundle } from '../bundle/run-bundle.ts';
import { type } from '../bundle/type-command.ts';
import { facts } from './facts.ts';

interface CheckJson {
  level: string;
}

interface ContainerJson {
  name: string;
  level: string;
  checks: Record<'usage' | 'trend' | 'sizing' | 'heap', CheckJson>;
  suggestion?: { request?: number; limit?: number };
  pattern?: string;
}

interface ReportJson {
  verdict: string;
  queries: number;
  access: { way: string; through: string };
  totals: { total: number };
  notes: { kind: string; text: string }[];
  workloads: { namespace: string; kind: string; name: string; level: string; containers: ContainerJson[] }[];
}

const MI = 2 ** 20;

function inspect(inputs: Record<string, string> = {}, kubeconfig = facts.kubeconfig): Promise<BundleRun> {
  return runBundle({
    inputs: {
      namespaces: facts.namespaces.join(','),
      'prometheus-url': facts.prometheusUrl,
      at: facts.at,
      record: 'case.json.gz',
      ...inputs,
    },
    env: { KUBECONFIG: kubeconfig },
  });
}

function reportOf(run: BundleRun): ReportJson {
  return JSON.parse(readFileSync(join(run.workspace, run.outputs['report-json-path'] ?? ''), 'utf8'));
}

function workload(report: ReportJson, name: string) {
  const found = report.workloads.find((one) => `${one.namespace}/${one.name}` === name);
  if (found === undefined) throw new Error(`${name} is not in the report`);
  return found;
}

function container(report: ReportJson, name: string, containerName?: string): ContainerJson {
  const { containers } = workload(report, name);
  const found = containers.find((one) => containerName === undefined || one.name === containerName);
  if (found === undefined) throw new Error(`${name} has no such container`);
  return found;
}

describe('the bundle on the pigo cluster, with the documented smallest role', () => {
  let run: BundleRun;
  let report: ReportJson;

  beforeAll(async () => {
    run = await inspect();
    report = reportOf(run);
  });

  it('reaches Prometheus through a pod, with at most 26 queries', () => {
    expect(run.outputs).toMatchObject({ outcome: 'findings', verdict: 'red' });
    expect(report.access.way).toBe('exec');
    expect(report.queries).toBeLessThanOrEqual(26);
    expect(report.notes.filter(({ kind }) => kind === 'incomplete')).toEqual([]);
  });

  it('sees nacos at its limit and says what it needs', () => {
    expect(container(report, 'pigo-rel/nacos')).toMatchObject({
      level: 'red',
      checks: { usage: { level: 'red' }, sizing: { level: 'red' } },
      suggestion: { limit: 2560 * MI, request: 1536 * MI },
    });
  });

  it('sees the JVM of pigo-api where its metrics are, and asks for nothing where they are not', async () => {
    expect(container(report, 'pigo-rel/pigo-api')).toMatchObject({
      level: 'yellow',
      checks: { heap: { level: 'green' } },
    });
    const before = reportOf(await inspect({ at: facts.atBeforeJvm, 'fail-on': 'never' }));
    expect(container(before, 'pigo-rel/pigo-api').checks.heap).toMatchObject({ applies: false });
    expect(before.notes.filter(({ kind }) => kind === 'incomplete')).toEqual([]);
  });

  it.each([
    ['steady-leak', 'red', { trend: 'red' }],
    ['slow-leak', 'red', { trend: 'red' }],
    ['oom-leak', 'red', { trend: 'red', usage: 'red' }],
    ['oom-three-weeks-ago', 'green', {}],
    ['page-cache-growth', 'yellow', { trend: 'yellow' }],
    ['page-cache-full', 'yellow', { usage: 'yellow' }],
    ['warm-up', 'yellow', { trend: 'yellow' }],
    ['daily-wave', 'yellow', { trend: 'yellow' }],
    ['noisy-flat', 'green', { trend: 'green' }],
    ['young-pod', 'unknown', { trend: 'unknown' }],
    ['crash-loop', 'unknown', {}],
    ['no-limit', 'yellow', { usage: 'unknown', sizing: 'yellow' }],
    ['no-request', 'yellow', { sizing: 'yellow' }],
    ['over-provisioned', 'yellow', { sizing: 'yellow' }],
    ['one-high-replica', 'red', { usage: 'red' }],
    ['two-exporters', 'green', {}],
    ['just-restarted', 'green', { usage: 'green' }],
    ['ledger', 'green', {}],
    ['node-agent', 'green', {}],
    ['one-off-tool', 'green', {}],
  ] as const)('finds %s %s', (name, level, checks) => {
    const found = workload(report, `hard-cases/${name}`);
    expect(found.level).toBe(level);
    for (const [check, expected] of Object.entries(checks)) {
      expect(found.containers[0]?.checks[check as keyof ContainerJson['checks']].level, check).toBe(expected);
    }
  });

  it('judges a native sidecar by its own limit', () => {
    expect(container(report, 'hard-cases/native-sidecar', 'log-shipper')).toMatchObject({
      level: 'red',
      checks: { usage: { level: 'red' } },
    });
  });

  it('ignores what its own annotation asks to ignore, and says which annotation ignores nothing', () => {
    expect(container(report, 'hard-cases/accepted-leak')).toMatchObject({
      level: 'green',
      checks: { trend: { level: 'red' } },
      ignored: { reason: 'rewritten in spring', until: '9999-12-31' },
    });
    expect(report.notes).toContainEqual({
      kind: 'info',
      text: expect.stringMatching(/memory-inspector\/ignore\.sidecar of Deployment hard-cases\/accepted-leak/),
    });
  });

  it('leaves Jobs out', () => {
    expect(report.workloads.filter(({ kind }) => /Job/.test(kind))).toEqual([]);
  });

  it('says the same from a terminal', async () => {
    const words = [
      '--namespaces',
      facts.namespaces.join(','),
      '--prometheus-url',
      facts.prometheusUrl,
      '--at',
      facts.at,
    ];
    const typed = await type([...words, '--json'], { env: { KUBECONFIG: facts.kubeconfig } });
    expect(typed.code, typed.err).toBe(2);
    const { verdict, totals, workloads }: ReportJson = JSON.parse(typed.out);
    expect({ verdict, totals }).toEqual({ verdict: report.verdict, totals: report.totals });
    expect(workloads).toEqual(report.workloads);
    expect(typed.err).toMatch(/Querying Prometheus: \d+ containers measured, \d+ queries via exec/);
  });

  it('says the same of its recording, without a cluster', async () => {
    const recording = readFileSync(join(run.workspace, 'case.json.gz'));
    const again = await runBundle({ inputs: { recording: 'again.json.gz' }, files: { 'again.json.gz': recording } });
    for (const path of again.written) {
      expect(readFileSync(join(again.workspace, path), 'utf8')).toBe(readFileSync(join(run.workspace, path), 'utf8'));
    }
    expect(again.written).toHaveLength(3);
  });
});

describe('the bundle on the pigo cluster, with other rights and wishes', () => {
  it('finds Prometheus by its label where it may look for it, and all namespaces', async () => {
    const run = await inspect({ namespaces: '', 'prometheus-url': '', 'fail-on': 'never' }, facts.clusterKubeconfig);
    expect(run.code, run.log).toBe(0);
    expect(reportOf(run).totals.total).toBeGreaterThan(50);
  });

  it('is refused a namespace that it may not read, with the role that would do', async () => {
    const run = await inspect({ namespaces: 'monitoring' });
    expect(run.outputs.outcome).toBe('error');
    expect(run.errors).toEqual([expect.stringMatching(/list.*pods.*monitoring/s)]);
    expect(run.written).toEqual([]);
  });

  it('ends as incomplete where one of several namespaces may not be read, unless that is allowed', async () => {
    const inputs = { namespaces: 'pigo-dev,monitoring', 'fail-on': 'never' };
    const run = await inspect(inputs);
    expect(run.outputs.outcome).toBe('incomplete');
    expect(run.code).toBe(1);
    expect(run.errors.at(-1)).toMatch(/monitoring.*allow-incomplete/s);
    const allowed = await inspect({ ...inputs, 'allow-incomplete': 'true' });
    expect(allowed.outputs.outcome).toBe('incomplete');
    expect(allowed.code).toBe(0);
  });

  it('is told that a forbidden way cannot be used', async () => {
    const run = await inspect({ 'prometheus-access': 'service-proxy' });
    expect(run.errors).toEqual([expect.stringMatching(/services\/proxy/)]);
  });
});

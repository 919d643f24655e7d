import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GithubServer } from '../github-server/server.mjs';
import { type Ended, facts, kubectl } from './facts.ts';
import { until } from './testbed/processes.mjs';
import { startLaterPrometheus } from './workflow/later-history.ts';
import { addWorkflow, runWorkflow } from './workflow/run-workflow.ts';
import { git, startRepository } from './workflow/start-repository.ts';

let directory: string;
let checkout: string;
let bare: string;
let github: GithubServer;

async function run(given: Partial<Parameters<typeof runWorkflow>[0]> = {}): Promise<Ended> {
  return runWorkflow({
    checkout,
    at: facts.at,
    namespaces: ['pigo-dev', 'pigo-stg', 'pigo-rel'],
    prometheusUrl: facts.prometheusUrl,
    kubeconfig: facts.kubeconfig,
    api: github.url,
    repository: 'pigo/deployments',
    ...given,
  });
}

beforeAll(async () => {
  ({ directory, checkout, bare, github } = await startRepository(addWorkflow));
});

afterAll(() => github?.stop());

describe('the example workflow on the pigo cluster', { timeout: 300_000 }, () => {
  it('shows a change as a diff that git applies, and writes nothing, in a dry run', async () => {
    const before = git('-C', bare, 'for-each-ref');
    const ended = await run({ dryRun: true });
    expect(git('-C', bare, 'for-each-ref')).toBe(before);
    expect(github.pulls).toEqual([]);
    const lines = ended.stdout.split('\n').map((line) => line.replace(/^\[[^\]]*\] *\| ?/, ''));
    const from = lines.findIndex((line) => /^`{3,}diff/.test(line));
    const fence = lines[from]?.replace('diff', '') ?? '```';
    const diff = `${lines.slice(from + 1, lines.indexOf(fence, from)).join('\n')}\n`;
    await writeFile(join(directory, 'dry-run.diff'), diff);
    git('-C', checkout, 'apply', '--check', join(directory, 'dry-run.diff'));
    expect(diff).toContain('+              memory: 2560Mi');
  });

  it('fails the job on red, with the report on main and one pull request that changes two lines', async () => {
    const ended = await run();
    expect(ended.code, ended.stdout).not.toBe(0);
    expect(ended.stdout).toContain('::error');
    expect(ended.stdout).toMatch(/Prometheus: .* queries via exec/);
    const report = git('-C', bare, 'show', 'main:reports/memory/2026-11-24.md');
    expect(report).toContain('**2017Mi of 2000Mi (100.8 %)**');
    expect(report).toContain('1450Mi of 2048Mi (70.8 %)');
    expect(report).toContain('/pull/1');
    expect(github.pulls.map(({ title, state }) => ({ title, state }))).toEqual([
      { title: 'Raise memory of pigo-rel/nacos: limit 2000Mi → 2560Mi, request 1000Mi → 1536Mi', state: 'open' },
    ]);
    const changed = git('-C', bare, 'diff', '--unified=0', `main~1...${github.pulls[0]?.head}`);
    const lines = changed.split('\n').filter((line) => /^[+-](?![+-])/.test(line));
    expect(lines.map((line) => line.replace(/\s+/g, ' ').replace(/ #.*/, ''))).toEqual([
      '- memory: 1000Mi',
      '+ memory: 1536Mi',
      '- memory: 2000Mi',
      '+ memory: 2560Mi',
    ]);
    expect(changed.match(/^diff --git .*$/gm)).toEqual([
      'diff --git a/k8s/pigo-rel/nacos.yaml b/k8s/pigo-rel/nacos.yaml',
    ]);
    git('-C', bare, 'fsck', '--strict');
  });

  it('changes nothing in a second run', async () => {
    const before = git('-C', bare, 'for-each-ref');
    await run();
    expect(git('-C', bare, 'for-each-ref')).toBe(before);
    expect(github.pulls).toHaveLength(1);
  });

  it('finds nacos no longer red once the change is merged and rolled out', async () => {
    await github.mergePull(1, { method: 'squash' });
    const manifest = join(directory, 'nacos.yaml');
    await writeFile(manifest, git('-C', bare, 'show', 'main:k8s/pigo-rel/nacos.yaml'));
    const applied = await kubectl(['apply', '-f', manifest], facts.adminKubeconfig);
    expect(applied.stdout).toContain('configured');
    await until('the new pod', async () => {
      const status = await kubectl(
        ['rollout', 'status', 'deployment/nacos', '-n', 'pigo-rel', '--timeout=1s'],
        facts.adminKubeconfig,
      );
      return status.stdout.includes('successfully rolled out');
    });
    const at = Date.parse(facts.at) / 1000 + 86_400;
    const later = await startLaterPrometheus({ at, namespace: 'pigo-rel', rolledOut: 'pigo-rel/nacos', hoursAgo: 20 });
    try {
      const ended = await run({
        at: new Date(at * 1000).toISOString(),
        namespaces: ['pigo-rel'],
        prometheusUrl: later.url,
      });
      expect(ended.code, ended.stdout).toBe(0);
    } finally {
      await later.stop();
    }
    const report = JSON.parse(git('-C', bare, 'show', 'main:reports/memory/2026-11-25.json'));
    const nacos = report.workloads.find((one: { name: string }) => one.name === 'nacos');
    expect(nacos).toMatchObject({ level: 'yellow', containers: [{ limit: 2560 * 2 ** 20 }] });
    expect(report.verdict).not.toBe('red');
    expect(github.pulls).toHaveLength(1);
  });
});

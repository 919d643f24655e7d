import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBundle } from '../bundle/run-bundle.ts';
import type { Tree } from '../gate/import-commits.ts';
import { type Change, type GateEvent, openPullRequest } from '../gate/pull-request.ts';
import { facts } from './facts.ts';
import { runAct, userWorkflow } from './workflow/run-act.ts';

const WORKFLOW = '.github/workflows/memory-gate.yml';
const NACOS = 'k8s/pigo-rel/nacos.yaml';
const NAMESPACES = ['pigo-dev', 'pigo-rel'];

/** The files below a folder, by their paths within it. */
function treeOf(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

/** What the testbed's cluster was deployed from, with the gate; looked at as of the end of the history. */
async function repositoryOf(): Promise<Record<string, string>> {
  const config = { '.github/memory-inspector.yml': `at: ${facts.at}\n` };
  return { ...treeOf(facts.manifests), ...config, [WORKFLOW]: await userWorkflow(WORKFLOW) };
}

function sized(text: string | undefined, from: string, to: string): string {
  if (!text?.includes(from)) throw new Error(`no ${from} in the manifest`);
  return text.replace(from, to);
}

/** The user's own workflow on a pull request, with act; from a fork, without its secrets. */
async function judge(branches: { readonly base: Tree; readonly head: Change }, event: GateEvent = {}) {
  const pull = await openPullRequest(branches);
  try {
    const checkout = await mkdtemp(join(facts.directory, 'pull-request-'));
    const { payload } = pull.checkOut(checkout, event);
    pull.github.state.readOnly = event.from === 'fork';
    const ended = await runAct('pull_request', {
      checkout,
      kubeconfig: event.from === 'fork' ? undefined : facts.kubeconfig,
      api: pull.github.url,
      repository: `${pull.github.owner}/${pull.github.repo}`,
      variables: { MEMORY_NAMESPACES: NAMESPACES.join(', '), PROMETHEUS_URL: facts.prometheusUrl },
      args: ['--eventpath', payload],
    });
    const comments = pull.github.pulls[0]?.comments.map(({ body }) => body) ?? [];
    return { code: ended.code, log: ended.stdout, comments };
  } finally {
    await pull.close();
  }
}

describe('the example workflow of the gate on the pigo cluster', () => {
  it('fails a pull request that would get nacos killed, on the line that lowers its limit', async () => {
    const base = await repositoryOf();
    const head = { [NACOS]: sized(base[NACOS], 'memory: 2000Mi', 'memory: 1792Mi') };
    const { code, log, comments } = await judge({ base, head });
    expect(code, log).not.toBe(0);
    expect(log).toMatch(new RegExp(`::error .*file=${NACOS},line=34`));
    expect(comments).toHaveLength(1);
    expect(comments[0]).toContain('2022Mi');
  });

  it('passes one that only gives game-api more, without a word', async () => {
    const base = await repositoryOf();
    const path = 'k8s/pigo-rel/game-api.yaml';
    const { code, log, comments } = await judge({ base, head: { [path]: sized(base[path], '1536Mi', '2Gi') } });
    expect(code, log).toBe(0);
    expect(log).not.toMatch(/::(error|warning)/);
    expect(comments).toEqual([]);
  });

  it('judges one from a fork by the report of the base, without secrets and without a comment', async () => {
    const inspected = await runBundle({
      inputs: { namespaces: NAMESPACES.join(','), 'prometheus-url': facts.prometheusUrl, at: facts.at },
      env: { KUBECONFIG: facts.kubeconfig },
    });
    const reports = treeOf(join(inspected.workspace, 'reports'));
    const base = {
      ...(await repositoryOf()),
      ...Object.fromEntries(Object.entries(reports).map(([path, text]) => [`reports/${path}`, text])),
    };
    const head = { [NACOS]: sized(base[NACOS], 'memory: 2000Mi', 'memory: 1792Mi') };
    const { code, log, comments } = await judge({ base, head }, { from: 'fork' });
    expect(code, log).not.toBe(0);
    expect(log).toMatch(new RegExp(`::error .*file=${NACOS},line=34`));
    expect(log).toContain('2026-11-24');
    expect(comments).toEqual([]);
  });

  it('tells for which environment a shared base is too small', async () => {
    const files = await repositoryOf();
    const shared = sized(files[NACOS], '  namespace: pigo-rel\n', '');
    const overlay = (namespace: string) => `namespace: ${namespace}\nresources:\n  - ../base\n`;
    const base: Change = {
      ...{ ...files, [NACOS]: null, 'k8s/pigo-dev/nacos.yaml': null },
      'nacos/base/kustomization.yaml': 'resources:\n  - nacos.yaml\n',
      'nacos/base/nacos.yaml': sized(shared, 'memory: 2000Mi', 'memory: 2560Mi'),
      'nacos/dev/kustomization.yaml': overlay('pigo-dev'),
      'nacos/rel/kustomization.yaml': overlay('pigo-rel'),
    };
    const there = Object.fromEntries(Object.entries(base).filter(([, text]) => text !== null)) as Tree;
    const { code, log, comments } = await judge({ base: there, head: { 'nacos/base/nacos.yaml': shared } });
    expect(code, log).not.toBe(0);
    expect(log).toMatch(/::error .*file=nacos\/base\/nacos\.yaml,line=33/);
    expect(comments[0]).toMatch(/🔴.*pigo-rel/);
    expect(comments[0]).toMatch(/🟢.*pigo-dev/);
  });

  it('passes one that changes no manifest without asking the cluster', async () => {
    const base = { ...(await repositoryOf()), 'README.md': 'Deployments\n' };
    const { code, log, comments } = await judge({ base, head: { 'README.md': 'What we deploy\n' } });
    expect(code, log).toBe(0);
    expect(log).not.toContain('Querying Prometheus');
    expect(comments).toEqual([]);
  });
});

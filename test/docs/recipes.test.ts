import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getOctokit } from '@actions/github';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeChatMessage } from '../../src/formats/message.ts';
import { messageOutputs } from '../../src/formats/message-outputs.ts';
import type { Inspection } from '../../src/model/inspection.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { contextOf, FULL, hostileInspection, mixedInspection, TIGHT } from '../formats/scenes.ts';
import { type GithubServer, startGithubServer } from '../github-server/server.mjs';
import { makeInput, makeInspection } from '../report/make-inspection.ts';

interface Step {
  readonly name?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

function stepOf(workflow: string, name: string): Step {
  const { jobs } = parse(readFileSync(`${root}/docs/workflows/${workflow}.yml`, 'utf8'));
  const step = jobs.inspect.steps.find((one: Step) => one.name === name);
  expect(step).toBeDefined();
  return step;
}

describe('the recipe for issues', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'recipes-'));
  const script = stepOf('memory-issues', 'Keep an issue for each red workload').with?.script ?? '';
  let server: GithubServer;

  beforeAll(async () => {
    const gitDir = join(workspace, 'bare');
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', gitDir]);
    server = await startGithubServer({ gitDir });
    mkdirSync(join(workspace, 'reports/memory'), { recursive: true });
  });
  afterAll(() => server.stop());

  /** As actions/github-script runs it; it gives a script its client, its context and `require`. */
  async function keep(inspection: Inspection, mostNew = 20) {
    const { json, jsonParts } = buildReport(makeInput(inspection));
    for (const { path, text } of [json, ...jsonParts]) writeFileSync(join(workspace, path), text);
    const environment = {
      GITHUB_WORKSPACE: workspace,
      REPORT: json.path,
      LABEL: 'memory-at-risk',
      MOST_NEW: String(mostNew),
    };
    const AsyncFunction = (async () => {}).constructor as new (
      ...names: string[]
    ) => (...values: unknown[]) => Promise<void>;
    const github = getOctokit('token', { baseUrl: server.url });
    const run = new AsyncFunction('github', 'context', 'require', 'process', script);
    await run(github, { repo: { owner: 'acme', repo: 'infra' } }, createRequire(import.meta.url), { env: environment });
    return server.state.issues;
  }

  const only = (spec: typeof FULL) => makeInspection([{ namespace: 'shop', name: 'cart', pods: { 'cart-1': [spec] } }]);

  it('opens one issue a red workload, once, updates it, closes it when green and opens it again', async () => {
    const [issue, ...others] = await keep(only(FULL));
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ title: 'Memory at risk: shop/cart', state: 'open' });
    expect(issue?.body).toContain('`app`, usage: 98.6 %');
    expect(await keep(only({ ...FULL, used: 500 }))).toHaveLength(1);
    expect(server.state.issues[0]?.body).toContain('usage: 97.7 %');
    await keep(only(TIGHT));
    expect(server.state.issues[0]?.state).toBe('closed');
    await keep(only(FULL));
    expect(server.state.issues.map(({ state }) => state)).toEqual(['open']);
  });

  it('leaves alone what a person closed as not planned, and what is not its own', async () => {
    Object.assign(server.state.issues[0] ?? {}, { state: 'closed', state_reason: 'not_planned' });
    const body = server.state.issues[0]?.body ?? '';
    const labels = [{ name: 'memory-at-risk' }];
    const user = { login: 'mallory', type: 'User' } as const;
    server.state.issues.push({ number: 99, title: 'mine', body, state: 'open', state_reason: null, labels, user });
    await keep(only(FULL));
    expect(server.state.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
    await keep(only(TIGHT));
    expect(server.state.issues[1]?.state).toBe('open');
  });

  it('opens an issue for the longest names that Kubernetes takes', async () => {
    const [namespace, name] = ['n'.repeat(63), 'd'.repeat(253)];
    const issues = await keep(makeInspection([{ namespace, name, pods: { 'pod-1': [FULL] } }]));
    expect(issues.at(-1)?.title).toMatch(/^Memory at risk: n{63}\/d+/);
    expect(issues.at(-1)?.body).toContain(`\`${namespace}/${name}\``);
  });

  it('opens no more at once than a run may, and the others with the next', async () => {
    const names = ['a', 'b', 'c'];
    const specs = names.map((name) => ({ namespace: 'many', name, pods: { [`${name}-1`]: [FULL] } }));
    const before = server.state.issues.length;
    expect(await keep(makeInspection(specs), 2)).toHaveLength(before + 2);
    expect(await keep(makeInspection(specs), 2)).toHaveLength(before + 3);
  });

  it('refers to no other issue by the short form that GitHub links', async () => {
    const issues = await keep(hostileInspection('GH-1 and gh-2'));
    const { title = '', body = '' } = issues.at(-1) ?? {};
    expect(`${title}${body}`).not.toMatch(/\bgh-\d/i);
  });

  it('mentions nobody and closes no comment, whatever a cluster says', async () => {
    const issues = await keep(hostileInspection('@acme/all #1 --> <b> `x` [y](https://example.invalid)\n# z'));
    const { title = '', body = '' } = issues.at(-1) ?? {};
    expect(`${title}${body}`.replace(/<!-- memory-at-risk [0-9a-f]{64} -->/, '')).not.toMatch(/[@#<>[\]]|:\/\//);
  });
});

it('the recipe for Slack makes a payload of the outputs', () => {
  const outputs = messageOutputs(writeChatMessage(contextOf(mixedInspection()), {}));
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: expressions of a workflow
  const payload = (stepOf('memory-slack', 'Tell Slack').with?.payload ?? '')
    .replace('${{ toJSON(steps.memory.outputs.headline) }}', () => JSON.stringify(outputs.headline))
    .replace('${{ steps.memory.outputs.blocks-json }}', () => outputs['blocks-json']);
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: expressions of a workflow
  expect(JSON.parse(payload)).toMatchObject({ text: outputs.headline, blocks: [{ type: 'header' }, {}, {}, {}] });
});

it('every workflow is named in a document, and its inputs are those of the action', () => {
  const documents = ['RECIPES.md', 'SCHEDULES.md', 'GATE.md']
    .map((name) => readFileSync(`${root}/docs/${name}`, 'utf8'))
    .join('\n');
  const { inputs } = parse(readFileSync(`${root}/action.yml`, 'utf8'));
  for (const file of readdirSync(`${root}/docs/workflows`)) {
    expect(documents).toContain(`workflows/${file}`);
    const { jobs } = parse(readFileSync(`${root}/docs/workflows/${file}`, 'utf8'));
    for (const { steps } of Object.values<{ steps: readonly (Step & { uses?: string })[] }>(jobs)) {
      const own = steps.filter(({ uses }) => uses?.includes('kubernetes-memory-inspector'));
      for (const key of own.flatMap((step) => Object.keys(step.with ?? {}))) expect(Object.keys(inputs)).toContain(key);
    }
  }
});

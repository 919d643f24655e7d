import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type BundleRun, runBundle } from '../bundle/run-bundle.ts';
import type { FakePull } from '../github-server/server.mjs';
import { facts } from './facts.ts';
import { git, type Repository, startRepository } from './workflow/start-repository.ts';

const helm = join(facts.binDirectory, 'helm');

/** The namespace does not say which environment's values are deployed to it. */
const CONFIG = `helm-releases:
  - {release: shop, namespace: hard-cases, chart: charts/shop, values: [charts/shop/values-rel.yaml]}
`;

let repository: Repository;
let ended: BundleRun;

/** Every file of a folder by its path. */
function read(folder: string): Record<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

async function inspect(): Promise<BundleRun> {
  const { checkout, directory, github } = repository;
  const runnerTemp = join(directory, 'runner-temp');
  await mkdir(runnerTemp);
  return runBundle({
    inputs: {
      namespaces: 'hard-cases',
      'prometheus-url': facts.prometheusUrl,
      at: facts.at,
      'pull-request-limit': '50',
      'github-token': 'x',
    },
    files: { ...read(checkout), '.github/memory-inspector.yml': CONFIG },
    env: {
      PATH: `${facts.binDirectory}:${process.env.PATH}`,
      KUBECONFIG: facts.kubeconfig,
      RUNNER_TEMP: runnerTemp,
      GITHUB_REPOSITORY: 'pigo/deployments',
      GITHUB_SERVER_URL: 'https://github.example.invalid',
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
      MEMORY_INSPECTOR_PACE: 'immediate',
    },
  });
}

beforeAll(async () => {
  repository = await startRepository();
  ended = await inspect();
});

afterAll(() => repository?.github.stop());

/** The pull request for a workload, with its branch checked out. */
function pullRequestFor(name: string): { pull: FakePull; branch: string } {
  const { bare, directory, github } = repository;
  const pull = github.pulls.find(({ title }) => title.startsWith(`Raise memory of ${name} `));
  if (pull === undefined) throw new Error(`no pull request for ${name}:\n${ended.log}`);
  const branch = join(directory, `pull-${pull.number}`);
  if (!existsSync(branch)) git('clone', '--quiet', '--branch', pull.head, bare, branch);
  return { pull, branch };
}

/** What a branch changes, as the hunks' lines below the file's name. */
function changesOf(pull: FakePull): string[] {
  const diff = git('-C', repository.bare, 'diff', '--unified=0', `main...${pull.head}`);
  return diff.split('\n').filter((line) => /^(diff|[+-](?![+-]))/.test(line));
}

function kustomize(checkout: string, overlay: string): string {
  const args = ['kustomize', join(checkout, 'kustomize/catalog/overlays', overlay)];
  return execFileSync(facts.kubectl, args, { encoding: 'utf8' });
}

function helmTemplate(checkout: string, environment: string): string {
  const chart = join(checkout, 'charts/shop');
  const args = ['template', 'shop', chart, '--namespace', 'hard-cases'];
  return execFileSync(helm, [...args, '--values', join(chart, `values-${environment}.yaml`)], { encoding: 'utf8' });
}

/** The lines that differ, as `before → after`; where lines were added or removed, that instead. */
function compare(before: string, after: string): string[] {
  const [from, to] = [before.split('\n'), after.split('\n')];
  if (from.length !== to.length) return [`${from.length} lines → ${to.length} lines`];
  return from.flatMap((line, index) => (line === to[index] ? [] : [`${line.trim()} → ${to[index]?.trim()}`]));
}

/** The memory limit of a deployment's only container, from what a render gave. */
function limitOf(rendered: string, name: string): unknown {
  const found = parseAllDocuments(rendered).find((document) => document.getIn(['metadata', 'name']) === name);
  return found?.getIn(['spec', 'template', 'spec', 'containers', 0, 'resources', 'limits', 'memory']);
}

describe('a workload that Kustomize deployed', () => {
  it('gets a pull request that changes one line of the patch in its overlay', () => {
    const { pull } = pullRequestFor('hard-cases/catalog');
    expect(pull.title).toContain('limit 512Mi → 576Mi');
    expect(changesOf(pull)).toEqual([
      'diff --git a/kustomize/catalog/overlays/rel/memory.yaml b/kustomize/catalog/overlays/rel/memory.yaml',
      '-              memory: 512Mi # since the spring collection',
      '+              memory: 576Mi # since the spring collection',
    ]);
  });

  it('has the proof in it', () => {
    expect(pullRequestFor('hard-cases/catalog').pull.body).toContain(
      'kustomize/catalog/overlays/rel was rendered with kubectl kustomize before and after: 1 container changed, nothing else.',
    );
  });

  it('is rendered with the new limit from the branch, and its sibling as before', () => {
    const { branch } = pullRequestFor('hard-cases/catalog');
    const { checkout } = repository;
    const after = kustomize(branch, 'rel');
    expect(limitOf(after, 'catalog')).toBe('576Mi');
    expect(compare(kustomize(checkout, 'rel'), after)).toEqual(['memory: 512Mi → memory: 576Mi']);
    expect(kustomize(branch, 'dev')).toBe(kustomize(checkout, 'dev'));
  });
});

describe('a workload that Helm deployed', () => {
  it('gets a pull request that changes one key of the values of its environment', () => {
    const { pull } = pullRequestFor('hard-cases/shop-checkout');
    expect(pull.title).toContain('limit 256Mi → 320Mi');
    expect(changesOf(pull)).toEqual([
      'diff --git a/charts/shop/values-rel.yaml b/charts/shop/values-rel.yaml',
      '-      memory: 256Mi # twice the default: more payments at a time',
      '+      memory: 320Mi # twice the default: more payments at a time',
    ]);
  });

  it('has the proof in it', () => {
    expect(pullRequestFor('hard-cases/shop-checkout').pull.body).toContain(
      'The Helm release shop in hard-cases was rendered before and after the edit: 1 container changed, nothing else.',
    );
  });

  it('is rendered with the new limit from the branch, and its siblings as before', () => {
    const { branch } = pullRequestFor('hard-cases/shop-checkout');
    const { checkout } = repository;
    const after = helmTemplate(branch, 'rel');
    expect(limitOf(after, 'shop-checkout')).toBe('320Mi');
    expect(limitOf(after, 'shop-storefront')).toBe('256Mi');
    expect(compare(helmTemplate(checkout, 'rel'), after)).toEqual(['memory: 256Mi → memory: 320Mi']);
    expect(helmTemplate(branch, 'dev')).toBe(helmTemplate(checkout, 'dev'));
  });
});

describe('what else was rendered', () => {
  it('has no pull request where nothing is wrong', () => {
    const titles = repository.github.pulls.map(({ title }) => title);
    expect(titles.filter((title) => /catalog-dev|shop-storefront/.test(title))).toEqual([]);
    expect(titles.filter((title) => /catalog|shop-/.test(title))).toHaveLength(2);
  });

  it('leaves nothing in the temporary folder of the runner but the report', () => {
    expect(readdirSync(join(repository.directory, 'runner-temp'))).toEqual(['memory-inspection']);
  });
});

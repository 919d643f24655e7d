import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getOctokit } from '@actions/github';
import { afterEach, expect } from 'vitest';
import { bytes, mebibytes } from '../../src/bytes.ts';
import type { ProposedChange, PullRequestOptions, ReviewEvidence } from '../../src/deliver/delivery-input.ts';
import type { Needs } from '../../src/deliver/needs.ts';
import { deliverPullRequests } from '../../src/deliver/pull-requests.ts';
import type { Scope } from '../../src/deliver/scope.ts';
import { createGithub, type Github, type GithubOptions } from '../../src/github/create-github.ts';
import type { Log } from '../../src/log.ts';
import type { PullRequestResult } from '../../src/model/delivery.ts';
import type { Suggestion } from '../../src/model/suggestion.ts';
import { readBaseFiles } from '../../src/repository/github-files.ts';
import { type FakeFile, type GithubServer, startGithubServer } from '../github-server/server.mjs';
import { type Validation, validateTraffic } from '../github-server/validate.ts';

export const OPTIONS: PullRequestOptions = {
  grouping: 'workload',
  limit: 5,
  branchPrefix: 'memory',
  labels: [],
  reviewers: [],
  teamReviewers: [],
  assignees: [],
  owners: [],
  draft: false,
  dryRun: false,
};

/** The token of a scene's clients where nothing else is said. */
export const TOKEN = 'a-token';

export interface Scene {
  readonly server: GithubServer;
  readonly github: Github;
  readonly gitDir: string;
  readonly warnings: string[];
  /** A client of its own, as another process has it. */
  connect(token?: string, more?: Partial<GithubOptions>): Github;
}

export const NACOS = 'k8s/pigo-rel/nacos.yaml';

/** A manifest with one container's limit and request in Mi. */
export function manifest(name: string, limit: number, request: number): string {
  return `kind: Deployment
metadata:
  name: ${name} # by hand
spec:
  resources:
    limits: {memory: ${limit}Mi}
    requests: {memory: ${request}Mi}
`;
}

const open: { server: GithubServer; validation: Validation; gitDir: string }[] = [];

afterEach(async () => {
  for (const { server, validation, gitDir } of open.splice(0)) {
    await server.stop();
    execFileSync('git', ['--git-dir', gitDir, 'fsck', '--strict', '--no-dangling'], { stdio: 'pipe' });
    rmSync(gitDir, { recursive: true, force: true });
    expect(validation.breaches).toEqual([]);
  }
}, 60_000);

/** A GitHub with a repository behind it. Files are committed to main; without any, the repository is empty. */
export async function openScene(files: Readonly<Record<string, FakeFile>> = defaultFiles()): Promise<Scene> {
  const gitDir = mkdtempSync(join(tmpdir(), 'github-'));
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', gitDir]);
  let tick = Date.parse('2026-01-01T00:00:00Z');
  const clock = () => {
    tick += 60_000;
    return new Date(tick).toISOString().replace('.000', '');
  };
  const server = await startGithubServer({ gitDir, clock });
  if (Object.keys(files).length > 0) await server.commitFiles('main', files, { message: 'Start' });
  const validation = validateTraffic();
  const warnings: string[] = [];
  open.push({ server, validation, gitDir });
  const connect = (token = TOKEN, more: Partial<GithubOptions> = {}) =>
    createGithub(
      {
        token,
        apiUrl: server.url,
        owner: server.owner,
        repo: server.repo,
        fetch: validation.fetch,
        log: logTo(warnings),
        pace: 'immediate',
        ...more,
      },
      getOctokit,
    );
  return { server, github: connect(), gitDir, warnings, connect };
}

/** Another GitHub in the very same state. */
export async function copyScene(original: Scene): Promise<Scene> {
  const copy = await openScene({});
  cpSync(original.gitDir, copy.gitDir, { recursive: true });
  const { pulls, logins, nextNumber, nextComment } = original.server.state;
  copy.server.pulls.push(...structuredClone(pulls));
  for (const [token, login] of logins) copy.server.state.logins.set(token, login);
  Object.assign(copy.server.state, { nextNumber, nextComment });
  return copy;
}

export function defaultFiles(): Record<string, string> {
  return {
    [NACOS]: manifest('nacos', 2000, 1000),
    'k8s/pigo-rel/web.yaml': manifest('web', 500, 100),
    'README.md': 'Hello\n',
  };
}

function logTo(warnings: string[]): Log {
  return { step: () => {}, debug: () => {}, warn: (text) => warnings.push(text), group: (_title, work) => work() };
}

export interface Wanted {
  readonly name?: string;
  readonly namespace?: string;
  /** In Mi. */
  readonly limit?: number;
  readonly request?: number;
  readonly now?: { readonly limit: number; readonly request: number };
  readonly level?: Suggestion['level'];
  readonly direction?: Suggestion['direction'];
  readonly evidence?: ReviewEvidence;
}

/** What the located suggestion for one of the manifests above would be. */
export function changeOf(wanted: Wanted = {}): ProposedChange {
  const {
    name = 'nacos',
    namespace = 'pigo-rel',
    limit = 2560,
    request = 1536,
    level = 'red',
    direction = 'raise',
  } = wanted;
  const now = wanted.now ?? { limit: 2000, request: 1000 };
  const path = `k8s/${namespace}/${name}.yaml`;
  const text = manifest(name, now.limit, now.request);
  const edit = (key: string, from: number, to: number) => {
    const start = text.indexOf(`${from}Mi`, text.indexOf(key));
    return { path, start, end: start + `${from}Mi`.length, replacement: `${to}Mi` };
  };
  const value = (from: number, to: number, why: string) => ({
    from: { state: 'set', bytes: mebibytes(from) } as const,
    to: mebibytes(to),
    why,
  });
  return {
    evidence: wanted.evidence ?? { used: bytes(2017 * 1024 ** 2), pods: 1, strategy: 'RollingUpdate' },
    location: {
      state: 'located',
      path,
      line: 6,
      edits: [edit('limits', now.limit, limit), edit('requests', now.request, request)],
      newFiles: [],
      proof: { kind: 'parsed', how: 'Parsed before and after: 1 container changed, nothing else.' },
      suggestion: {
        workload: { namespace, group: 'apps', kind: 'Deployment', name },
        container: name,
        limit: value(now.limit, limit, 'usage 2017Mi × 1.3, rounded to 256Mi'),
        request: value(now.request, request, 'usage 2017Mi × 0.8, rounded to 256Mi'),
        direction,
        level,
        delivery: { kind: 'change' },
        confidence: { level: 'high', why: '14 days seen, 1 pod, no restarts' },
        notes: [],
      },
    },
  };
}

/** The same change to a file of the same content somewhere else. */
export function moveChange(change: ProposedChange, path: string): ProposedChange {
  const { location } = change;
  return { ...change, location: { ...location, path, edits: location.edits.map((edit) => ({ ...edit, path })) } };
}

/** So many manifests in one namespace, and a change to each; by file and in order. */
export function many(count: number): { files: Record<string, string>; changes: ProposedChange[] } {
  const names = Array.from({ length: count }, (_, index) => `app-${index}`);
  const now = { limit: 100, request: 50 };
  const files = Object.fromEntries(names.map((name) => [`k8s/pigo-rel/${name}.yaml`, manifest(name, 100, 50)]));
  return { files, changes: names.map((name) => changeOf({ name, now, limit: 160, request: 64, level: 'yellow' })) };
}

export interface RunOptions extends Partial<PullRequestOptions> {
  readonly changes?: readonly ProposedChange[];
  /** Without it everything was looked at. */
  readonly scope?: Partial<Scope>;
  readonly complete?: boolean;
  /** What is seen beside the changes. Without it every container that is not proposed for is gone. */
  readonly needs?: Partial<Needs>;
  /** Unix seconds; without it later than everything that has happened. */
  readonly at?: number;
}

const NO_NEEDS: Needs = {
  doubts: new Map(),
  settled: new Set(),
  drifted: new Set(),
  idle: new Set(),
  short: new Set(),
  declared: new Map(),
};

/** One run's delivery from the start: reads the base, then brings the pull requests up to date. */
export async function run(github: Github, options: RunOptions = {}): Promise<PullRequestResult[]> {
  const { changes = [changeOf()], complete = true, needs, at = 1e10, scope: looked, ...rest } = options;
  const base = await readBaseFiles(github, { readBytes: () => undefined });
  const scope = { cluster: rest.clusterName, namespaces: ['*'], except: [], ...looked };
  return deliverPullRequests(github, {
    base,
    changes,
    scope,
    complete,
    needs: { ...NO_NEEDS, ...needs },
    at,
    run: randomUUID(),
    options: { ...OPTIONS, ...rest },
  });
}

export function git(scene: Scene, ...args: string[]): string {
  return execFileSync('git', ['--git-dir', scene.gitDir, ...args], { encoding: 'utf8' }).trimEnd();
}

/** Writes among the requests since `start`. */
export function writesSince(scene: Scene, start: number): string[] {
  return scene.server.requests
    .slice(start)
    .flatMap((request) => (request.write ? [`${request.method} ${request.operation ?? request.path}`] : []));
}

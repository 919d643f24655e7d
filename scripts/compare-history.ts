/*
 * Compares each of the given commits of a repository with its first parent, as the gate does, and prints a line of JSON a
 * commit: `node scripts/compare-history.ts REPOSITORY OWNER/NAME < SHAS`. REPOSITORY is a checkout or a bare repository.
 * `covered` and `missed` are the files of the diff whose memory lines change, by whether a container or something unread
 * is shown there or is made from them.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatBytes } from '../src/bytes.ts';
import { readEnvironment } from '../src/environment.ts';
import { findChanges } from '../src/gate/find-changes.ts';
import { readBaseOptions } from '../src/gate/read-base-options.ts';
import type { ContainerChange, ValueChange } from '../src/model/gate.ts';
import type { Setting } from '../src/model/workload.ts';
import { openCommits } from '../src/repository/commits.ts';

const [repository = '.', name = 'owner/name'] = process.argv.slice(2);
const runnerFolder = mkdtempSync(join(tmpdir(), 'compare-history-'));
const root = existsSync(join(repository, '.git')) ? resolve(repository) : runnerFolder;
if (root === runnerFolder) symlinkSync(resolve(repository), join(root, '.git'));
const trigger = { kind: 'other' } as const;
const MEMORY = /^[+-]\s*(?:-\s+)?["']?(?:memory|\w*[mM]emory\w*)["']?\s*:\s*["']?\d/;

async function compare(commit: string) {
  const environment = readEnvironment({
    ...process.env,
    GITHUB_REPOSITORY: name,
    GITHUB_WORKSPACE: root,
    GITHUB_SHA: commit,
    RUNNER_TEMP: runnerFolder,
  });
  const start = performance.now();
  const steps: string[] = [];
  const runner = {
    log: {
      step: (text: string) => void steps.push(text),
      debug() {},
      warn: (text: string) => void steps.push(text),
      group: <T>(_: string, work: () => Promise<T>) => work(),
    },
    input: () => '',
    mask() {},
    output() {},
    annotate() {},
    async writeSummary() {},
  };
  const commits = await openCommits({ root, trigger, commit, environment });
  try {
    const options = await readBaseOptions(() => '', commits.base);
    const opened = (performance.now() - start) / 1000;
    const found = await findChanges({ runner, environment, options, commits, trigger, workspace: { root } as never });
    const seconds = (performance.now() - start) / 1000;
    const diff = readDiff(commit);
    return {
      commit: commit.slice(0, 10),
      seconds: Number(seconds.toFixed(1)),
      opened: Number(opened.toFixed(1)),
      files: commits.changed.size,
      steps,
      containers: found.containers.map((one) => say(one, diff)),
      unread: found.unread.map(({ path, reason, why }) => `${path || '*'}: ${reason}: ${why}`),
      memory: [...diff].filter(([, { memory }]) => memory.length > 0).map(([path, { memory }]) => ({ path, memory })),
      missed: findMissed(found, diff),
    };
  } finally {
    commits.close();
  }
}

interface FileDiff {
  readonly memory: string[];
  /** Lines of the new file that the diff adds, or that follow on what it takes away. */
  readonly touched: Set<number>;
}

/** Files in which memory lines differ, not counting those that are the same before and after. */
function readDiff(commit: string): ReadonlyMap<string, FileDiff> {
  const range = [`${commit}^1`, commit];
  const text = execFileSync('git', ['-C', root, 'diff', '-U0', '--no-renames', ...range], {
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
  });
  const files = new Map<string, FileDiff>();
  let file: FileDiff = { memory: [], touched: new Set() };
  for (const line of text.split('\n')) {
    const path = /^diff --git a\/(.*) b\/\1$/.exec(line)?.[1];
    if (path !== undefined) {
      file = { memory: [], touched: new Set() };
      files.set(path, file);
    }
    const [, at, count] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (at !== undefined) {
      const length = count === undefined ? 1 : Number(count);
      for (let step = 0; step < Math.max(length, 2); step++) file.touched.add(Number(at) + step);
    }
    if (MEMORY.test(line)) file.memory.push(line.replace(/\s+/g, ' '));
  }
  return files;
}

function findMissed(
  { containers, unread }: Awaited<ReturnType<typeof findChanges>>,
  diff: ReadonlyMap<string, FileDiff>,
) {
  const shown = new Set(
    containers.flatMap(({ limit, request, application }) => [limit.at?.path, request.at?.path, application.path]),
  );
  const blind = new Set(unread.map(({ path }) => path));
  return [...diff].flatMap(([path, { memory }]) =>
    memory.length === 0 || shown.has(path) || blind.has(path) ? [] : [path],
  );
}

function say(
  { kind, application, workload, container, limit, request, jvm }: ContainerChange,
  diff: ReadonlyMap<string, FileDiff>,
) {
  const values = [sayValue('limit', limit, diff), sayValue('request', request, diff)].filter((text) => text !== '');
  const heap = JSON.stringify(jvm.before) === JSON.stringify(jvm.after) ? [] : [`heap ${JSON.stringify(jvm)}`];
  const cluster = application.cluster === undefined ? '' : ` {${application.cluster}}`;
  const who = `${workload.namespace ?? '-'}/${workload.kind}/${workload.name}/${container}`;
  return [`${kind} [${application.way} ${application.name}${cluster}] ${who}`, ...values, ...heap].join(' ');
}

function sayValue(
  field: string,
  { before, after, at, decidedBy }: ValueChange,
  diff: ReadonlyMap<string, FileDiff>,
): string {
  if (saySetting(before) === saySetting(after) && at === undefined) return '';
  const own = at && diff.get(at.path);
  const seen =
    at === undefined
      ? ''
      : own === undefined
        ? ' NOT-CHANGED-FILE'
        : at.line === undefined
          ? ''
          : own.touched.has(at.line)
            ? ''
            : ' OUTSIDE';
  return `${field} ${saySetting(before)}→${saySetting(after)} by ${decidedBy.state} at ${at?.path ?? '?'}:${at?.line ?? '-'}${seen}`;
}

function saySetting(setting: Setting): string {
  return setting.state === 'set' ? formatBytes(setting.bytes) : setting.state;
}

try {
  for (const sha of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
    const told = await compare(sha).catch((thrown: unknown) => ({
      commit: sha.slice(0, 10),
      thrown: thrown instanceof Error ? thrown.stack : String(thrown),
    }));
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
} finally {
  rmSync(runnerFolder, { recursive: true, force: true });
}

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bundle = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

export interface BundleRun {
  readonly code: number | null;
  /** What the runner would show: standard output and error. */
  readonly log: string;
  /** The message of every `::error` command, unescaped. */
  readonly errors: readonly string[];
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Every file in the workspace afterwards, besides those that were there. */
  readonly written: readonly string[];
  readonly workspace: string;
}

/** Runs the committed bundle as a workflow step would, in an empty workspace that holds `files`. */
export async function runBundle(given: {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Runs in this folder instead. */
  readonly workspace?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: string;
  /** Ends the run as a runner does that has lost its patience. */
  readonly kill?: AbortSignal;
}): Promise<BundleRun> {
  const workspace = given.workspace ?? mkdtempSync(join(tmpdir(), 'bundle-'));
  const runner = mkdtempSync(join(tmpdir(), 'runner-'));
  for (const [path, content] of Object.entries(given.files ?? {})) {
    mkdirSync(join(workspace, path, '..'), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
  const [outputs, summary] = [join(runner, 'outputs'), join(runner, 'summary.md')];
  for (const file of [outputs, summary]) writeFileSync(file, '');
  const inputs = Object.entries(given.inputs ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const env = {
    PATH: process.env.PATH,
    HOME: runner,
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: outputs,
    GITHUB_STEP_SUMMARY: summary,
    ...Object.fromEntries(inputs),
    ...given.env,
  };
  const child = spawn(given.node ?? process.execPath, [bundle], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  given.kill?.addEventListener('abort', () => child.kill('SIGKILL'));
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    code,
    log,
    errors: Array.from(log.matchAll(/^::error(?: [^:]*)?::(.*)$/gm), ([, message]) => unescapeData(message ?? '')),
    summary: readFileSync(summary, 'utf8'),
    outputs: readOutputs(readFileSync(outputs, 'utf8')),
    written: filesBelow(workspace).filter((path) => !(path in (given.files ?? {}))),
    workspace,
  };
}

function unescapeData(message: string): string {
  return message.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
}

function readOutputs(text: string): Record<string, string> {
  const entries = Array.from(text.matchAll(/^(\S+)<<(\S+)\n([\s\S]*?)\n\2$/gm), ([, name, , value]) => [name, value]);
  return Object.fromEntries(entries);
}

function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

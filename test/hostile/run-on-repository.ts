import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OriginHints } from '../../src/model/workload.ts';
import { encodeRecording } from '../../src/record/recording.ts';
import { measureOf } from '../checks/fixtures.ts';
import { observationOf, podOf, workloadOf } from '../judge/fixtures.ts';

/** A live Deployment with one container `app` of 2000Mi and 1000Mi. */
export interface Live {
  readonly namespace?: string;
  readonly name: string;
  /** In Mi; 1900 where absent. */
  readonly used?: number;
  readonly hints?: OriginHints;
}

export interface HostileRun {
  readonly code: number | null;
  readonly log: string;
  readonly summary: string;
  /** The diffs of the summary: what would be changed. */
  readonly diff: string;
  readonly seconds: number;
  /** The largest resident memory of the action itself, in bytes; 0 where the system does not tell. */
  readonly peak: number;
}

const committed = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** Puts the files into a fresh git repository that an action can run on. */
export function makeRepository(
  files: Iterable<readonly [path: string, content: string | Uint8Array]>,
  live: readonly Live[],
): string {
  const root = mkdtempSync(join(tmpdir(), 'hostile-'));
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  track(
    root,
    [...files].map(([path]) => path),
  );
  writeFileSync(join(root, 'recording.json.gz'), recordingOf(live));
  return root;
}

/** As `git add` does it, but without looking into `.gitattributes`: hostile ones hang git, too. */
function track(root: string, paths: readonly string[]): void {
  const git = (args: readonly string[], input: string) =>
    execFileSync('git', args, { cwd: root, input, encoding: 'utf8', maxBuffer: 1 << 30 });
  git(['init', '--quiet'], '');
  const hashes = git(['hash-object', '-w', '--no-filters', '--stdin-paths'], paths.join('\n')).split('\n');
  git(['update-index', '--index-info'], paths.map((path, index) => `100644 ${hashes[index]}\t${path}\n`).join(''));
}

function recordingOf(live: readonly Live[]): Uint8Array {
  const workloads = live.map(({ namespace = 'shop', name, hints = {} }) => {
    const ref = { namespace, group: 'apps', kind: 'Deployment', name };
    return workloadOf([podOf(`${name}-1`)], { ref, hints });
  });
  const measurements = live.map(({ namespace = 'shop', name, used = 1900 }) =>
    measureOf(() => used, { namespace, pod: `${name}-1` }),
  );
  const namespaces = [...new Set(live.map(({ namespace = 'shop' }) => namespace))];
  return encodeRecording(observationOf(workloads, measurements, {}, { namespaces }), 'recording.json.gz');
}

/** Runs the bundle on a repository as a workflow step would: dry, with the recording in place of a cluster. */
export async function runOnRepository(
  root: string,
  given: {
    readonly env?: Readonly<Record<string, string>>;
    readonly inputs?: Readonly<Record<string, string>>;
    readonly bundle?: string;
    readonly node?: string;
    /** Ends the action, which then has no exit code. */
    readonly atMostSeconds?: number;
  } = {},
): Promise<HostileRun> {
  const runner = mkdtempSync(join(tmpdir(), 'runner-'));
  const summary = join(runner, 'summary.md');
  for (const file of [summary, join(runner, 'outputs')]) writeFileSync(file, '');
  const inputs = { recording: 'recording.json.gz', 'dry-run': 'true', 'github-token': 'ghs_secret', ...given.inputs };
  const env = {
    PATH: process.env.PATH,
    HOME: runner,
    GITHUB_WORKSPACE: root,
    GITHUB_OUTPUT: join(runner, 'outputs'),
    GITHUB_STEP_SUMMARY: summary,
    RUNNER_TEMP: runner,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ...given.env,
  };
  const bundle = given.bundle ?? process.env.MEMORY_INSPECTOR_BUNDLE ?? committed;
  const began = performance.now();
  const child = spawn(given.node ?? process.execPath, [bundle], { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 10);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text));
  const end = setTimeout(() => child.kill('SIGKILL'), (given.atMostSeconds ?? 120) * 1000);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  clearTimeout(end);
  const seconds = (performance.now() - began) / 1000;
  const text = readFileSync(summary, 'utf8');
  rmSync(runner, { recursive: true, force: true });
  const diff = Array.from(text.matchAll(/^```diff\n([\s\S]*?)^```$/gm), ([, inner]) => inner).join('');
  return { code, log, summary: text, diff, seconds, peak };
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** A Deployment as `live` has it. */
export function deployment(name: string, namespace?: string): string {
  const place = namespace === undefined ? '' : `, namespace: ${namespace}`;
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}${place}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: app
          image: shop/${name}:1
          resources:
            limits:
              memory: 2000Mi
            requests:
              memory: 1000Mi
`;
}

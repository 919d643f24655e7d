import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One series: its name with labels as in PromQL, and its samples as [unix seconds, value]. */
export interface Series {
  readonly metric: string;
  readonly samples: readonly (readonly [number, number])[];
}

export interface Engine {
  readonly url: string;
  stop(): Promise<void>;
}

/** A real Prometheus over the series, written by promtool; both come with the Debian package. */
export function startPrometheus(
  series: readonly Series[],
  options: readonly string[] = [],
  config = '',
): Promise<Engine> {
  return startPrograms(['prometheus', 'promtool'], series, options, config);
}

/** A Prometheus 3, which has UTF-8 names; test/e2e/install-engines.sh builds it. */
export function startPrometheus3(series: readonly Series[], options: readonly string[] = []): Promise<Engine> {
  return startPrograms(['prometheus3', 'promtool3'], series, options);
}

async function startPrograms(
  [prometheus, promtool]: readonly [string, string],
  series: readonly Series[],
  options: readonly string[],
  config = '',
): Promise<Engine> {
  const directory = mkdtempSync(join(tmpdir(), 'prometheus-test-'));
  const data = join(directory, 'data');
  writeBlocks(series, data, promtool);
  writeFileSync(join(directory, 'prometheus.yml'), config);
  return start(directory, prometheus, (port) => [
    `--config.file=${join(directory, 'prometheus.yml')}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=10y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
    ...options,
  ]);
}

/** The series as blocks below the folder. */
export function writeBlocks(series: readonly Series[], data: string, promtool: string): void {
  const text = `${data}.txt`;
  writeFileSync(text, toOpenMetrics(series));
  const written = spawnSync(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', text, data]);
  if (written.status !== 0) throw new Error(`promtool failed: ${written.stderr}`);
}

/** A real VictoriaMetrics, filled over its import API. */
export async function startVictoriaMetrics(series: readonly Series[]): Promise<Engine> {
  const directory = mkdtempSync(join(tmpdir(), 'victoria-test-'));
  const engine = await start(directory, 'victoria-metrics', (port) => [
    `-storageDataPath=${join(directory, 'data')}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=100y',
    '-loggerLevel=ERROR',
  ]);
  const lines = series.flatMap(({ metric, samples }) => samples.map(([t, v]) => `${metric} ${v} ${t * 1000}`));
  const sent = await fetch(`${engine.url}/api/v1/import/prometheus`, { method: 'POST', body: lines.join('\n') });
  if (!sent.ok) throw new Error(`the import failed: ${await sent.text()}`);
  await fetch(`${engine.url}/internal/force_flush`);
  return engine;
}

function toOpenMetrics(series: readonly Series[]): string {
  const byName = new Map<string, string[]>();
  for (const { metric, samples } of series) {
    const name = /^\{("[^"]+")/.exec(metric)?.[1] ?? metric.replace(/\{.*$/s, '');
    const lines = byName.get(name) ?? [];
    byName.set(name, lines);
    for (const [t, v] of samples) lines.push(`${metric} ${v} ${t}`);
  }
  const families = [...byName].map(([name, lines]) => `# TYPE ${name} unknown\n${lines.join('\n')}\n`);
  return `${families.join('')}# EOF\n`;
}

/** How an engine is asked whether it is there, and what stands before the paths of its API. */
export interface Readiness {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly prefix?: string;
  /** Whether what it answers says that it is ready; any answer does by default. */
  readonly isReady?: (body: string) => boolean;
}

export async function start(
  directory: string,
  program: string,
  args: (port: number) => string[],
  { path = '/api/v1/query?query=vector(1)', headers = {}, prefix = '', isReady = () => true }: Readiness = {},
): Promise<Engine> {
  const port = await freePort();
  const child = spawn(program, args(port), { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  // A test that runs out of time never stops its engine.
  process.once('exit', () => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}${path}`, headers, isReady, child);
  return {
    url: `${url}${prefix}`,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function untilAnswers(
  url: string,
  headers: Readonly<Record<string, string>>,
  isReady: (body: string) => boolean,
  child: { readonly exitCode: number | null },
): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the engine ended with ${child.exitCode}`);
    const ok = await fetch(url, { headers }).then(
      async (response) => response.ok && isReady(await response.text()),
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Engine,
  freePort,
  type Readiness,
  type Series,
  start,
  startPrometheus,
  writeBlocks,
} from './real-engines.ts';

/** The tenant of the engines that have several. */
export const TENANT = 'team-a';

/**
 * Thanos Query over two Prometheus with the same series, as a high-availability pair has them: a sidecar beside each, and
 * the label `prometheus_replica` told to be theirs.
 */
export async function startThanos(series: readonly Series[], options: readonly string[] = []): Promise<Engine> {
  const parts: Engine[] = [];
  const stores: number[] = [];
  for (const replica of ['0', '1']) {
    const labels = `global: {external_labels: {prometheus_replica: "${replica}"}}\n`;
    const prometheus = await startPrometheus(series, [], labels);
    const grpc = await freePort();
    stores.push(grpc);
    const sidecar = await startPart('thanos', (http) => [
      'sidecar',
      `--prometheus.url=${prometheus.url}`,
      `--grpc-address=127.0.0.1:${grpc}`,
      `--http-address=127.0.0.1:${http}`,
      '--log.level=error',
    ]);
    parts.push(sidecar, prometheus);
  }
  const grpc = await freePort();
  const query = await startPart(
    'thanos',
    (http) => [
      'query',
      ...stores.map((port) => `--endpoint=127.0.0.1:${port}`),
      '--query.replica-label=prometheus_replica',
      `--grpc-address=127.0.0.1:${grpc}`,
      `--http-address=127.0.0.1:${http}`,
      '--log.level=error',
      ...options,
    ],
    {
      path: '/api/v1/stores',
      isReady: (body) => stores.every((port) => body.includes(`127.0.0.1:${port}`)),
    },
  );
  return togetherWith(query, parts);
}

/** Thanos' query front end, as it is by default: it moves range queries to multiples of their step. */
export async function startThanosFrontend(series: readonly Series[]): Promise<Engine> {
  const query = await startThanos(series);
  const frontend = await startPart('thanos', (http) => [
    'query-frontend',
    `--http-address=127.0.0.1:${http}`,
    `--query-frontend.downstream-url=${query.url}`,
    '--log.level=error',
  ]);
  return togetherWith(frontend, [query]);
}

/** Cortex as one process over blocks in a folder, with tenants. `options` are flags. */
export async function startCortex(series: readonly Series[], options: readonly string[] = []): Promise<Engine> {
  const directory = mkdtempSync(join(tmpdir(), 'cortex-test-'));
  const bucket = join(directory, 'bucket', TENANT);
  mkdirSync(bucket, { recursive: true });
  mkdirSync(join(directory, 'rules'));
  writeBlocks(series, bucket, 'promtool');
  for (const block of readdirSync(bucket)) addTenant(join(bucket, block, 'meta.json'));
  const [grpc, config] = [await freePort(), join(directory, 'cortex.yaml')];
  writeFileSync(config, cortexConfig(directory, grpc));
  return start(
    directory,
    'cortex',
    (http) => [`-config.file=${config}`, '-target=all', `-server.http-listen-port=${http}`, ...options],
    { ...hasAll(series), headers: { 'X-Scope-OrgID': TENANT }, prefix: '/prometheus' },
  );
}

/** Blocks are taken up one after the other: ready is what has every sample of the last four days. */
function hasAll(series: readonly Series[]): Readiness {
  const metric = 'container_memory_working_set_bytes';
  const counted = series.filter((one) => one.metric.startsWith(metric));
  const times = counted.flatMap(({ samples }) => samples.map(([t]) => t));
  const end = times.reduce((latest, t) => Math.max(latest, t), 0);
  const query = encodeURIComponent(`sum(count_over_time(${metric}[4d]))`);
  return {
    path: `/prometheus/api/v1/query?query=${query}&time=${end}`,
    isReady: (body) => body.includes(`"${times.length}"`),
  };
}

/** What Cortex reads of a block besides what Prometheus writes. */
function addTenant(meta: string): void {
  const block = JSON.parse(readFileSync(meta, 'utf8'));
  const thanos = {
    version: 1,
    labels: { __org_id__: TENANT },
    downsample: { resolution: 0 },
    source: 'test',
    files: [],
  };
  writeFileSync(meta, JSON.stringify({ ...block, thanos }));
}

function cortexConfig(directory: string, grpc: number): string {
  const inmemory = { kvstore: { store: 'inmemory' } };
  const ring = { ...inmemory, replication_factor: 1 };
  return JSON.stringify({
    auth_enabled: true,
    server: {
      http_listen_address: '127.0.0.1',
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: grpc,
      log_level: 'error',
    },
    distributor: { ring: inmemory },
    ingester: { lifecycler: { ring, address: '127.0.0.1', min_ready_duration: '0s', final_sleep: '0s' } },
    blocks_storage: {
      backend: 'filesystem',
      filesystem: { dir: join(directory, 'bucket') },
      tsdb: { dir: join(directory, 'tsdb') },
      bucket_store: { sync_dir: join(directory, 'sync'), ignore_blocks_within: '0s' },
    },
    compactor: { data_dir: join(directory, 'compactor'), sharding_ring: inmemory },
    ruler_storage: { backend: 'local', local: { directory: join(directory, 'rules') } },
    alertmanager_storage: { backend: 'local', local: { path: join(directory, 'rules') } },
    alertmanager: {
      external_url: 'http://localhost/alerts',
      data_dir: join(directory, 'alerts'),
      cluster: { listen_address: '' },
    },
    querier: { active_query_tracker_dir: '' },
  });
}

function startPart(program: string, args: (port: number) => string[], readiness?: Readiness): Promise<Engine> {
  const directory = mkdtempSync(join(tmpdir(), 'thanos-test-'));
  return start(directory, program, args, readiness ?? { path: '/-/ready' });
}

function togetherWith(engine: Engine, parts: readonly Engine[]): Engine {
  return {
    url: engine.url,
    async stop() {
      await engine.stop();
      for (const part of parts) await part.stop();
    },
  };
}

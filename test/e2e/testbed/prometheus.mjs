import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, start, until } from './processes.mjs';
import { requirePrograms } from './programs.mjs';

const NOTHING = 'global:\n  scrape_interval: 1m\n';

/**
 * Starts a real Prometheus over a folder of blocks; it scrapes nothing unless its configuration (YAML) says so.
 *
 * @param {{ directory: string, data: string, flags?: string[], configuration?: string }} options
 * @returns {Promise<{ url: string, query: (promql: string, at: string) => Promise<any[]>, stop: () => Promise<void> }>}
 */
export async function startPrometheus({ directory, data, flags = [], configuration = NOTHING }) {
  const { prometheus } = requirePrograms(['prometheus']);
  await mkdir(data, { recursive: true });
  const config = join(directory, 'prometheus.yml');
  await writeFile(config, configuration);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(directory, 'prometheus.log');
  const server = start(
    prometheus,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=60d',
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    { log },
  );
  try {
    await until(`Prometheus (${log})`, async () => {
      if (server.ended()) return false;
      return (await fetch(`${url}/-/ready`)).ok;
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    url,
    async query(promql, at) {
      const body = new URLSearchParams({ query: promql, time: at });
      const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
      const { data: result, error } = /** @type {any} */ (await answer.json());
      if (!answer.ok) throw new Error(`${promql}: ${error}`);
      return result.result;
    },
    stop: server.stop,
  };
}

import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';

/** @typedef {{ method: string, path: string, body: string, type: string }} Query */

/**
 * Stands before a Prometheus and keeps every query that passes.
 *
 * @param {string} target
 * @returns {Promise<{ url: string, queries: Query[], stop: () => Promise<void> }>}
 */
export async function recordQueries(target) {
  /** @type {Query[]} */
  const queries = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { method = 'GET', url: path = '/' } = request;
    const type = request.headers['content-type'] ?? '';
    queries.push({ method, path, body, type });
    const answer = await fetch(`${target}${path}`, {
      method,
      headers: type ? { 'content-type': type } : {},
      body: method === 'POST' ? body : undefined,
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    queries,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * A `kubectl` that writes down its arguments and then does its work.
 *
 * @param {string} directory to be put first on the PATH
 * @param {string} kubectl the real one
 */
export async function recordKubectl(directory, kubectl) {
  await mkdir(directory, { recursive: true });
  const log = join(directory, 'calls');
  const script = join(directory, 'kubectl');
  await writeFile(log, '');
  await writeFile(script, `#!/bin/sh\n{ printf '%s\\0' "$@"; echo; } >>'${log}'\nexec '${kubectl}' "$@"\n`);
  await chmod(script, 0o755);
  return {
    /** @returns {Promise<string[][]>} the arguments of every call so far */
    async calls() {
      const lines = (await readFile(log, 'utf8')).split('\0\n').filter(Boolean);
      return lines.map((line) => line.split('\0'));
    },
  };
}

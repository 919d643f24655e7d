import http from 'node:http';

/**
 * The network inside the cluster, as far as the tests need it: an HTTP proxy
 * that knows some names and refuses every other host. Commands that `kubectl
 * exec` runs are given it as `http_proxy`, so a name works in a pod and nowhere else.
 *
 * @param {Record<string, string>} services `host:port` in the cluster to the URL that answers for it
 * @param {{ port?: number }} [options]
 * @returns {Promise<{ port: number, requests: () => number, stop: () => Promise<void> }>}
 */
export async function startProxy(services, { port = 0 } = {}) {
  let requests = 0;
  const server = http.createServer((request, response) => {
    requests++;
    const target = resolveTarget(services, request.url ?? '');
    if (!target) {
      response.writeHead(502, { 'content-type': 'text/plain' });
      response.end('no such host in this cluster\n');
      return;
    }
    const { host, 'proxy-connection': _, ...headers } = request.headers;
    const forward = http.request(
      target,
      { method: request.method, headers: { ...headers, host: target.host } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forward.on('error', () => response.destroy());
    request.pipe(forward);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    port: address.port,
    requests: () => requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {Record<string, string>} services
 * @param {string} asked
 */
function resolveTarget(services, asked) {
  if (!URL.canParse(asked)) return undefined;
  const url = new URL(asked);
  const base = services[`${url.hostname}:${url.port || '80'}`];
  return base ? new URL(`${url.pathname}${url.search}`, base) : undefined;
}

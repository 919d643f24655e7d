import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createListApi, type ListApiOptions } from './list-api.ts';

export interface PagingApiServer {
  readonly url: string;
  /** What kubectl asked for, in order; paths with their queries. */
  readonly requests: readonly string[];
  /** Writes a kubeconfig whose current context, `stand-in`, is this server. */
  writeKubeconfig(path: string): Promise<void>;
  close(): Promise<void>;
}

/** A stand-in for the API server that only serves lists, over plain HTTP, so that the real kubectl can read them. */
export async function startPagingApiServer(options: ListApiOptions): Promise<PagingApiServer> {
  const api = createListApi(options);
  const server = createServer((request, response) => {
    const { status, body } = api.answer(request.url ?? '/');
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests: api.requests,
    writeKubeconfig: (path) => writeFile(path, kubeconfigFor(url)),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** A kubeconfig whose current context, `stand-in`, is that server. */
export function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'stand-in', cluster: { server } }],
    users: [{ name: 'stand-in', user: { token: 'a-token' } }],
    contexts: [{ name: 'stand-in', context: { cluster: 'stand-in', user: 'stand-in' } }],
    'current-context': 'stand-in',
  });
}

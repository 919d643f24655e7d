import { mkdtempSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateCluster } from '../cluster/generate-cluster.ts';
import { type PagingApiServer, startPagingApiServer } from '../cluster/paging-api-server.ts';

/** A small cluster behind the real kubectl: three Deployments of two pods each in the namespace `shop`. */
export function startCluster() {
  return startPagingApiServer({
    lists: generateCluster({ namespaces: ['shop'], deployments: 3, podsPerDeployment: 2 }),
  });
}

/** An HTTP server that stands where Prometheus should, and misbehaves as told. */
export async function startInsteadOfPrometheus(answer: (response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a stand-in of Prometheus answers; 200 where no status is given. */
export interface Reply {
  readonly status?: number;
  readonly body: string;
  readonly location?: string;
}

/** A cluster behind the real kubectl, its kubeconfig, and an HTTP server that answers as Prometheus would: what a run needs. */
export async function startBoth(
  starting: Promise<PagingApiServer>,
  answer: (params: URLSearchParams, isRange: boolean) => Reply,
) {
  const cluster = await starting;
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'kube-')), 'config');
  await cluster.writeKubeconfig(kubeconfig);
  const server = createServer(async (request, response) => {
    let form = '';
    for await (const chunk of request) form += chunk;
    const {
      status = 200,
      body,
      location,
    } = answer(new URLSearchParams(form), request.url?.includes('query_range') ?? false);
    response.writeHead(status, location === undefined ? {} : { location }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    kubeconfig,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await cluster.close();
    },
  };
}

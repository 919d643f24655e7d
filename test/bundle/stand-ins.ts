import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateCluster } from '../cluster/generate-cluster.ts';
import { startPagingApiServer } from '../cluster/paging-api-server.ts';

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

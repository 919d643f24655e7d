import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came in. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** Answers a request; `undefined` never answers. */
export type Answering = (received: Received, response: ServerResponse) => Reply | undefined;

export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export const EMPTY_VECTOR = '{"status":"success","data":{"resultType":"vector","result":[]}}';

/** A stand-in for the HTTP API of Prometheus that answers as it is told. */
export async function startApiServer(answer: Answering) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    let body = '';
    for await (const chunk of request) body += chunk;
    const params = new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)]);
    const seen = { method: request.method ?? '', path: url.pathname, params, headers: request.headers };
    received.push(seen);
    const reply = answer(seen, response);
    if (!reply) return;
    response.writeHead(reply.status ?? 200, { 'content-type': reply.type ?? 'application/json', ...reply.headers });
    response.end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

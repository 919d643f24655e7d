import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

interface Waiting {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly body: Buffer;
}

/** A way to a server for each of several clients. */
export interface Gate {
  /** The address for each client. */
  readonly urls: readonly string[];
  /** Says that a client makes no more requests. */
  leave(client: number): void;
  close(): Promise<void>;
}

/**
 * Lets the requests of several clients through to `url` one at a time, in an order that `choose` alone decides: nothing goes
 * before every client that is left waits for something. `choose` gives a number below the one that it is given.
 */
export async function openGate(url: string, clients: number, choose: (below: number) => number): Promise<Gate> {
  const queues = Array.from({ length: clients }, (): Waiting[] => []);
  const left = new Set(queues.keys());
  let busy = false;

  async function letThrough(): Promise<void> {
    const here = [...left];
    if (busy || here.length === 0 || here.some((client) => queues[client]?.length === 0)) return;
    const next = queues[here[choose(here.length)] ?? 0]?.shift();
    if (next === undefined) return;
    busy = true;
    await forward(url, next).catch(() => next.outgoing.destroy());
    busy = false;
    void letThrough();
  }

  const servers = await Promise.all(
    queues.map((queue) =>
      listen((incoming, outgoing) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          queue.push({ incoming, outgoing, body: Buffer.concat(chunks) });
          void letThrough();
        });
      }),
    ),
  );
  return {
    urls: servers.map(({ address }) => address),
    leave(client) {
      left.delete(client);
      void letThrough();
    },
    async close() {
      for (const { server } of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function forward(url: string, { incoming, outgoing, body }: Waiting): Promise<void> {
  const { authorization = '', 'content-type': type = 'application/json', accept = '*/*' } = incoming.headers;
  const method = incoming.method ?? 'GET';
  const answer = await fetch(url + incoming.url, {
    method,
    headers: { authorization, accept, 'content-type': type },
    ...(body.length > 0 && { body }),
  });
  const text = await answer.text();
  outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
  await new Promise<void>((resolve) => outgoing.end(text, () => resolve()));
}

async function listen(
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, address: `http://127.0.0.1:${address.port}` };
}

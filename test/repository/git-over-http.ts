import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GitServer {
  /** `http://127.0.0.1:PORT`; the repository is at `/shop/deploy`. */
  readonly url: string;
  /** The `Authorization` headers of every request, in order; none is an empty list. */
  readonly seen: readonly (readonly string[])[];
  close(): void;
}

/** Serves a bare repository by git's own program to whoever sends this header. */
export async function serveGit(folder: string, authorization: string | undefined): Promise<GitServer> {
  const seen: string[][] = [];
  const server = createServer((request, response) => {
    const sent = request.headersDistinct.authorization ?? [];
    seen.push(sent);
    if (authorization !== undefined && (sent.length !== 1 || sent[0] !== authorization)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end('no');
      return;
    }
    const { pathname, search } = new URL(request.url ?? '', 'http://localhost');
    const env = {
      PATH: process.env.PATH,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname.replace('/shop/deploy', ''),
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers['content-type'],
      GIT_PROTOCOL: request.headers['git-protocol']?.toString(),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
    };
    const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    request.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.on('close', () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      const headers = all
        .toString('latin1', 0, end)
        .split('\r\n')
        .map((line) => line.split(': ', 2));
      const fields = Object.fromEntries(headers.map(([name = '', value = '']) => [name.toLowerCase(), value]));
      const { status = '200', ...rest } = fields;
      response.writeHead(Number.parseInt(status, 10), rest).end(all.subarray(end + 4));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

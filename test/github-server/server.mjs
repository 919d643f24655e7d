import { createServer } from 'node:http';
import { createAccess, createMeter } from './access.mjs';
import { Answer, notFound } from './answer.mjs';
import { createFaults, OPEN } from './faults.mjs';
import { openGit } from './git.mjs';
import { gitRoutes } from './git-routes.mjs';
import { graphqlRoutes } from './graphql.mjs';
import { issueRoutes } from './issue-routes.mjs';
import { createMergeable } from './mergeable.mjs';
import { createPeople } from './people.mjs';
import { pullRoutes } from './pull-routes.mjs';
import { resources } from './resources.mjs';
import { createReplica } from './stale.mjs';

/**
 * GitHub's REST and GraphQL API for one repository, on the loopback interface, with the bare repository `gitDir` behind
 * it. Issues and pull requests live in memory. `login` is whom a token belongs to that `state.logins` does not name.
 */
export async function startGithubServer({
  gitDir,
  owner = 'acme',
  repo = 'infra',
  defaultBranch = 'main',
  login = 'github-actions[bot]',
  port = 0,
  clock = () => new Date().toISOString().replace(/\.\d+/, ''),
}) {
  const state = {
    defaultBranch,
    logins: new Map(),
    pulls: [],
    issues: [],
    nextNumber: 1,
    nextComment: 1,
    protections: new Map(),
    ...OPEN,
    renamedFrom: undefined,
    mayCreatePulls: true,
    draftsAllowed: true,
    teamsVisible: false,
    mergeableKnown: true,
    mergeableAfter: 0,
    listLag: 0,
    refLag: 0,
    treeLimit: 100_000,
    treeBytes: 7_000_000,
  };
  const replica = createReplica({ state, git: openGit(gitDir) });
  const { git } = replica;
  const faults = createFaults(state);
  const requests = [];
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  const shapes = resources({ url, owner, repo, defaultBranch, state });

  /** What GitHub does to pull requests when a branch moves. */
  async function changed(ref, by = 'jo') {
    const branch = ref.replace('refs/heads/', '');
    const sha = await git.ref(ref);
    for (const pull of state.pulls.filter((one) => one.state === 'open' && !one.forkIsGone)) {
      if (pull.head === branch && sha !== undefined) pull.headSha = sha;
      if (pull.base === branch && sha !== undefined) pull.baseSha = sha;
      if (pull.head !== branch && pull.base !== branch) continue;
      const gone = sha === undefined;
      const reached = !gone && (await git.isAncestor(pull.headSha, await git.ref(`refs/heads/${pull.base}`)));
      if (!gone && !reached) continue;
      Object.assign(pull, { state: 'closed', closedAt: clock(), updatedAt: clock(), closedBy: by });
      if (!gone && pull.base === branch) Object.assign(pull, { mergedAt: clock(), mergeCommit: sha });
    }
  }

  const access = createAccess({ state, url, owner });
  const meter = createMeter(() => new Date().toISOString());
  const mergeable = createMergeable({ git, state });
  const context = { git, shapes, state, owner, repo, changed, replica, mergeable, now: clock };
  const routes = [
    ['GET', /^$/, () => ({ body: shapes.repository() })],
    ...gitRoutes(context),
    ...pullRoutes(context),
    ...issueRoutes(context),
  ];
  const answerGraphql = graphqlRoutes(context);

  async function handle(request) {
    const token = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new Answer(401, { message: 'Requires authentication' });
    const viewer = state.logins.get(token) ?? login;
    access.check(request);
    if (request.path === '/graphql') return { body: await answerGraphql(request.body, viewer) };
    const redirect = access.redirect(request);
    if (redirect !== undefined) return redirect;
    const prefixes = [`/repos/${owner}/${repo}`, `/repositories/${shapes.repository().id}`];
    const prefix = prefixes.find((one) => request.path.toLowerCase().startsWith(one.toLowerCase()));
    if (prefix === undefined) throw notFound();
    const rest = request.path.slice(prefix.length);
    for (const [method, pattern, handler] of routes) {
      const match = method === request.method ? pattern.exec(rest) : null;
      if (match === null) continue;
      if (request.write) access.checkWrite(rest);
      return handler(match.slice(1).map(decodeURIComponent), request.query, request.body, viewer);
    }
    throw notFound();
  }

  async function answer(request) {
    try {
      const { status = 200, body, headers = {} } = await handle(request);
      return { status, body: access.inVersion(request, body), headers };
    } catch (error) {
      if (error instanceof Answer) return error;
      return new Answer(500, { message: String(error?.stack ?? error) });
    }
  }

  // One at a time, so that a read and the write that follows from it are never interleaved inside the server.
  let queue = Promise.resolve();
  server.on('request', (incoming, outgoing) => {
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => receive(incoming, Buffer.concat(chunks), outgoing).catch(() => outgoing.destroy()));
  });

  async function receive(incoming, raw, outgoing) {
    const request = readRequest(incoming, raw);
    requests.push(request);
    const fault = faults.meet(request);
    if (fault?.late !== undefined) await fault.late();
    queue = queue.then(() => serve(request, fault, outgoing)).catch(() => outgoing.destroy());
  }

  async function serve(request, fault, outgoing) {
    await fault?.before?.(request);
    const isAnswered = fault?.answer === undefined;
    replica.note();
    const result = isAnswered || fault.after ? await answer(request) : fault.answer;
    replica.note();
    const sent = isAnswered ? result : fault.answer;
    request.status = typeof sent === 'string' ? 0 : sent.status;
    if (sent === 'hang') return;
    if (sent === 'drop') return void outgoing.destroy();
    request.answer = sent.body;
    const text = sent.status === 204 ? '' : typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body);
    outgoing.writeHead(sent.status, {
      'content-type': 'application/json; charset=utf-8',
      'x-github-request-id': `FAKE:${requests.length}`,
      'x-github-media-type': 'github.v3; format=json',
      ...meter(request),
      ...sent.headers,
    });
    outgoing.end(text);
  }

  return {
    url,
    owner,
    repo,
    requests,
    faults,
    state,
    pulls: state.pulls,
    git,
    ...replica.follow(createPeople(context)),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readRequest(incoming, raw) {
  const parsed = new URL(incoming.url, 'http://github.invalid');
  // The prefix under which GitHub Enterprise Server has its API.
  const path = parsed.pathname.replace(/^\/api\/v3(?=\/)/, '').replace(/^\/api\/graphql$/, '/graphql');
  const body = raw.length === 0 ? undefined : JSON.parse(raw.toString('utf8'));
  const graphql = path === '/graphql';
  const operation = graphql ? /[{]\s*(\w+)/.exec(body.query)?.[1] : undefined;
  const write = graphql ? /^\s*mutation/.test(body.query) : !['GET', 'HEAD'].includes(incoming.method);
  return {
    method: incoming.method,
    path,
    query: parsed.searchParams,
    headers: incoming.headers,
    body,
    operation,
    write,
  };
}

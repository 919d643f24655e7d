import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { openCommits } from '../../src/repository/commits.ts';
import { type GitServer, serveGit } from './git-over-http.ts';
import { checkOut, createRepository, removeFolders, runGit, temporaryFolder } from './git-repository.ts';

const TOKEN = 'ghs_verySecretToken0123456789';
const basic = (token: string) => `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;

const servers: GitServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(removeFolders);

/** A private repository, of which the last commit is checked out without the one before. */
async function privateCheckout(left?: string) {
  const repository = createRepository();
  const base = repository.commit({ a: '1' });
  const head = repository.commit({ a: '2' }, base);
  const server = await serveGit(repository.folder, basic(TOKEN));
  servers.push(server);
  const root = checkOut(repository.url, head, 1);
  runGit(root, ['remote', 'set-url', 'origin', `${server.url}/shop/deploy`]);
  if (left !== undefined) runGit(root, ['config', `http.${server.url}/.extraheader`, `AUTHORIZATION: ${left}`]);
  return { root, server, base, head };
}

/** Git as it is, writing down what it and its children are called with. */
function watchedGit() {
  const folder = temporaryFolder();
  const log = join(folder, 'log');
  const real = (process.env.PATH ?? '')
    .split(':')
    .map((path) => join(path, 'git'))
    .find(existsSync);
  writeFileSync(join(folder, 'git'), `#!/bin/sh\nprintf '%s\\n' "$*" >> ${log}\nGIT_TRACE=${log} exec ${real} "$@"\n`);
  chmodSync(join(folder, 'git'), 0o755);
  return { path: `${folder}:${process.env.PATH}`, read: () => readFileSync(log, 'utf8') };
}

function request(root: string, serverUrl: string, token: string | undefined, path = process.env.PATH) {
  const environment = { path, home: temporaryFolder(), inherited: { NO_PROXY: '127.0.0.1' } };
  return { root, serverUrl, token, environment, trigger: { kind: 'other' } as const };
}

test('the token opens what the checkout left no credentials for, and stands in no argument list', async () => {
  const { root, server, base } = await privateCheckout();
  const git = watchedGit();
  const commits = await openCommits(request(root, server.url, TOKEN, git.path));
  expect(commits.base.sha).toBe(base);
  commits.close();
  const seen = git.read();
  expect(seen).toContain('fetch');
  expect(seen).not.toContain(TOKEN);
  expect(seen).not.toContain(basic(TOKEN).slice('basic '.length));
  expect(readFileSync(join(root, '.git/config'), 'utf8')).not.toMatch(/extraheader/);
});

test('what the checkout left is used as it is, and alone', async () => {
  const { root, server, base } = await privateCheckout(basic(TOKEN));
  const commits = await openCommits(request(root, server.url, 'ghs_another'));
  expect(commits.base.sha).toBe(base);
  commits.close();
  expect(new Set(server.seen.map((sent) => sent.length))).toEqual(new Set([1]));
});

test('no other server gets the token', async () => {
  const { root, server } = await privateCheckout();
  await expect(openCommits(request(root, 'https://github.example', TOKEN))).rejects.toThrow(UserError);
  expect(new Set(server.seen.map((sent) => sent.length))).toEqual(new Set([0]));
});

test.each([undefined, 'ghs_wrongToken0123456789'])('a refusal is told without the token (%s)', async (token) => {
  const { root, server, base } = await privateCheckout();
  const thrown: unknown = await openCommits(request(root, server.url, token)).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(UserError);
  const { message } = thrown as UserError;
  expect(message).toMatch(new RegExp(`The commit ${base} .*could not fetch it from origin: .*contents: read`));
  if (token !== undefined) expect(message).not.toContain(token);
});

test('a password in the address of origin is not told', async () => {
  const { root, server } = await privateCheckout();
  const withPassword = server.url.replace('//', `//x-access-token:${TOKEN}x@`);
  runGit(root, ['remote', 'set-url', 'origin', `${withPassword}/shop/deploy`]);
  const thrown: unknown = await openCommits(request(root, server.url, undefined)).catch((error: unknown) => error);
  expect((thrown as UserError).message).toContain('contents: read');
  expect((thrown as UserError).message).not.toContain(TOKEN);
});

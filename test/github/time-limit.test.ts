import { expect, test } from 'vitest';
import type { Github } from '../../src/github/create-github.ts';
import { readRepository } from '../../src/github/repository.ts';
import { openScene, TOKEN } from '../deliver/scene.ts';

const SHORT = { timeLimit: 0.05 };
const failureOf = (work: Promise<unknown>) => work.then(() => 'answered', String);

const createTree = ({ request, owner, repo }: Github) =>
  request('POST /repos/{owner}/{repo}/git/trees', { owner, repo, tree: [] });

test('a GitHub that is silent costs each request its time, and after three time-outs none is repeated', async () => {
  const scene = await openScene();
  const github = scene.connect(TOKEN, SHORT);
  scene.server.faults.hang();
  const sentence =
    /Could not read the repository acme\/infra: GitHub did not answer within 0.05 s \(GET \/repos\/acme\/infra\)/;
  expect(await failureOf(readRepository(github))).toMatch(sentence);
  expect(scene.server.requests).toHaveLength(2);
  expect(await failureOf(readRepository(github))).toMatch(sentence);
  expect(scene.server.requests).toHaveLength(3);
  expect(await failureOf(readRepository(github))).toContain('GitHub did not answer');
  expect(scene.server.requests).toHaveLength(4);
});

test('while nothing is answered, a request gets a sixth of its time; an answer gives it back', async () => {
  const scene = await openScene();
  let silent = true;
  const answer: typeof fetch = () => (silent ? new Promise<never>(() => {}) : Promise.resolve(Response.json({})));
  const github = scene.connect(TOKEN, { timeLimit: 0.6, fetch: answer });
  const limit = async () => /within ([\d.]+) s/.exec(await failureOf(readRepository(github)))?.[1];
  expect([await limit(), await limit(), await limit()]).toEqual(['0.6', '0.6', '0.1']);
  silent = false;
  await readRepository(github);
  silent = true;
  expect(await limit()).toBe('0.6');
});

test('what sends megabytes gets three times as long', async () => {
  const scene = await openScene();
  scene.server.faults.hang();
  expect(await failureOf(createTree(scene.connect(TOKEN, SHORT)))).toMatch(
    /within 0.15\d* s \(POST \/repos\/acme\/infra\/git\/trees\)/,
  );
  const commit = scene
    .connect(TOKEN, SHORT)
    .graphql('mutation { createCommitOnBranch(input: {}) { clientMutationId } }');
  expect(await failureOf(commit)).toMatch(/within 0.15\d* s \(createCommitOnBranch\)/);
});

test('an answer whose body does not come is given up as well', async () => {
  const scene = await openScene();
  const halfway: typeof fetch = async () =>
    new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('{"id":')) }), {
      headers: { 'content-type': 'application/json' },
    });
  const github = scene.connect(TOKEN, { ...SHORT, fetch: halfway });
  expect(await failureOf(readRepository(github))).toContain('did not answer within 0.05 s');
});

import { expect, test } from 'vitest';
import { explainGithubError } from '../../src/github/explain-github-error.ts';
import { readRepository, underPresentName } from '../../src/github/repository.ts';
import { openScene, run, TOKEN } from '../deliver/scene.ts';
import { startGithubServer } from '../github-server/server.mjs';

const failureOf = (work: Promise<unknown>) => work.then(() => 'answered', String);
const COMMENT = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';

test.each([
  ['the validating', {}],
  ["the toolkit's", { fetch: undefined }],
])(
  "with %s fetch, an old name's redirects keep method, body and token, and the present name is told",
  async (_, how) => {
    const scene = await openScene();
    await run(scene.github);
    scene.server.state.renamedFrom = 'acme/former';
    const github = scene.connect(TOKEN, { repo: 'former', ...how });
    await github.request(COMMENT, { owner: github.owner, repo: github.repo, issue_number: 1, body: 'Hello' });
    expect(scene.server.pulls[0]?.comments).toMatchObject([{ body: 'Hello' }]);
    const repository = await readRepository(github);
    expect(repository).toMatchObject({ fullName: 'acme/infra', defaultBranch: 'main' });
    const start = scene.server.requests.length;
    expect(await readRepository(underPresentName(github, repository))).toEqual(repository);
    expect(scene.server.requests.slice(start).map(({ path }) => path)).toEqual(['/repos/acme/infra']);
  },
);

test.each([301, 302, 307, 308])('a redirect to another host (%i) gets neither token nor content', async (status) => {
  const scene = await openScene();
  const other = await startGithubServer({ gitDir: scene.gitDir });
  const location = `${other.url}/repos/acme/infra/issues/1/comments`;
  scene.server.faults.add({ answer: { status, headers: { location }, body: { message: 'Moved' } } });
  const sent = scene.github.request(COMMENT, { owner: 'acme', repo: 'infra', issue_number: 1, body: 'Hello' });
  const thrown: unknown = await sent.catch((error) => error);
  const sentence = explainGithubError(thrown, { doing: 'comment', permission: 'pull-requests: write' });
  expect(sentence).toContain(`the answer redirects to another host, ${new URL(other.url).host} (HTTP ${status})`);
  expect(sentence).toContain('check GITHUB_API_URL');
  expect(other.requests).toEqual([]);
  await other.stop();
});

test('a redirect in a circle ends', async () => {
  const scene = await openScene();
  const location = `${scene.server.url}/repos/acme/infra`;
  scene.server.faults.add({ times: 100, answer: { status: 302, headers: { location }, body: { message: 'Moved' } } });
  expect(await failureOf(readRepository(scene.github))).toContain('HTTP 302');
  expect(scene.server.requests).toHaveLength(4);
});

test("a login page in GitHub's place is told as one, and asked for once", async () => {
  const scene = await openScene();
  scene.server.faults.page({ times: 10 });
  expect(await failureOf(readRepository(scene.github))).toMatch(
    /a page titled "Sign in" came in place of an answer \(HTTP 200\)\. .*check GITHUB_API_URL/,
  );
  expect(scene.server.requests).toHaveLength(1);
});

test("a page of GitHub's edge about a failure is waited out like any failure", async () => {
  const scene = await openScene();
  scene.server.faults.page({ times: 3, status: 502, title: '502 Bad Gateway' });
  expect(await readRepository(scene.github)).toMatchObject({ defaultBranch: 'main' });
  scene.server.faults.page({ times: 4, status: 502, title: '502 Bad Gateway' });
  expect(await failureOf(readRepository(scene.github))).toContain('a page titled "502 Bad Gateway"');
});

test('an answer that was cut short is asked for again', async () => {
  const scene = await openScene();
  let cut = 1;
  const send: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (cut-- <= 0) return answer;
    return new Response((await answer.text()).slice(0, 50), { headers: { 'content-type': 'application/json' } });
  };
  expect(await readRepository(scene.connect(TOKEN, { fetch: send }))).toMatchObject({ defaultBranch: 'main' });
  cut = 10;
  expect(await failureOf(readRepository(scene.connect(TOKEN, { fetch: send })))).toContain('was cut short');
});

test('requests name the version of the API', async () => {
  const scene = await openScene();
  await readRepository(scene.github);
  expect(scene.server.requests[0]?.headers).toMatchObject({ 'x-github-api-version': '2022-11-28' });
  const unknown = scene.connect(TOKEN, { apiVersion: '2021-01-01' });
  expect(await failureOf(readRepository(unknown))).toContain('(HTTP 400)');
});

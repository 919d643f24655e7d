import { getOctokit } from '@actions/github';
import { expect, test } from 'vitest';
import { createGithub } from '../../src/github/create-github.ts';
import { explainGithubError } from '../../src/github/explain-github-error.ts';

const ATTEMPT = {
  doing: 'commit the report to main',
  branch: 'main',
  branchOption: 'report-branch',
  permission: 'contents: write',
} as const;

function rest(status: number, message: string, headers: object = {}, errors: object[] = []) {
  return Object.assign(new Error(message), { status, response: { status, headers, data: { message, errors } } });
}

function graphql(type: string, message: string) {
  return Object.assign(new Error(message), { errors: [{ type, message }], headers: {} });
}

test.each([
  [rest(401, 'Bad credentials'), 'Check github-token'],
  [
    rest(403, 'Resource not accessible by integration', { 'x-accepted-github-permissions': 'contents=write' }),
    'GitHub accepts contents=write',
  ],
  [
    rest(403, 'GitHub Actions is not permitted to create or approve pull requests.'),
    'Allow GitHub Actions to create and approve pull requests',
  ],
  [rest(403, 'You have exceeded a secondary rate limit.'), 'rate limit'],
  [rest(429, 'API rate limit exceeded'), 'rate limit'],
  [rest(404, 'Not Found'), 'cannot find the repository'],
  [rest(409, 'Git Repository is empty.'), 'Push a first commit'],
  [rest(422, 'Reference update failed'), 'Set report-branch'],
  [
    rest(422, 'Validation Failed', {}, [{ resource: 'PullRequest', field: 'head', code: 'invalid' }]),
    'head is invalid',
  ],
  [rest(502, 'Server Error'), 'HTTP 502'],
  [graphql('BRANCH_PROTECTION_RULE_VIOLATION', 'Changes must be made through a pull request'), 'Set report-branch'],
  [
    graphql('UNPROCESSABLE', 'Repository rule violations found\n\nCommits must have verified signatures.'),
    'Set report-branch',
  ],
  [graphql('FORBIDDEN', 'Resource not accessible by integration'), '"contents: write"'],
  [graphql('RATE_LIMITED', 'API rate limit exceeded'), 'rate limit'],
])('%s', (error, said) => {
  const sentence = explainGithubError(error, ATTEMPT);
  expect(sentence).toContain(said);
  expect(sentence).toMatch(/^Could not commit the report to main: [^\n]+\.$/);
});

test('a connection that failed is not taken for an answer, and the proxy is named', async () => {
  const refused = async () => {
    throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 192.0.2.1:443') });
  };
  const log = { step() {}, debug() {}, warn() {}, group: <T>(_: string, work: () => Promise<T>) => work() };
  const client = createGithub(
    {
      token: 't',
      apiUrl: 'https://api.github.invalid',
      owner: 'o',
      repo: 'r',
      fetch: refused,
      log,
      pace: 'immediate',
    },
    getOctokit,
  );
  const thrown = await client.request('GET /repos/{owner}/{repo}', { owner: 'o', repo: 'r' }).catch((error) => error);
  const sentence = explainGithubError(thrown, { doing: 'read the repository', permission: 'contents: read' });
  expect(sentence).toMatch(/could not be reached \(connect ECONNREFUSED 192\.0\.2\.1:443\).*set HTTPS_PROXY/);
});

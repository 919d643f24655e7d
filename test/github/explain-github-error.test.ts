import { getOctokit } from '@actions/github';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGithub } from '../../src/github/create-github.ts';
import { explainGithubError } from '../../src/github/explain-github-error.ts';

const ATTEMPT = {
  doing: 'commit the report to main',
  branch: 'main',
  branchOption: 'report-branch',
  permission: 'contents: write',
} as const;

function rest(status: number, message: string, headers: object = {}, errors: unknown[] = []) {
  return Object.assign(new Error(message), { status, response: { status, headers, data: { message, errors } } });
}

function graphql(type: string, message: string) {
  return Object.assign(new Error(message), { errors: [{ type, message }], headers: {} });
}

/** What octokit throws where the answer is no JSON. */
function page(status: number, data: string, type = 'text/html; charset=utf-8') {
  return Object.assign(new Error(data), { status, response: { status, headers: { 'content-type': type }, data } });
}

const SAML =
  'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.';

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
  [rest(403, SAML), 'Authorize the token for the organisation under the token'],
  [
    rest(403, SAML, { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=A1' }),
    'Authorize the token for the organisation at https://github.com/orgs/acme/sso?authorization_request=A1,',
  ],
  [rest(403, SAML, { 'x-github-sso': 'required; url=javascript:alert(1)' }), 'under the token'],
  [rest(403, SAML, { 'x-github-sso': 'partial-results; organizations=21955855' }), 'under the token'],
  [graphql('FORBIDDEN', SAML), 'Authorize the token'],
  [
    graphql('NOT_FOUND', "Could not resolve to a Repository with the name 'acme/saml-single-sign-on'."),
    'cannot find the repository',
  ],
  [
    graphql('UNPROCESSABLE', 'Repository rule violations found\n\nCannot update refs/heads/saml-must-be-signed.'),
    'is protected by a rule',
  ],
  [
    rest(403, 'The `acme` organization has an IP allow list enabled, and 192.0.2.7 is not permitted to access this.'),
    'a self-hosted runner',
  ],
  [rest(403, 'Repository was archived so is read-only.'), 'Unarchive the repository'],
  [rest(422, 'Commits must have verified signatures.'), 'not those of a personal token'],
  [rest(410, 'Issues are disabled for this repo'), 'Features → Issues'],
  [rest(403, 'Unable to create comment because issue is locked.'), 'conversation is locked: unlock it'],
  [rest(403, 'GitHub Actions has been disabled for this user.'), 'Settings → Actions → General'],
  [
    rest(422, 'Validation Failed', {}, ["Could not resolve to a node with the global id of 'T_1'."]),
    "Could not resolve to a node with the global id of 'T_1'.",
  ],
  [page(200, '<!DOCTYPE html><title>Sign in</title>'), 'a page titled "Sign in" came in place of an answer (HTTP 200)'],
  [page(403, '<html><h1>Blocked by the proxy</h1>'), 'check GITHUB_API_URL, HTTPS_PROXY and NO_PROXY'],
  [page(502, '<html><title>502 Bad Gateway</title>'), 'GitHub failed. Try again later'],
  [page(503, 'upstream connect error', 'text/plain'), 'a page titled "upstream connect error"'],
  [rest(500, ''), 'GitHub gave no reason (HTTP 500)'],
])('%s', (error, said) => {
  const sentence = explainGithubError(error, ATTEMPT);
  expect(sentence).toContain(said);
  expect(sentence).toMatch(/^Could not commit the report to main: [^\n]+\.$/);
});

test("GitHub's own words come first, on one line and harmless, however long and strange they are", () => {
  const words = `Not\u001b[31m so\r\n::error::fast\u202e${'x'.repeat(1000)}`;
  const sentence = explainGithubError(rest(403, words), ATTEMPT);
  expect(sentence).toMatch(
    /^Could not commit the report to main: GitHub says "Not \[31m so ::error::fast x+…" \(HTTP 403\)\. /,
  );
  expect(sentence.length).toBeLessThan(700);
});

test('whatever is thrown, it is one harmless line of bounded length', () => {
  const anything = fc.record(
    {
      status: fc.option(fc.integer({ min: 100, max: 599 })),
      message: fc.string({ unit: 'binary', maxLength: 2000 }),
      name: fc.constantFrom('HttpError', 'NoAnswer'),
      errors: fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.anything())),
      response: fc.record({
        headers: fc.dictionary(
          fc.constantFrom('x-github-sso', 'location', 'content-type', 'x-accepted-github-permissions'),
          fc.string(),
        ),
        data: fc.oneof(fc.string({ unit: 'binary', maxLength: 2000 }), fc.anything()),
      }),
    },
    { requiredKeys: ['message'] },
  );
  fc.assert(
    fc.property(anything, (thrown) => {
      const sentence = explainGithubError(Object.assign(new Error(thrown.message), thrown), ATTEMPT);
      expect(sentence).toMatch(/^Could not commit the report to main: [^\p{Cc}\p{Cf}]+$/u);
      expect(sentence.length).toBeLessThan(1500);
    }),
  );
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

import { Answer, forbidden } from './answer.mjs';
import { graphqlError } from './faults.mjs';

/** docs.github.com/en/rest/about-the-rest-api/api-versions: the first is what requests get that name none. */
const VERSIONS = ['2022-11-28', '2026-03-10'];

/**
 * What 2026-03-10 no longer answers, of what is answered here (docs.github.com/en/rest/about-the-rest-api/breaking-changes):
 * of pull requests and issues, of repositories.
 */
export const REMOVED = ['merge_commit_sha', 'assignee', 'has_downloads', 'use_squash_pr_title_as_default'];

/** What stands before every request: the API's version, the organisation's rules, an old name, the token's permissions. */
export function createAccess({ state, url, owner }) {
  const versionOf = ({ headers, path }) =>
    path === '/graphql' ? VERSIONS[0] : (headers['x-github-api-version'] ?? VERSIONS[0]);

  /** GraphQL tells a refusal in its own way: with 200, and the type FORBIDDEN (fwouts/prmonitor#1042). */
  const refuse = (request, message, headers = {}) => {
    if (request.path !== '/graphql') throw new Answer(403, { message }, headers);
    const answer = graphqlError('FORBIDDEN', message);
    Object.assign(answer.headers, headers);
    throw answer;
  };

  return {
    /** Throws the answer where the request may not go on. */
    check(request) {
      // "If you specify an API version that is no longer supported, you will receive a 400 error"; its words are not documented.
      if (!VERSIONS.includes(versionOf(request)))
        throw new Answer(400, { message: `API version ${versionOf(request)} is not supported.` });
      // docs: authenticating-to-the-rest-api, "Authorizing your personal access token for SAML SSO"; its words: cli/cli#2661.
      if (state.saml) {
        const sso = `required; url=https://github.com/orgs/${owner}/sso?authorization_request=AZSCKtL4U8yX1H3sCQIVnVgmjmon5fWxks5YrqhJgah0b2tlbl9pZM4EuMz4`;
        const words =
          'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.';
        refuse(request, words, { 'x-github-sso': sso });
      }
      // Its words: aquasecurity/trivy#10567.
      if (state.ipAllowList)
        refuse(
          request,
          `Although you appear to have the correct authorization credentials, the \`${owner}\` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.`,
        );
      // Its words: GHRepository's documentation of kohsuke/github-api; GraphQL's type is not documented.
      if (state.archived && request.write) refuse(request, 'Repository was archived so is read-only.');
    },

    /**
     * Where a repository has been renamed: GET 301, others 307, to an address that tells the number only (docs: best practices,
     * "Follow redirects"; cli/cli#7106). Undefined where the name is the present one.
     */
    redirect({ method, path, query }) {
      const prefix = `/repos/${state.renamedFrom}`;
      if (state.renamedFrom === undefined || !`${path}/`.startsWith(`${prefix}/`)) return undefined;
      const search = query.size === 0 ? '' : `?${query}`;
      const location = `${url}/repositories/4711${path.slice(prefix.length)}${search}`;
      return new Answer(method === 'GET' ? 301 : 307, { message: 'Moved Permanently', url: location }, { location });
    },

    /** Throws where the token may read but not write this. The header's form: docs, troubleshooting-the-rest-api. */
    checkWrite(rest) {
      const isConversation = /^\/(pulls|issues)/.test(rest);
      if (!(state.readOnly || (isConversation ? state.pullRequestsReadOnly : state.contentsReadOnly))) return;
      const isIssue = rest.startsWith('/issues');
      throw forbidden(
        isIssue ? 'issues=write; pull_requests=write' : isConversation ? 'pull_requests=write' : 'contents=write',
      );
    },

    /** The answer as the asked version has it. */
    inVersion: (request, body) => (versionOf(request) === VERSIONS[1] ? without(body) : body),
  };
}

function without(body) {
  if (Array.isArray(body)) return body.map(without);
  if (typeof body !== 'object' || body === null) return body;
  const kept = Object.entries(body).filter(([key]) => !REMOVED.includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, without(value)]));
}

/**
 * The headers that tell how much is left, on every answer (docs: rate-limits-for-the-rest-api). A workflow's token has 1,000
 * an hour for each repository; here there is always one left, since only faults use a limit up.
 */
export function createMeter(now) {
  const used = { core: 0, graphql: 0 };
  return (request) => {
    const resource = request.path === '/graphql' ? 'graphql' : 'core';
    used[resource]++;
    return {
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': String(Math.max(1, 1000 - used[resource])),
      'x-ratelimit-used': String(used[resource]),
      'x-ratelimit-reset': String(Math.floor(Date.parse(now()) / 1000) + 3600),
      'x-ratelimit-resource': resource,
    };
  };
}

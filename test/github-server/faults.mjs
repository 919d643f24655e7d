import { Answer } from './answer.mjs';

const writes = (request) => request.write;

/**
 * What goes wrong, and when. A fault is `{on, times, skip, before, answer, after}`: for requests that `on` accepts, after
 * the first `skip`, `times` times: `before` runs, then `answer` is sent instead of the handler's (with `after: true`
 * the handler has run first). `answer: 'drop'` cuts the connection, `'hang'` never answers. `late` is awaited before the
 * request is handled, while others go on.
 */
export function createFaults(state) {
  let faults = [];
  let killed;

  const faultsApi = {
    add(fault) {
      faults.push({ times: 1, skip: 0, ...fault, on: fault.on ?? (() => true) });
      return faultsApi;
    },
    clear() {
      faults = [];
      killed = undefined;
      state.protections.clear();
      Object.assign(state, { mayCreatePulls: true, mergeableAfter: 0, listLag: 0, refLag: 0, ...OPEN });
    },
    /** The runner dies at the nth request from now (from 0): before it arrives, or after it has done its work. */
    killAt(n, { after = false } = {}) {
      killed = { left: n, after };
    },
    forbidQuery: (part) =>
      faultsApi.add({
        on: ({ operation, body }) => operation !== undefined && body.query.includes(part),
        times: Number.POSITIVE_INFINITY,
        answer: graphqlError('FORBIDDEN', 'Resource not accessible by integration'),
      }),
    staleHead: (times = 1, before = undefined) =>
      faultsApi.add({
        on: ({ operation }) => operation === 'createCommitOnBranch',
        times,
        before,
        answer: graphqlError(
          'STALE_DATA',
          `Expected branch to point to "0000000000000000000000000000000000000000" but it did not.  Pull and try again.`,
        ),
      }),
    refExists: () =>
      faultsApi.add({
        on: ({ operation }) => operation === 'updateRefs',
        answer: graphqlError('UNPROCESSABLE', 'Reference already exists'),
      }),
    notPermittedToCreatePullRequests() {
      state.mayCreatePulls = false;
    },
    readOnlyToken() {
      state.readOnly = true;
    },
    /** `kind`: `classic`, `ruleset` or, where only signed commits are taken, `signatures`. */
    protect: (branch, kind = 'classic') => state.protections.set(branch, kind),
    secondaryLimit: ({ retryAfter, times = 1, on = writes } = {}) =>
      faultsApi.add({
        on,
        times,
        answer: new Answer(
          403,
          { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' },
          retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
        ),
      }),
    primaryLimit: ({ resetIn = 0, times = 1, on = () => true } = {}) =>
      faultsApi.add({
        on,
        times,
        answer: new Answer(
          403,
          { message: 'API rate limit exceeded for installation ID 1.' },
          { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + resetIn) },
        ),
      }),
    badGateway: ({ on = writes, after = false, times = 1, skip = 0 } = {}) =>
      faultsApi.add({ on, after, times, skip, answer: new Answer(502, { message: 'Server Error' }) }),
    /** Never answered; with `after`, the work was done. Without `on`, GitHub is silent: every request hangs. */
    hang: ({ on, after = false, times = Number.POSITIVE_INFINITY, skip = 0 } = {}) =>
      faultsApi.add({ on, after, times, skip, answer: 'hang' }),
    /** Handled and answered late: after `ms`, or once `until` is settled. */
    delay: ({ on, ms = 0, until, times = 1, skip = 0 }) =>
      faultsApi.add({ on, times, skip, late: () => until ?? new Promise((resolve) => setTimeout(resolve, ms)) }),
    /**
     * What was just created is not there yet for the next request. Not documented; dependabot-core's pull request creator
     * and fullsend-ai/fullsend#5774 met the message.
     */
    treeNotYetThere: (times = 1) =>
      faultsApi.add({
        on: ({ method, path }) => method === 'POST' && path.endsWith('/git/commits'),
        times,
        answer: new Answer(422, { message: 'Tree SHA does not exist' }),
      }),
    /**
     * A pull request that was just opened is no node yet for its labels, reviewers and assignees. Not documented; seen in
     * peter-evans/create-pull-request#4321 and, with these fields, in trstringer/manual-approval#208.
     */
    nodeNotYetThere: ({ times = 1, skip = 0, on = isAboutPeople } = {}) =>
      faultsApi.add({ on, times, skip, answer: nodeMissing }),

    /**
     * Two writers meet at a branch, and one loses; it is over at once. Not documented; dependabot-core's pull request updater
     * and others who commit by the API meet this refusal, which leaves the branch as it was.
     */
    lockConflict: ({ on = movesBranch, times = 1 } = {}) =>
      faultsApi.add({ on, times, answer: graphqlError('UNPROCESSABLE', 'Reference cannot be updated') }),
    /** A page in place of an answer: of a proxy, a login, or of GitHub's own edge. */
    page: ({ on, times = 1, status = 200, title = 'Sign in' } = {}) => {
      const answer = new Answer(status, {}, { 'content-type': 'text/html; charset=utf-8' });
      answer.body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>${title}</body></html>`;
      return faultsApi.add({ on, times, answer });
    },

    /** For the server: what to do with this request. */
    meet(request) {
      if (killed !== undefined) {
        if (killed.left === 0) {
          killed.left = -1;
          return { answer: 'drop', after: killed.after };
        }
        if (killed.left < 0) return { answer: 'drop', after: false };
        killed.left--;
      }
      const fault = faults.find((one) => one.times > 0 && one.on(request));
      if (fault === undefined) return undefined;
      if (fault.skip > 0) {
        fault.skip--;
        return undefined;
      }
      fault.times--;
      return fault;
    },
  };
  return faultsApi;
}

/** What lets the token do everything, and the organisation everybody. */
export const OPEN = {
  readOnly: false,
  contentsReadOnly: false,
  pullRequestsReadOnly: false,
  archived: false,
  saml: false,
  ipAllowList: false,
};

const movesBranch = ({ operation }) => operation === 'createCommitOnBranch' || operation === 'updateRefs';

const isAboutPeople = ({ method, path }) => method === 'POST' && /\/(labels|assignees|requested_reviewers)$/.test(path);

const nodeMissing = new Answer(422, {
  message: 'Validation Failed',
  errors: [
    {
      resource: 'Issue',
      code: 'unprocessable',
      field: 'data',
      message: "Could not resolve to a node with the global id of 'PR_kwDOAAASZ84AAAAB'.",
    },
  ],
});

export function graphqlError(type, message) {
  const answer = new Answer(200, { message });
  answer.body = { data: null, errors: [{ type, message, path: [], locations: [{ line: 1, column: 1 }] }] };
  return answer;
}

import { setTimeout } from 'node:timers/promises';
import type { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import type { Log } from '../log.ts';
import { withoutTrailing } from '../text/without-trailing.ts';
import { checkAnswers } from './check-answer.ts';
import { followRedirects } from './follow-redirects.ts';
import type { GetOctokit } from './load-toolkit.ts';
import { limitTime } from './time-limit.ts';

/** One repository on GitHub. `request` is typed by route; both carry the token, the retries and the waits. */
export interface Github {
  readonly owner: string;
  readonly repo: string;
  readonly request: Octokit['request'];
  readonly graphql: Octokit['graphql'];
  readonly log: Log;
  /** Waits so many seconds; not at all where the pace is `immediate`. */
  readonly pause: (seconds: number) => Promise<void>;
}

export interface GithubOptions {
  readonly token: string;
  /** `GITHUB_API_URL`: `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  /** `GITHUB_GRAPHQL_URL`; derived from `apiUrl` where absent. */
  readonly graphqlUrl?: string;
  readonly owner: string;
  readonly repo: string;
  readonly fetch?: typeof fetch;
  readonly log: Log;
  /** `unhurried` follows GitHub's advice (a second between writes); `immediate` never waits, for tests and demos. */
  readonly pace?: 'unhurried' | 'immediate';
  /** In how many seconds GitHub must answer; three times as many where megabytes travel. */
  readonly timeLimit?: number;
  /** The REST API's version that is asked for. Nothing is read that the next one, 2026-03-10, leaves out. */
  readonly apiVersion?: string;
}

/** In seconds. Unanswered requests took 100 s each, and were repeated three times. */
const TIME_LIMIT = 30;

const API_VERSION = '2022-11-28';

/** All waits for rate limits of one run together, in seconds. */
const LONGEST_WAIT = 120;

/**
 * The client that everything in a run shares, so that its writes come one by one and its waits are counted together.
 * Waits for a rate limit only while all waits stay under two minutes; retries what failed on the way three times, and what
 * GitHub left unanswered once. The token goes to the API's host only.
 */
export function createGithub(options: GithubOptions, getOctokit: GetOctokit): Github {
  const { owner, repo, log } = options;
  const unhurried = (options.pace ?? 'unhurried') === 'unhurried';
  let waited = 0;

  function mayWait(seconds: number, request: { readonly method?: string; readonly url?: string }): boolean {
    const where = `${request.method ?? ''} ${request.url ?? ''}`.trim();
    if (waited + seconds > LONGEST_WAIT) {
      log.warn(
        `GitHub's rate limit asks to wait another ${seconds} s (${where}); that is too long, so this request is abandoned`,
      );
      return false;
    }
    waited += seconds;
    log.step(`GitHub's rate limit: waiting ${seconds} s (${where})`);
    return true;
  }

  const settings = {
    baseUrl: withoutTrailing(options.apiUrl, '/'),
    userAgent: 'kubernetes-memory-inspector',
    log: {
      debug: () => {},
      info: () => {},
      warn: (text: string) => log.debug(text),
      error: (text: string) => log.debug(text),
    },
    ...(options.fetch === undefined ? {} : { request: { fetch: options.fetch } }),
    throttle: {
      id: `${owner}/${repo}`,
      onRateLimit: (seconds: number, request: object) => mayWait(seconds, request),
      onSecondaryRateLimit: (seconds: number, request: object) => mayWait(seconds, request),
      ...(unhurried ? {} : { retryAfterBaseValue: 0, ...withoutPauses() }),
    },
    retry: {
      // 429 belongs to the throttling; a 409 does not go away by itself.
      doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451],
      ...(unhurried ? {} : { retryAfterBaseValue: 0 }),
    },
  };
  // The first wraps the request most closely: what it throws is repeated by those after it.
  const plugins = [
    atHost(options.apiVersion),
    checkAnswers,
    limitTime(options.timeLimit ?? TIME_LIMIT),
    retry,
    throttling,
  ];
  const octokit = getOctokit(options.token, settings, ...plugins);
  const graphqlBase = options.graphqlUrl?.replace(/\/graphql\/*$/, '');
  const graphql = graphqlBase === undefined ? octokit.graphql : octokit.graphql.defaults({ baseUrl: graphqlBase });
  const pause = (seconds: number) => (unhurried ? setTimeout(seconds * 1000) : Promise.resolve());
  return { owner, repo, request: octokit.request, graphql, log, pause };
}

/** A plugin that names the version of the REST API, and follows redirects within its host. */
function atHost(version = API_VERSION): (octokit: Octokit) => void {
  let send: typeof fetch | undefined;
  return (octokit) =>
    octokit.hook.before('request', (options) => {
      // Hooks cannot hand on other options than these.
      if (options.url !== '/graphql') options.headers['x-github-api-version'] = version;
      send ??= followRedirects(options.request.fetch ?? fetch);
      options.request.fetch = send;
    });
}

/** Stands where the throttling keeps its queues, and lets everything through at once. */
function withoutPauses(): object {
  const key = () => ({
    schedule: <A extends unknown[], R>(_job: object, work: (...args: A) => R, ...args: A): R => work(...args),
  });
  const group = { key };
  return { global: group, auth: group, search: group, write: group, notifications: group };
}

import type { Octokit } from '@octokit/core';
import type { Hooks } from '@octokit/core/types';

type Options = Hooks['request']['Options'];
type Answer = Hooks['request']['Result'];

/** A request that was given up because no answer came. Its status lets the retry plugin repeat it. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly status = 500;
  readonly request: object;

  constructor(seconds: number, where: string, options: Options) {
    super(`GitHub did not answer within ${Math.round(seconds * 100) / 100} s (${where})`);
    this.request = { ...options };
  }
}

/** Where megabytes go one way or the other. */
const LARGE = { times: 3, routes: /\/git\/(?:trees|blobs)(?:\/|$)/, operation: 'createCommitOnBranch' };

/** After so many, a run takes GitHub to be down, and repeats nothing any more. */
const PATIENCE = 3;

/** The share of its time that a request still gets while nothing at all is answered. */
const IMPATIENT = 1 / 6;

/**
 * A plugin that gives up a request after `seconds` (three times as many where megabytes travel), and throws `NoAnswer`. It
 * must come before the retry plugin, which then repeats that request once. One plugin counts for all requests of a run: from the
 * third time-out on none is repeated, and while not even an error is answered, requests get a sixth of their time.
 */
export function limitTime(seconds: number): (octokit: Octokit) => void {
  let timeouts = 0;
  let inARow = 0;

  async function send(request: (options: Options) => Answer | Promise<Answer>, options: Options, where: string) {
    const limit = (isLarge(options) ? LARGE.times : 1) * seconds * (inARow < PATIENCE ? 1 : IMPATIENT);
    try {
      const answer = await within(limit, (signal) => {
        // Hooks cannot hand on other options than these.
        options.request.signal = signal;
        return request(options);
      });
      inARow = 0;
      return answer;
    } catch (error) {
      if (error !== GIVEN_UP) {
        if (typeof error === 'object' && error !== null && 'response' in error) inARow = 0;
        throw error;
      }
      timeouts++;
      inARow++;
      options.request.retries = timeouts < PATIENCE ? Math.min(options.request.retries ?? 1, 1) : 0;
      throw new NoAnswer(limit, where, options);
    }
  }

  return (octokit) =>
    octokit.hook.wrap('request', (request, options) => send(request, options, nameOf(octokit, options)));
}

const GIVEN_UP = Symbol('given up');

/** Rejects with `GIVEN_UP` after the time, even where the work does not heed its signal or ends without its body. */
async function within<Value>(seconds: number, work: (signal: AbortSignal) => Value | Promise<Value>): Promise<Value> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(GIVEN_UP);
      controller.abort();
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work(controller.signal), end]);
  } finally {
    clearTimeout(timer);
  }
}

function operationOf({ query }: Options): string | undefined {
  return typeof query === 'string' ? /\{\s*(\w+)/.exec(query)?.[1] : undefined;
}

function isLarge(options: Options): boolean {
  return LARGE.routes.test(options.url) || operationOf(options) === LARGE.operation;
}

/** `POST /repos/acme/infra/pulls`, or a GraphQL query's first field. */
function nameOf(octokit: Octokit, options: Options): string {
  const operation = operationOf(options);
  if (operation !== undefined) return operation;
  const { method, url } = octokit.request.endpoint(options);
  return `${method} ${new URL(url).pathname}`;
}

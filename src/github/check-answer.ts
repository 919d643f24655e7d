import type { Octokit } from '@octokit/core';
import type { Hooks } from '@octokit/core/types';

type Answer = Hooks['request']['Result'];

/** Something else than GitHub's API answered, or not all of the answer came. Only the latter is worth repeating. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';
  /** 500 where the answer was cut short, and then without a response, as where the connection fails. */
  readonly status: number;
  readonly response?: { readonly status: number; readonly headers: object; readonly data: unknown };
  readonly request: object;

  constructor(message: string, status: number, answer: Answer | undefined, request: object) {
    super(message);
    this.status = status;
    if (answer !== undefined) this.response = { ...answer };
    this.request = { ...request };
  }
}

/** A plugin for clients of which every answer with content is JSON. Throws `ForeignAnswer` for any other. */
export function checkAnswers(octokit: Octokit): void {
  octokit.hook.wrap('request', async (request, options) => {
    const answer = await request(options);
    if (answer.status >= 300)
      throw new ForeignAnswer('the answer redirects to another host', answer.status, answer, options);
    if (answer.status === 204 || (typeof answer.data === 'object' && !(answer.data instanceof ArrayBuffer)))
      return answer;
    if (/^application\/json\b/.test(String(answer.headers['content-type'])))
      throw new ForeignAnswer('the answer is no JSON, or was cut short', 500, undefined, options);
    throw new ForeignAnswer('the answer is a page, not JSON', answer.status, answer, options);
  });
}

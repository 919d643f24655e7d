import type { getOctokit } from '@actions/github';
import { messageOf, UserError } from '../errors.ts';

/** Makes the toolkit's client for a token. */
export type GetOctokit = typeof getOctokit;

/**
 * The toolkit's `getOctokit`. The toolkit reads the event's file as it is loaded, so it is loaded only where something is
 * delivered. Throws a `UserError` where that file cannot be read.
 */
export async function loadToolkit(): Promise<GetOctokit> {
  try {
    return (await import(/* webpackMode: "eager" */ '@actions/github')).getOctokit;
  } catch (cause) {
    throw new UserError(
      `The event file that GITHUB_EVENT_PATH names cannot be read (${messageOf(cause)}), and GitHub's toolkit needs it. Run the action in a workflow, or unset the variable.`,
      { cause },
    );
  }
}

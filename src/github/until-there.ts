import type { Github } from './create-github.ts';
import { readFailure } from './read-failure.ts';

/** In seconds. What is not there after seven of them is not just late. */
const WAITS = [1, 2, 4];

/** What GitHub says of a tree, a commit or a pull request that it has made a moment ago, but does not yet know everywhere. */
const NOT_YET_THERE =
  /(?:Tree|Parent) SHA does not exist|Could not resolve to a node with the global id|Object does not exist/i;

/** What it says to one of two that write to a branch at the same time. */
const LOCKED = /cannot lock ref|Reference cannot be updated/i;

/** Whether GitHub says that it does not know yet what it has made a moment ago. */
export function isNotYetThere(message: string): boolean {
  return NOT_YET_THERE.test(message);
}

/** Whether GitHub says that somebody else holds the branch at this moment. */
export function isLocked(message: string): boolean {
  return LOCKED.test(message);
}

/** Does what stands upon something that was just made; tries again with growing waits while GitHub does not see that. */
export function untilThere<Value>(github: Github, work: () => Promise<Value>): Promise<Value> {
  return tryWhile(github, isNotYetThere, work);
}

/** Does what moves a branch; tries again with growing waits while somebody else holds the branch. */
export function untilUnlocked<Value>(github: Github, work: () => Promise<Value>): Promise<Value> {
  return tryWhile(github, isLocked, work);
}

async function tryWhile<Value>(
  github: Github,
  isPassing: (message: string) => boolean,
  work: () => Promise<Value>,
): Promise<Value> {
  for (const seconds of WAITS) {
    try {
      return await work();
    } catch (error) {
      const { message } = readFailure(error);
      if (!isPassing(message)) throw error;
      github.log.debug(`GitHub says "${message}"; trying again in ${seconds} s`);
      await github.pause(seconds);
    }
  }
  return work();
}

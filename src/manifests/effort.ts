/** Thrown where a repository takes more than a run gives it: nothing more of it is judged, and that is said. */
export class OverEffort extends Error {}

/**
 * What a part of the work on a repository has taken. A unit is about as much as parsing one value takes, a few
 * microseconds; whatever runs over what a repository wrote spends some, so that no content makes it endless.
 */
export interface Effort {
  /** Throws `OverEffort` when there is nothing left. */
  spend(units: number): void;
}

/** What is done in the time of a unit. */
export const IN_A_UNIT = {
  /** Steps of comparing a glob with a path. */
  globSteps: 50,
  /** Charts that are held against a file's place. */
  charts: 15,
  /** Characters of which the words are taken, or that values are merged with; names that are looked up. */
  looks: 20,
  /** Folders that are held against one, or whose place in another is asked for. */
  folders: 20,
  /** Characters that are searched for a name. */
  searched: 10_000,
  /** Bytes of an archive. */
  unpacked: 500,
} as const;

/** Some thirty seconds on a small runner; thousands of manifests take a tenth of it. */
const MOST_UNITS = 10_000_000;

export function createEffort(most: number = MOST_UNITS): Effort {
  let left = most;
  return {
    spend(units) {
      left -= units;
      if (left < 0) throw new OverEffort('reading the repository takes more than a run may');
    },
  };
}

/** How a report says it. */
export const OVER_EFFORT = {
  reason: 'over budget',
  why: 'not judged: reading what the repository holds takes too long; narrow the option manifests to the files that matter',
} as const;

/** What the work gives, or a refusal where it takes too much. */
export async function withinEffort<T>(
  work: () => Promise<T>,
): Promise<T | (typeof OVER_EFFORT & { readonly lookedAt: readonly string[] })> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof OverEffort)) throw thrown;
    return { ...OVER_EFFORT, lookedAt: [] };
  }
}

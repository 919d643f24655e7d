import type { Github } from '../github/create-github.ts';
import { type Marker, readMarker } from './marker.ts';
import { listPulls, type Pull } from './pull-api.ts';

/** A pull request that a run of the action made. */
export interface OwnPull extends Pull {
  readonly marker: Marker;
}

/** The pull requests of one branch, told apart by whose they are; the newest first. */
export interface BranchPulls {
  readonly own: readonly OwnPull[];
  readonly others: readonly ForeignPull[];
}

/** A pull request that is not the action's. `why` tells what it lacks. */
export interface ForeignPull extends Pull {
  readonly why: string;
}

/** Reads the pull requests of a branch, open, merged and closed. */
export async function readPulls(github: Github, branch: string): Promise<BranchPulls> {
  const own: OwnPull[] = [];
  const others: ForeignPull[] = [];
  for (const pull of await listPulls(github, branch)) {
    const marker = readMarker(pull.body);
    if (marker === undefined)
      others.push({ ...pull, why: `pull request #${pull.number} has no marker of the inspector` });
    else own.push({ ...pull, marker });
  }
  return { own, others };
}

/** The first of those that are open: more than one can only be open against other bases. */
export function openOf<P extends Pull>(pulls: readonly P[]): P | undefined {
  return pulls.filter((pull) => pull.state === 'open').at(-1);
}

export function hasOpen({ own, others }: BranchPulls): boolean {
  return openOf(own) !== undefined || openOf(others) !== undefined;
}

/** The pull request by which a branch is somebody else's: an open one, or one whose last commit the branch still points to. */
export function findClaim({ others }: BranchPulls, head: string): ForeignPull | undefined {
  return openOf(others) ?? others.find((pull) => pull.head.sha === head);
}

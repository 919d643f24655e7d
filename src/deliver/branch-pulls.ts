import type { Github } from '../github/create-github.ts';
import { createIsSelf, type IsSelf } from '../github/identity.ts';
import { listPulls, type Pull } from '../github/pull-requests.ts';
import { type Marker, readMarker } from './marker.ts';

/** A pull request that a run of the action made: it has the marker, and an author that a run may have. */
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
export type ReadPulls = (branch: string) => Promise<BranchPulls>;

/** Reads them from GitHub. What is asked of the token's own account is asked once for all branches. */
export function createReadPulls(github: Github): ReadPulls {
  const isSelf = createIsSelf(github);
  return async (branch) => {
    const own: OwnPull[] = [];
    const others: ForeignPull[] = [];
    for (const pull of await listPulls(github, branch)) {
      const marker = readMarker(pull.body);
      const author = pull.user?.login ?? 'a deleted account';
      const what = `pull request #${pull.number}, opened by ${author},`;
      if (marker === undefined) others.push({ ...pull, why: `${what} has no marker from the inspector` });
      else if (await mayBeOurs(pull, isSelf)) own.push({ ...pull, marker });
      else others.push({ ...pull, why: `${what} was opened neither by a bot nor by this token's account` });
    }
    return { own, others };
  };
}

/** Anybody can copy a marker. Any bot may have opened it: a token of Actions and one of an App may have taken turns. */
async function mayBeOurs({ user }: Pull, isSelf: IsSelf): Promise<boolean> {
  return user !== null && (user.type === 'Bot' || (await isSelf(user.login)));
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

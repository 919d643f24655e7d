import type { Github } from '../github/create-github.ts';
import { listPulls, listPullsOf, type Pull } from '../github/list-pulls.ts';
import { isMetricsSlug, isSlug } from './branch-names.ts';
import { type Marker, readMarker } from './marker.ts';

/** A pull request that a run of the action made: it has the marker, and an author that a run may have. */
export interface OwnPull extends Pull {
  readonly marker: Marker;
}

/** A pull request that is not the action's. `why` tells what it lacks. */
export interface ForeignPull extends Pull {
  readonly why: string;
}

/** The pull requests of one branch, told apart by whose they are; the newest first. */
export interface BranchPulls {
  readonly own: readonly OwnPull[];
  readonly others: readonly ForeignPull[];
}

/** The pull requests of all branches of one kind that a run may have made, under whatever prefix, grouping or cluster name. */
export interface KnownPulls extends BranchPulls {
  /** Whether there are older ones that were not looked at. */
  readonly cutOff: boolean;
  /** Those of a branch, of whatever kind. */
  of(branch: string): BranchPulls;
  /** The same with a branch read anew: all its pull requests, of whatever age. */
  readAgain(branch: string): Promise<KnownPulls>;
}

/** Reads them once for all branches; `isOne` tells the kind by the last segment of a branch. */
export async function readKnownPulls(github: Github, isOne = isSlug): Promise<KnownPulls> {
  const { pulls, cutOff } = await listPulls(
    github,
    (branch) => isSlug(slugOf(branch)) || isMetricsSlug(slugOf(branch)),
  );
  return know(github, pulls, isOne, cutOff);
}

function slugOf(branch: string): string {
  return branch.split('/').at(-1) ?? '';
}

function know(github: Github, pulls: readonly Pull[], isOne: (slug: string) => boolean, cutOff: boolean): KnownPulls {
  const own: OwnPull[] = [];
  const others: ForeignPull[] = [];
  for (const pull of pulls) {
    const marker = readMarker(pull.body);
    const what = `pull request #${pull.number}, opened by ${pull.author?.login ?? 'a deleted account'},`;
    if (marker === undefined) others.push({ ...pull, why: `${what} has no marker from the inspector` });
    else if (mayBeOurs(pull)) own.push({ ...pull, marker });
    else others.push({ ...pull, why: `${what} was opened neither by a bot nor by this token's account` });
  }
  const at = (branch: string) => (pull: Pull) => pull.head.branch === branch;
  const isOfKind = ({ head }: Pull) => isOne(slugOf(head.branch));
  return {
    own: own.filter(isOfKind),
    others: others.filter(isOfKind),
    cutOff,
    of: (branch) => ({ own: own.filter(at(branch)), others: others.filter(at(branch)) }),
    async readAgain(branch) {
      const anew = await listPullsOf(github, branch);
      const rest = pulls.filter((pull) => pull.head.branch !== branch);
      return know(
        github,
        [...rest, ...anew].sort((a, b) => b.number - a.number),
        isOne,
        cutOff,
      );
    },
  };
}

/** Anybody can copy a marker. Any bot may have opened it: a token of Actions and one of an App may have taken turns. */
export function mayBeOurs({ author, isOwn }: Pull): boolean {
  return isOwn || author?.isBot === true;
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

import type { Github } from '../github/create-github.ts';
import { type BranchPulls, type ForeignPull, findClaim } from './own-pulls.ts';
import { readSeal } from './seal.ts';

/** Whose a branch is. Only a branch that is `ours` or `spent` may be moved or deleted. */
export type BranchState =
  | { readonly state: 'absent' }
  /** One sealed commit upon the base, and nothing else but merges of the base: also where its run opened no pull request. `upon`: its parent. */
  | { readonly state: 'ours'; readonly head: string; readonly fingerprint: string; readonly upon: string | undefined }
  /** Ends in the sealed commit of a pull request of ours, and the base holds all of it. */
  | { readonly state: 'spent'; readonly head: string }
  /** `pull`: the pull request by which it is somebody else's. */
  | { readonly state: 'edited'; readonly head: string; readonly why: string; readonly pull?: ForeignPull };

/** Reads what a branch holds beyond the base branch, and judges it by content: names and e-mails can be anybody's. */
export async function readBranchState(
  github: Github,
  baseBranch: string,
  head: string | undefined,
  pulls: BranchPulls,
): Promise<BranchState> {
  if (head === undefined) return { state: 'absent' };
  const claim = findClaim(pulls, head);
  if (claim !== undefined) return { state: 'edited', head, why: claim.why, pull: claim };
  const comparison = await compare(github, baseBranch, head);
  if (comparison.total > 0) return judgeCommits(github, head, comparison);
  // Anybody may make a branch at a commit of the base, and that commit may be one of ours.
  const wasOurs = pulls.own.some((pull) => pull.head.sha === head) && (await endsSealed(github, comparison.mergeBase));
  if (wasOurs) return { state: 'spent', head };
  return {
    state: 'edited',
    head,
    why: 'the inspector did not make its branch; delete the branch to have it recreated',
  };
}

async function judgeCommits(github: Github, head: string, comparison: Comparison): Promise<BranchState> {
  const { commits, total, files } = comparison;
  const edited = (why: string): BranchState => ({ state: 'edited', head, why });
  const [own, ...others] = commits.filter((commit) => commit.parents.length < 2);
  if (own === undefined || others.length > 0 || total > commits.length)
    return edited('its branch has commits that the inspector did not make');
  const fingerprint = readSeal(own);
  if (fingerprint === undefined) return edited('the commit on its branch was amended, rebased or made by a person');
  const merged = commits.length > 1;
  if (merged && !(await holdsOnly(github, own, files)))
    return edited('a merge on its branch changed more than the inspector did');
  return { state: 'ours', head, fingerprint, upon: own.parents[0] };
}

/** Whether a merged branch ends in a sealed commit, or in merges of the base upon one (the button "Update branch"). */
async function endsSealed(github: Github, tip: ComparedCommit): Promise<boolean> {
  if (readSeal(tip) !== undefined) return true;
  const merged = tip.parents[1];
  if (merged === undefined) return false;
  return (await judgeCommits(github, tip.sha, await compare(github, merged, tip.sha))).state === 'ours';
}

/** Files in a comparison (docs.github.com, Compare two commits). */
const MOST_COMPARED = 300;

interface ComparedCommit {
  readonly sha: string;
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

interface Comparison {
  readonly commits: readonly ComparedCommit[];
  readonly total: number;
  readonly mergeBase: ComparedCommit;
  /** Blob SHA by path. */
  readonly files: ReadonlyMap<string, string | null>;
}

async function compare(github: Github, base: string, head: string): Promise<Comparison> {
  const { owner, repo } = github;
  const basehead = `${base}...${head}`;
  const { data } = await github.request('GET /repos/{owner}/{repo}/compare/{basehead}', { owner, repo, basehead });
  return {
    commits: data.commits.map(toCommit),
    total: data.total_commits,
    mergeBase: toCommit(data.merge_base_commit),
    files: new Map((data.files ?? []).map((file) => [file.filename, file.sha])),
  };
}

interface AnsweredCommit {
  readonly sha: string;
  readonly commit: { readonly message: string; readonly tree: { readonly sha: string } };
  readonly parents: readonly { readonly sha: string }[];
}

function toCommit({ sha, commit, parents }: AnsweredCommit): ComparedCommit {
  return { sha, message: commit.message, tree: commit.tree.sha, parents: parents.map((parent) => parent.sha) };
}

/** After "Update branch": whether the branch differs from the base by just what the sealed commit changed. */
async function holdsOnly(github: Github, own: ComparedCommit, files: Comparison['files']): Promise<boolean> {
  const [parent] = own.parents;
  if (parent === undefined) return false;
  const alone = await compare(github, parent, own.sha);
  // GitHub tells of so many files at most.
  if (alone.files.size >= MOST_COMPARED) return false;
  return alone.files.size === files.size && [...alone.files].every(([path, sha]) => files.get(path) === sha);
}

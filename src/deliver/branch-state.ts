import type { Github } from '../github/create-github.ts';
import { readSeal } from './marker.ts';

/** Whose a branch is. Only a branch that is `ours` or `spent` may be moved. */
export type BranchState =
  | { readonly state: 'absent' }
  /** One sealed commit upon the base, and nothing else but merges of the base. */
  | { readonly state: 'ours'; readonly head: string; readonly fingerprint: string }
  /** Holds nothing that the base does not hold. */
  | { readonly state: 'spent'; readonly head: string }
  | { readonly state: 'edited'; readonly head: string; readonly why: string };

/** Reads what a branch holds beyond the base branch, and judges it by content: names and e-mails can be anybody's. */
export async function readBranchState(
  github: Github,
  baseBranch: string,
  head: string | undefined,
): Promise<BranchState> {
  if (head === undefined) return { state: 'absent' };
  const { commits, total, files } = await compare(github, baseBranch, head);
  if (total === 0) return { state: 'spent', head };
  const edited = (why: string): BranchState => ({ state: 'edited', head, why });
  const [own, ...others] = commits.filter((commit) => commit.parents.length < 2);
  if (own === undefined || others.length > 0 || total > commits.length)
    return edited('its branch holds commits that are not from a run of the inspector');
  const fingerprint = readSeal(own);
  if (fingerprint === undefined) return edited('the commit on its branch was amended, rebased or made by a person');
  const merged = commits.length > 1;
  if (merged && !(await holdsOnly(github, own, files)))
    return edited('a merge on its branch changed more than the inspector had');
  return { state: 'ours', head, fingerprint };
}

interface ComparedCommit {
  readonly sha: string;
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

interface Comparison {
  readonly commits: readonly ComparedCommit[];
  readonly total: number;
  /** Blob SHA by path. */
  readonly files: ReadonlyMap<string, string | null>;
}

async function compare(github: Github, base: string, head: string): Promise<Comparison> {
  const { owner, repo } = github;
  const basehead = `${base}...${head}`;
  const { data } = await github.request('GET /repos/{owner}/{repo}/compare/{basehead}', { owner, repo, basehead });
  return {
    commits: data.commits.map(({ sha, commit, parents }) => ({
      sha,
      message: commit.message,
      tree: commit.tree.sha,
      parents: parents.map((parent) => parent.sha),
    })),
    total: data.total_commits,
    files: new Map((data.files ?? []).map((file) => [file.filename, file.sha])),
  };
}

/** After "Update branch": whether the branch differs from the base by just what the sealed commit changed. */
async function holdsOnly(github: Github, own: ComparedCommit, files: Comparison['files']): Promise<boolean> {
  const [parent] = own.parents;
  if (parent === undefined) return false;
  const alone = await compare(github, parent, own.sha);
  return alone.files.size === files.size && [...alone.files].every(([path, sha]) => files.get(path) === sha);
}

import type { Github } from '../github/create-github.ts';
import { type BranchUpdate, listBranches, moveBranch, readBranch } from '../github/repository.ts';
import { untilThere } from '../github/until-there.ts';
import type { Base } from '../repository/github-files.ts';
import type { PullRequestInput } from './delivery-input.ts';
import { type ChangedFile, markChanges, type Proposal } from './proposal.ts';
import { writeTitle } from './pull-request-text.ts';
import { sealMessage, writeValues } from './seal.ts';

/** One commit upon the base with these files, sealed. Nothing points to it yet. */
export async function createChangeCommit(
  github: Github,
  base: Base,
  files: readonly ChangedFile[],
  message: string,
  fingerprint: string,
): Promise<string> {
  const { owner, repo } = github;
  // Only what changes is sent: rules on file paths look at every entry of a tree.
  const tree = files.map(({ path, mode, after }) => ({ path, mode, type: 'blob' as const, content: after }));
  const created = await github.request('POST /repos/{owner}/{repo}/git/trees', {
    owner,
    repo,
    base_tree: base.tree,
    tree,
  });
  const parents = [base.commit];
  const commit = {
    owner,
    repo,
    message: sealMessage(message, fingerprint, created.data.sha, parents),
    tree: created.data.sha,
    parents,
  };
  const { data } = await untilThere(github, () => github.request('POST /repos/{owner}/{repo}/git/commits', commit));
  return data.sha;
}

/** The message of a proposal's commit. The old values stand in it as well: history is the backup. */
export function writeMessage(proposal: Proposal, { options, report }: PullRequestInput): string {
  const lines = proposal.changes.flatMap(({ location: { suggestion } }) =>
    [suggestion.limit, suggestion.request].flatMap((value) =>
      value === undefined ? [] : [`- ${suggestion.container}: ${value.why}`],
    ),
  );
  const source = report === undefined ? [] : [`From the memory report of ${report.date}.`];
  const said = [writeTitle(proposal, options.clusterName), '', ...lines, ...source]
    .join('\n')
    .replace(/\[(?=[a-z ]+\])/gi, '(');
  return [said, '', ...writeValues(markChanges(proposal.changes))].join('\n');
}

/**
 * Lets a branch point to a commit if it still points to what was seen; creates it where it was absent. Straight from
 * the old commit to the new one: a branch that equals its base, even for a moment, has its pull request closed for good.
 */
export async function pointBranch(
  github: Github,
  base: Base,
  branch: string,
  seen: string | undefined,
  commit: string,
): Promise<BranchUpdate> {
  try {
    return await moveBranch(github, base.repository.nodeId, branch, seen, commit);
  } catch (error) {
    const obstacle = seen === undefined ? await findObstacle(github, branch) : undefined;
    if (obstacle === undefined) throw error;
    const text = `the branch ${obstacle} conflicts with the name ${branch}. Delete it, or set pull-request-branch-prefix.`;
    throw new Error(text, { cause: error });
  }
}

/** Git keeps branches like files: none can be where another has a folder. */
async function findObstacle(github: Github, branch: string): Promise<string | undefined> {
  const segments = branch.split('/');
  for (let length = 1; length < segments.length; length++) {
    const parent = segments.slice(0, length).join('/');
    if ((await readBranch(github, parent)) !== undefined) return parent;
  }
  return [...(await listBranches(github, `${branch}/`)).keys()][0];
}

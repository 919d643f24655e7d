import type { Github } from '../github/create-github.ts';
import { listBranches } from '../github/repository.ts';
import { isMetricsSlug, isSlug } from './branch-names.ts';
import { type BranchPulls, hasOpen, type KnownPulls } from './own-pulls.ts';

/** Names and commits of the branches in a run's folder that may be its own, about memory or the way of metrics. */
export async function listOwnBranches(github: Github, folder: string): Promise<ReadonlyMap<string, string>> {
  const all = await listBranches(github, folder);
  const isOwn = (slug: string) => isSlug(slug) || isMetricsSlug(slug);
  return new Map([...all].filter(([branch]) => isOwn(branch.slice(folder.length))));
}

/**
 * Whether one more pull request may be open beside those of other branches. The branch has been pushed before this is asked:
 * of two runs at once at least one sees the branch of the other, so that together they never pass the limit. A branch
 * counts that has an open pull request, or whose commit none had yet: somebody is about to open one.
 */
export async function mayTakePlace(
  github: Github,
  folder: string,
  branch: string,
  pulls: KnownPulls,
  limit: number,
): Promise<boolean> {
  const others = [...(await listOwnBranches(github, folder))].filter(([one]) => one !== branch);
  return others.filter(([one, head]) => takesPlace(pulls.of(one), head)).length < limit;
}

/** Whether a branch at a commit has an open pull request, or is about to get one. */
export function takesPlace(pulls: BranchPulls, head: string): boolean {
  return hasOpen(pulls) || ![...pulls.own, ...pulls.others].some((pull) => pull.head.sha === head);
}

/** A pull request as the event that started the job tells of it. Commits are SHAs; all texts are its author's. */
export interface PullRequestTrigger {
  readonly kind: 'pull request';
  readonly number: number;
  readonly base: { readonly ref: string; readonly sha: string };
  readonly head: { readonly sha: string };
  /** From a fork and for Dependabot, a job has no secrets and may write nothing. */
  readonly from: 'same repository' | 'fork' | 'Dependabot';
  /** What happened to it: `opened`, `synchronize`. */
  readonly action?: string;
}

/** What started the job. */
export type Trigger =
  | PullRequestTrigger
  | {
      readonly kind: 'merge group';
      readonly base: { readonly ref?: string; readonly sha: string };
      readonly head: { readonly sha: string };
    }
  | { readonly kind: 'push'; readonly before?: string }
  /** It runs with the base's rights on what somebody else may have written; `why` is the sentence for the user. */
  | { readonly kind: 'refused'; readonly why: string }
  /** `why`, where it tells of a pull request or merge group that is over: nothing is to be judged; a sentence for the user. */
  | { readonly kind: 'other'; readonly why?: string };

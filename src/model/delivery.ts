/** What became of one pull request in this run. */
export interface PullRequestResult {
  readonly state:
    | 'opened'
    | 'updated'
    | 'unchanged'
    | 'closed'
    | 'declined'
    | 'edited by a person'
    | 'over the limit'
    | 'failed'
    | 'dry run';
  readonly branch: string;
  readonly title: string;
  readonly number?: number;
  readonly url?: string;
  /** Of one that this run has opened, in unix seconds. */
  readonly createdAt?: number;
  /** Keys `namespace/kind/name/container` of the suggestions it carries. */
  readonly suggestions: readonly string[];
  /** Plain text: why it is declined, failed … */
  readonly why?: string;
  /** GitHub has not told yet whether it conflicts with its base. */
  readonly unsure?: boolean;
  /** In a dry run: what would be committed, as a unified diff. */
  readonly diff?: string;
}

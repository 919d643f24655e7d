import type { Github } from '../github/create-github.ts';

const COMMENTS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { fullDatabaseId body viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

interface AnsweredComment {
  /** A number beyond 32 bits, as text. */
  readonly fullDatabaseId: string | number | null;
  readonly body: string;
  readonly viewerDidAuthor: boolean;
}

interface CommentPage {
  readonly nodes: readonly (AnsweredComment | null)[] | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A comment of this token's own account. `id` is that of the REST API, and grows from comment to comment. */
export interface OwnComment {
  readonly id: number;
  readonly body: string;
}

/** The hidden mark by which a comment is known again; `key` is made of word characters, colons and single dashes. */
export function markComment(key: string): string {
  return `<!-- kubernetes-memory-inspector:${key} -->`;
}

/**
 * The comments of a pull request that this token's account has written with a mark, the oldest first. What others have written
 * is none of them. By GraphQL, because REST tells a comment's author, but not every kind of token who it is itself.
 */
export async function* findOwnComments(github: Github, number: number, mark: string): AsyncGenerator<OwnComment> {
  const { owner, repo } = github;
  let after: string | null = null;
  do {
    const page: CommentPage = await readComments(github, { owner, repo, number, after });
    for (const comment of page.nodes ?? []) {
      if (!comment?.viewerDidAuthor || !comment.body.includes(mark)) continue;
      yield { id: Number(comment.fullDatabaseId), body: comment.body };
    }
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
}

async function readComments(github: Github, variables: Readonly<Record<string, unknown>>): Promise<CommentPage> {
  const answer = await github.graphql<{ repository: { pullRequest: { comments: CommentPage } } }>(COMMENTS, {
    ...variables,
  });
  return answer.repository.pullRequest.comments;
}

/** Writes a comment, and gives its id. Not sent again by itself: an answer that was lost would make two comments. */
export async function createComment(github: Github, number: number, body: string): Promise<number> {
  const { owner, repo } = github;
  const once = { request: { retries: 0 } };
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const { data } = await github.request(route, { owner, repo, issue_number: number, body, ...once });
  return Number(data.id);
}

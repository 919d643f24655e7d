import type { Github } from '../github/create-github.ts';

const COMMENTS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { body viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

interface CommentPage {
  readonly nodes: readonly ({ readonly body: string; readonly viewerDidAuthor: boolean } | null)[] | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/**
 * Writes a comment unless this token's account has written one with the same hidden key: a run that died after writing
 * it writes no second. What others have written silences nothing.
 */
export async function commentOnce(github: Github, number: number, key: string, text: string): Promise<void> {
  const { owner, repo } = github;
  const mark = `<!-- kubernetes-memory-inspector:${key} -->`;
  if (await hasOwnComment(github, number, mark)) return;
  const body = `${text}\n\n${mark}`;
  // Not sent again by itself: an answer that was lost would make two comments.
  const once = { request: { retries: 0 } };
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
  await github.request(route, { owner, repo, issue_number: number, body, ...once });
}

/** By GraphQL, because REST tells a comment's author, but not every kind of token who it is itself. */
async function hasOwnComment(github: Github, number: number, mark: string): Promise<boolean> {
  const { owner, repo } = github;
  let after: string | null = null;
  do {
    const page: CommentPage = await readComments(github, { owner, repo, number, after });
    if (page.nodes?.some((comment) => comment?.viewerDidAuthor && comment.body.includes(mark))) return true;
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return false;
}

async function readComments(github: Github, variables: Readonly<Record<string, unknown>>): Promise<CommentPage> {
  const answer = await github.graphql<{ repository: { pullRequest: { comments: CommentPage } } }>(COMMENTS, {
    ...variables,
  });
  return answer.repository.pullRequest.comments;
}

import { createHash } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { Github } from '../github/create-github.ts';
import { explainGithubError, readFailure } from '../github/explain-github-error.ts';
import { createComment, findOwnComments, markComment, type OwnComment } from './own-comments.ts';

/** What one comment of a pull request is to say. */
export interface KeptComment {
  /** Markdown of at most 65,000 characters. */
  readonly text: string;
  /** `update only` writes none where there is none. */
  readonly mode: 'write' | 'update only';
  /** What it is about: a pull request has one comment of each kind. */
  readonly kind?: 'gate' | 'follow-up';
  /** Each cluster has a comment of its own. */
  readonly clusterName?: string;
}

export type KeptState = 'written' | 'updated' | 'unchanged' | 'none';

/** How often a comment is sent whose answers get lost. */
const ATTEMPTS = 2;

/**
 * Keeps one comment with what the last run said: updated in place, which notifies nobody, and only where the text differs. Of
 * several, as two runs at once may write them, the oldest stays. Comments of other accounts are left alone. Throws a
 * `UserError` that names the permission.
 */
export async function keepComment(github: Github, number: number, comment: KeptComment): Promise<KeptState> {
  try {
    return await keep(github, number, comment);
  } catch (cause) {
    const attempt = { doing: `comment on pull request #${number}`, permission: 'pull-requests: write' };
    throw new UserError(explainGithubError(cause, attempt), { cause });
  }
}

async function keep(
  github: Github,
  number: number,
  { text, mode, kind = 'gate', clusterName }: KeptComment,
): Promise<KeptState> {
  const mark = markComment(keyOf(kind, clusterName));
  const body = `${text}\n\n${mark}`;
  const [oldest, ...others] = await listOwn(github, number, mark);
  for (const { id } of others) await removeComment(github, id);
  if (oldest !== undefined) {
    if (isSame(oldest.body, body)) return 'unchanged';
    if (await updateComment(github, oldest.id, body)) return 'updated';
  }
  if (mode === 'update only') return 'none';
  const id = await create(github, number, mark, body);
  await settle(github, number, mark, { id, body });
  return 'written';
}

/** Names may hold what would end a comment of HTML. */
function keyOf(kind: string, clusterName: string | undefined): string {
  if (clusterName === undefined) return kind;
  return `${kind}:${createHash('sha256').update(clusterName).digest('hex').slice(0, 16)}`;
}

async function listOwn(github: Github, number: number, mark: string): Promise<OwnComment[]> {
  const found: OwnComment[] = [];
  for await (const comment of findOwnComments(github, number, mark)) found.push(comment);
  return found.sort((a, b) => a.id - b.id);
}

/** Writes it; where the answer was lost, looks whether it is there before it is sent again. */
async function create(github: Github, number: number, mark: string, body: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await createComment(github, number, body);
    } catch (error) {
      if (!mayHaveArrived(error)) throw error;
      const there = (await listOwn(github, number, mark)).find((one) => isSame(one.body, body));
      if (there !== undefined) return there.id;
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function mayHaveArrived(error: unknown): boolean {
  const { status = 0, unreached, unanswered } = readFailure(error);
  return unreached === true || unanswered === true || status >= 500;
}

/**
 * Another run may have written one in the meantime. Each sees at least its own and those before, and all agree on the oldest: the
 * others are deleted, and whoever wrote one of those leaves its words in the oldest.
 */
async function settle(github: Github, number: number, mark: string, own: OwnComment): Promise<void> {
  const listed = (await listOwn(github, number, mark)).filter(({ id }) => id !== own.id);
  const [oldest, ...others] = [own, ...listed].sort((a, b) => a.id - b.id);
  if (oldest === undefined) return;
  for (const { id } of others) await removeComment(github, id);
  if (!isSame(oldest.body, own.body)) await updateComment(github, oldest.id, own.body);
}

/** False where it is no longer there. */
async function updateComment(github: Github, id: number, body: string): Promise<boolean> {
  const { owner, repo } = github;
  try {
    const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
    await github.request(route, { owner, repo, comment_id: id, body });
    return true;
  } catch (error) {
    if (readFailure(error).status === 404) return false;
    throw error;
  }
}

/** One that is gone already is no failure. */
async function removeComment(github: Github, id: number): Promise<void> {
  const { owner, repo } = github;
  try {
    await github.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', { owner, repo, comment_id: id });
  } catch (error) {
    if (readFailure(error).status !== 404) throw error;
  }
}

/** GitHub may give line ends and blanks at the end back in another form. */
function isSame(a: string, b: string): boolean {
  const plain = (text: string) => text.replace(/\r\n/g, '\n').trim();
  return plain(a) === plain(b);
}

import type { Github } from '../github/create-github.ts';
import { createComment, findOwnComments, markComment } from './own-comments.ts';

/**
 * Writes a comment unless this token's account has written one with the same hidden key: a run that died after writing
 * it writes no second. What others have written silences nothing.
 */
export async function commentOnce(github: Github, number: number, key: string, text: string): Promise<void> {
  const mark = markComment(key);
  for await (const _ of findOwnComments(github, number, mark)) return;
  await createComment(github, number, `${text}\n\n${mark}`);
}

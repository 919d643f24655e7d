import type { GateVerdict } from '../model/gate.ts';

/** What becomes of the comment: written or updated, only updated where there is one, or left alone. */
export type CommentChoice = 'write' | 'update only' | 'nothing';

/** When to comment, by the option `comment`. What an earlier run has said is taken back where it no longer holds. */
export function chooseComment(option: 'auto' | 'always' | 'never', verdict: GateVerdict): CommentChoice {
  if (option === 'never') return 'nothing';
  if (verdict.unread.length > 0 || verdict.verdict !== 'green') return 'write';
  return option === 'always' && verdict.changes.length > 0 ? 'write' : 'update only';
}

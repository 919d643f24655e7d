import { formatMegabytes } from './bytes.ts';

/**
 * A failure that the user can mend: its message says what happened, with which option or permission, and the fix.
 * Everything else that is thrown is a bug.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** A file that is larger than what it is read for may be. */
export class FileTooLarge extends UserError {
  constructor(path: string, mostBytes: number) {
    super(
      `The file "${path}" is larger than ${formatMegabytes(mostBytes)}, far larger than such a file should be: check the path.`,
    );
  }
}

/** The message of whatever was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/\s+/g, ' ').trim();
}

/** What the user can mend of what goes wrong in `work`: it takes nothing else of the run with it. */
export async function failureOf(work: () => void | Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.message;
    throw thrown;
  }
}

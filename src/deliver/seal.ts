import { createHash } from 'node:crypto';
import type { MarkedChange } from './marker.ts';

export interface SealedCommit {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

const TRAILERS = /\n\nMemory-Inspector-Changes: ([0-9a-f]{16})\nMemory-Inspector-Seal: ([0-9a-f]{32})\s*$/;

const VALUE = /^Memory-Inspector-Value: (\S{1,600}) (limit|request) (\d{1,16})$/;
/** Beyond that a message is no longer one. */
const MOST_VALUES = 100;

/** The values of a commit as lines of its message: they outlive the pull request's body, which a person may replace. */
export function writeValues(changes: readonly MarkedChange[]): string[] {
  return changes.slice(0, MOST_VALUES).map((change) => `Memory-Inspector-Value: ${change.join(' ')}`);
}

/** The values that a commit's message tells; empty where it tells none. */
export function readValues(message: string): MarkedChange[] {
  return message.split('\n').flatMap((line): MarkedChange[] => {
    const match = VALUE.exec(line);
    if (match === null) return [];
    const [, key = '', field, size] = match;
    return [[key, field === 'limit' ? 'limit' : 'request', Number(size)]];
  });
}

/** The message with trailers that name its changes and seal its tree, parents and text. */
export function sealMessage(text: string, fingerprint: string, tree: string, parents: readonly string[]): string {
  const body = text.trimEnd();
  const seal = sealOf(body, fingerprint, tree, parents);
  return `${body}\n\nMemory-Inspector-Changes: ${fingerprint}\nMemory-Inspector-Seal: ${seal}`;
}

/**
 * The fingerprint of a commit that a run made and nobody has touched: an amended, reworded or rebased one no longer
 * fits its seal. Undefined for every other commit.
 */
export function readSeal({ message, tree, parents }: SealedCommit): string | undefined {
  const match = TRAILERS.exec(message);
  if (match === null) return undefined;
  const [, fingerprint = '', seal] = match;
  return sealOf(message.slice(0, match.index), fingerprint, tree, parents) === seal ? fingerprint : undefined;
}

function sealOf(body: string, fingerprint: string, tree: string, parents: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([body, fingerprint, tree, parents]))
    .digest('hex')
    .slice(0, 32);
}

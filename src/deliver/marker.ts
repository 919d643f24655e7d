import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { MarkedScope } from './scope.ts';

/** A value that a pull request sets: the container's key, the field and bytes. */
export type MarkedChange = readonly [key: string, field: 'limit' | 'request', bytes: number];

/** What a pull request remembers of itself, hidden in its body. Anybody may edit it: a hint, never proof. */
export interface Marker {
  readonly base: string;
  readonly fingerprint: string;
  readonly changes: readonly MarkedChange[];
  readonly paths: readonly string[];
  /** What the run looked at that made it. */
  readonly scope?: MarkedScope;
  /** Set by the run that closed it; a pull request closed without it was closed by a person. */
  readonly closedByRun?: boolean;
  /** Labels, reviewers and assignees have not all been asked for yet. */
  readonly unfinished?: boolean;
}

const MARKER = /<!-- kubernetes-memory-inspector:v1 ([\w.]+) -->/;

/** Larger markers were not written by a run. */
const LARGEST_MARKER = 4 * 1024 * 1024;

/**
 * Deflated, because a body holds 65,536 characters; base64url with dots for its dashes, of which two could be taken for
 * the end of the comment.
 */
export function writeMarker(marker: Marker): string {
  const packed = deflateRawSync(JSON.stringify(marker)).toString('base64url').replaceAll('-', '.');
  return `<!-- kubernetes-memory-inspector:v1 ${packed} -->`;
}

/** The marker of a body; undefined where there is none that can be read. */
export function readMarker(body: string | null | undefined): Marker | undefined {
  const encoded = MARKER.exec(body ?? '')?.[1];
  if (encoded === undefined) return undefined;
  try {
    const packed = Buffer.from(encoded.replaceAll('.', '-'), 'base64url');
    const value: unknown = JSON.parse(inflateRawSync(packed, { maxOutputLength: LARGEST_MARKER }).toString('utf8'));
    return isMarker(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The same body with another marker. */
export function replaceMarker(body: string, marker: Marker): string {
  return MARKER.test(body) ? body.replace(MARKER, () => writeMarker(marker)) : `${body}\n\n${writeMarker(marker)}`;
}

function isMarker(value: unknown): value is Marker {
  if (typeof value !== 'object' || value === null) return false;
  const { base, fingerprint, changes, scope } = value as Record<string, unknown>;
  if (typeof base !== 'string' || typeof fingerprint !== 'string') return false;
  return Array.isArray(changes) && changes.every(isChange) && (scope === undefined || isScope(scope));
}

function isScope(value: unknown): value is MarkedScope {
  if (typeof value !== 'object' || value === null) return false;
  const { cluster, selector } = value as Record<string, unknown>;
  return [cluster, selector].every((text) => text === undefined || typeof text === 'string');
}

function isChange(value: unknown): value is MarkedChange {
  if (!Array.isArray(value)) return false;
  const [key, field, size] = value as unknown[];
  return typeof key === 'string' && (field === 'limit' || field === 'request') && Number.isSafeInteger(size);
}

/** Names a set of changes, whatever their order. */
export function fingerprintOf(changes: readonly MarkedChange[], paths: readonly string[]): string {
  const text = JSON.stringify([changes.map((change) => change.join(' ')).sort(), [...paths].sort()]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export interface SealedCommit {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

const TRAILERS = /\n\nMemory-Inspector-Changes: ([0-9a-f]{16})\nMemory-Inspector-Seal: ([0-9a-f]{32})\s*$/;

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

import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { UseOverTime } from '../model/follow-up.ts';
import { type FollowedState, followedState, useOverTime } from './followed-state.ts';
import type { MarkedScope } from './scope.ts';

/** A value that a pull request sets: the container's key, the field and bytes. */
export type MarkedChange = readonly [key: string, field: 'limit' | 'request', bytes: number];

/** What mends the metrics of a container, by a short name that tells it from any other. */
export type MarkedFix = readonly [key: string, fix: string];

/** What is still to be asked for after a pull request was opened. */
export const FINISH_STEPS = ['labels', 'reviewers', 'team-reviewers', 'assignees'] as const;
export type FinishStep = (typeof FINISH_STEPS)[number];

/** What a pull request remembers of itself, hidden in its body. Anybody may edit it: a hint, never proof. Times are unix seconds. */
export interface Marker {
  readonly base: string;
  readonly fingerprint: string;
  readonly changes: readonly MarkedChange[];
  readonly paths: readonly string[];
  /** Of one that mends the way of metrics, which changes no values: the container's key and a name of what mends it. */
  readonly fixes?: readonly MarkedFix[];
  /** What was set before, of the values that it changes. */
  readonly was?: readonly MarkedChange[];
  /** What the run looked at that made it. */
  readonly scope?: MarkedScope;
  /** When was looked, for what it proposes. */
  readonly at?: number;
  /** The run that opened it. */
  readonly run?: string;
  /** What the base's files were that it changes: the beginning of the blob's SHA by path. Where they still are that, nothing can conflict. */
  readonly blobs?: Readonly<Record<string, string>>;
  /** Keys of the containers that were red when it proposed its values. */
  readonly red?: readonly string[];
  /** What they used before, and how many pods they had, by key. */
  readonly before?: Readonly<Record<string, MarkedUse>>;
  /** The pull requests whose changes it takes back, by key; 0 for a change that had none. */
  readonly reverts?: Readonly<Record<string, number>>;
  /** What came of it once it was merged. */
  readonly followed?: FollowedState;
  /** Since when nothing is needed for a container any more, by key. */
  readonly gone?: Readonly<Record<string, number>>;
  /** Names the title as the action wrote it: what differs is a person's. */
  readonly title?: string;
  /** Names each line of its own part of the body: what differs is a person's. */
  readonly lines?: string;
  /** A run is about to close it, or has; a pull request closed without it was closed by a person. */
  readonly closedByRun?: boolean;
  /** Its closing has not been explained yet. */
  readonly unexplained?: boolean;
  /** What has not gone through yet, and how many runs have tried. */
  readonly left?: { readonly steps: readonly FinishStep[]; readonly runs: number };
}

/** What a container used, with its pods. */
export type MarkedUse = UseOverTime & { readonly pods?: number };

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
    const parsed = markerSchema.safeParse(value);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** The same body with another marker; without one it is a person's, and stays as it is. */
export function replaceMarker(body: string, marker: Marker): string {
  return body.replace(MARKER, () => writeMarker(marker));
}

/** Where the marker stands in a body. */
export function findMarker(body: string): { readonly start: number; readonly end: number } | undefined {
  const match = MARKER.exec(body);
  return match === null ? undefined : { start: match.index, end: match.index + match[0].length };
}

const optional = <Kind extends z.ZodType>(kind: Kind) => kind.optional().catch(undefined);
const seconds = z.number().finite();
const steps = z.array(z.enum(FINISH_STEPS));

const values = z.array(z.tuple([z.string(), z.enum(['limit', 'request']), z.int()]));

/** What is not understood of the optional parts is taken for absent: another version, or a person, may have written it. */
const markerSchema = z.object({
  base: z.string(),
  fingerprint: z.string(),
  changes: values,
  paths: z.array(z.string()).catch([]),
  fixes: optional(z.array(z.tuple([z.string(), z.string()]))),
  scope: z.object({ cluster: z.string().optional(), selector: z.string().optional() }).optional(),
  was: optional(values),
  at: optional(seconds),
  run: optional(z.string()),
  blobs: optional(z.record(z.string(), z.string())),
  red: optional(z.array(z.string())),
  before: optional(z.record(z.string(), useOverTime.extend({ pods: z.int().nonnegative().optional() }))),
  reverts: optional(z.record(z.string(), z.int().nonnegative())),
  followed: optional(followedState),
  gone: optional(z.record(z.string(), seconds)),
  title: optional(z.string()),
  lines: optional(z.string()),
  closedByRun: optional(z.boolean()),
  unexplained: optional(z.boolean()),
  left: optional(z.object({ steps, runs: z.int() })),
});

/** A short name of a text that tells whether it has been changed. */
export function nameText(text: string): string {
  return createHash('sha256').update(text.trim()).digest('base64url').slice(0, 12);
}

/** The keys of the containers that a pull request is about, each once. */
export function keysIn({ changes, fixes = [] }: Pick<Marker, 'changes' | 'fixes'>): readonly string[] {
  return [...new Set([...keysOf(changes), ...fixes.map(([key]) => key)])];
}

/** The keys of the containers that changes are about, each once. */
export function keysOf(changes: readonly MarkedChange[]): readonly string[] {
  return [...new Set(changes.map(([key]) => key))];
}

/** Names a set of changes, whatever their order. */
export function fingerprintOf(changes: readonly (readonly (string | number)[])[], paths: readonly string[]): string {
  const text = JSON.stringify([changes.map((change) => change.join(' ')).sort(), [...paths].sort()]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

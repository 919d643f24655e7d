import type { Suggestion } from './suggestion.ts';

/** Replaces `[start, end)` (UTF-16 offsets) of a file's decoded text at the base. */
export interface TextEdit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** A file that the edit adds (a new Kustomize patch), with its whole text. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** How the edit was proved. `how` is one plain-text sentence; `renderDiff` a unified diff of what was rendered. */
export interface Proof {
  readonly kind: 'parsed' | 'kustomize' | 'helm' | 'not proved';
  readonly how: string;
  readonly renderDiff?: string;
}

/** Somewhere that an edited file is applied. `by` is plain text, `path` the file that describes it. */
export interface ReachedPlace {
  /** `Flux Kustomization apps` */
  readonly by: string;
  readonly path: string;
  readonly cluster?: string;
  readonly namespace?: string;
}

export type NotLocatedReason =
  | 'no manifest'
  | 'ambiguous'
  | 'drift'
  | 'template'
  | 'generated'
  | 'encrypted'
  | 'shared anchor'
  /** Finding out would have taken more time or memory than a run gives it. */
  | 'over budget'
  | 'rendered'
  | 'hands off'
  | 'not editable'
  | 'injected'
  /** Something else than what is edited is applied, or it is not known who applies it. */
  | 'not applied'
  | 'unsafe file';

/** Exact edits and new files, proved. `path` and `line` (from 1) are where a reader should look. */
export interface ProvedEdit {
  readonly path: string;
  readonly line: number;
  readonly edits: readonly TextEdit[];
  readonly newFiles: readonly NewFile[];
  readonly proof: Proof;
  /** Every place where applications apply `path`, where there are several; first its own if that is known. */
  readonly reaches?: readonly ReachedPlace[];
}

/**
 * Where a suggestion belongs in the repository: exact edits, or the reason for none with a snippet to copy.
 * `path` and `line` (from 1) are where a reader should look; `lookedAt` the files that were candidates.
 */
export type Location =
  | (ProvedEdit & { readonly state: 'located'; readonly suggestion: Suggestion })
  | {
      readonly state: 'not located';
      readonly suggestion: Suggestion;
      readonly reason: NotLocatedReason;
      readonly why: string;
      readonly lookedAt: readonly string[];
      readonly snippet: string;
    };

export type Located = Extract<Location, { readonly state: 'located' }>;

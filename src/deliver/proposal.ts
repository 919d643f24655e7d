import { messageOf } from '../errors.ts';
import { bySeverity } from '../model/level.ts';
import { bytesOf } from '../model/workload.ts';
import type { Base } from '../repository/github-files.ts';
import { applyEdits } from '../text/apply-edits.ts';
import type { FileChange } from '../text/unified-diff.ts';
import { branchFolder, branchSlug } from './branch-names.ts';
import { changeKey, type LocatedChange, type ProposedChange, type PullRequestInput } from './delivery-input.ts';
import { fingerprintOf, type MarkedChange } from './marker.ts';

/** The changes of one pull request: its branch, and what they make of the base's files. */
export interface Proposal {
  readonly branch: string;
  readonly direction: 'raise' | 'lower';
  readonly changes: readonly ProposedChange[];
}

/** A file of the commit. `mode` is the base's, or that of a plain file. */
export interface ChangedFile extends FileChange {
  readonly mode: '100644' | '100755';
}

const FIELDS = ['limit', 'request'] as const;

/** Groups the changes, the most urgent group and within it the most urgent change first. */
export function groupChanges({ changes, options }: Pick<PullRequestInput, 'changes' | 'options'>): Proposal[] {
  const folder = branchFolder(options);
  const groups = new Map<string, { direction: 'raise' | 'lower'; changes: ProposedChange[] }>();
  for (const change of [...changes].sort(byUrgency)) {
    const { direction, workload } = change.location.suggestion;
    const branch = folder + branchSlug(direction, options.grouping, workload);
    const group = groups.get(branch);
    if (group === undefined) groups.set(branch, { direction, changes: [change] });
    else group.changes.push(change);
  }
  return [...groups].map(([branch, group]) => ({ branch, ...group }));
}

/** The worst level first; then raising; then what was killed; then the fullest. The key makes it the same everywhere. */
export function byUrgency(a: ProposedChange, b: ProposedChange): number {
  const [left, right] = [a.location.suggestion, b.location.suggestion];
  const raising = Number(right.direction === 'raise') - Number(left.direction === 'raise');
  const killed = Number(b.evidence?.oomKilledAt !== undefined) - Number(a.evidence?.oomKilledAt !== undefined);
  const byKey = changeKey(a) < changeKey(b) ? -1 : 1;
  return bySeverity(left.level, right.level) || raising || killed || fullness(b) - fullness(a) || byKey;
}

function fullness({ evidence, location }: ProposedChange): number {
  const from = location.suggestion.limit?.from;
  return evidence?.used === undefined || from?.state !== 'set' ? 0 : evidence.used / from.bytes;
}

/** The values that changes set, sorted. */
export function markChanges(changes: readonly ProposedChange[]): MarkedChange[] {
  const marked = changes.flatMap((change): MarkedChange[] => {
    const { limit, request } = change.location.suggestion;
    const key = changeKey(change);
    return [
      ...(limit === undefined ? [] : [[key, 'limit', limit.to] as const]),
      ...(request === undefined ? [] : [[key, 'request', request.to] as const]),
    ];
  });
  return marked.sort((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1));
}

/** The values that changes replace; what was not set is not among them. */
export function markOld(changes: readonly ProposedChange[]): MarkedChange[] {
  return changes.flatMap((change) => {
    const { suggestion } = change.location;
    return FIELDS.flatMap((field): MarkedChange[] => {
      const was = bytesOf(suggestion[field]?.from);
      return was === undefined ? [] : [[changeKey(change), field, was]];
    });
  });
}

/** What of a change its commit is made of. */
export interface Editing {
  readonly location: Pick<LocatedChange, 'edits' | 'newFiles'>;
}

/** The files that changes touch, sorted. */
export function changedPaths(changes: readonly Editing[]): string[] {
  const paths = changes.flatMap(({ location }) => [...location.edits, ...location.newFiles].map(({ path }) => path));
  return [...new Set(paths)].sort();
}

export function fingerprintOfChanges(changes: readonly ProposedChange[]): string {
  return fingerprintOf(markChanges(changes), changedPaths(changes));
}

type Files = Pick<Base, 'entries' | 'files'>;

/** All edits of the changes applied to the base's own bytes. Throws where a file may not be edited or edits overlap. */
export async function buildFiles(base: Files, changes: readonly Editing[]): Promise<ChangedFile[]> {
  const edits = changes.flatMap(({ location }) => location.edits);
  const created = new Map<string, string>();
  for (const { path, text } of changes.flatMap(({ location }) => location.newFiles)) {
    const before = created.get(path);
    if (base.entries.has(path) || (before !== undefined && before !== text))
      throw new Error(`two changes add the new file ${path}, or it already exists`);
    created.set(path, text);
  }
  const files: ChangedFile[] = [];
  for (const path of [...new Set(edits.map((edit) => edit.path))].sort()) {
    const mode = editableMode(base, path);
    const before = await readText(base, path);
    const after = applyEdits(
      before,
      edits.filter((edit) => edit.path === path),
      path,
    );
    if (after !== before) files.push({ path, mode, before, after });
  }
  for (const [path, after] of [...created].sort()) {
    refusePath(path);
    files.push({ path, mode: '100644', after });
  }
  return files;
}

export interface Buildable<Change> {
  readonly kept: readonly Change[];
  readonly broken: readonly { readonly change: Change; readonly why: string }[];
}

/** Sorts out the changes that cannot be made beside the more urgent ones, so that they fail alone. */
export async function siftBuildable<Change extends Editing>(
  base: Files,
  changes: readonly Change[],
): Promise<Buildable<Change>> {
  try {
    await buildFiles(base, changes);
    return { kept: changes, broken: [] };
  } catch {
    // Which of them it is, is found one by one.
  }
  const kept: Change[] = [];
  const broken: { change: Change; why: string }[] = [];
  for (const change of changes) {
    try {
      await buildFiles(base, [...kept, change]);
      kept.push(change);
    } catch (error) {
      broken.push({ change, why: messageOf(error) });
    }
  }
  return { kept, broken };
}

function editableMode(base: Files, path: string): '100644' | '100755' {
  refusePath(path);
  const mode = base.entries.get(path)?.mode;
  if (mode !== '100644' && mode !== '100755') throw new Error(`${path} is not a regular file on the base branch`);
  return mode;
}

/** A token of Actions may not write workflows, and no manifest stands there. */
function refusePath(path: string): void {
  const segments = path.split('/');
  if (segments.some((segment) => ['', '.', '..', '.git', '.github'].includes(segment.toLowerCase())))
    throw new Error(`${path} is never edited`);
}

async function readText(base: Files, path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await base.files.read(path));
  } catch (cause) {
    throw new Error(`${path} could not be read as UTF-8: ${messageOf(cause)}`, { cause });
  }
}

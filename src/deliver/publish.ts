import { createPull, type PullUpdate, readPull, type UpdatedPull, updatePull } from '../github/pull-requests.ts';
import type { Base } from '../repository/github-files.ts';
import type { OneInput } from './deliver-pull-request.ts';
import type { Deliverable } from './deliverable.ts';
import { changeKey, type ProposedChange, type PullRequestInput } from './delivery-input.ts';
import { type Finished, finishPullRequest, stepsOf } from './finish-pull-request.ts';
import { keysIn, type Marker, nameText, readMarker, replaceMarker } from './marker.ts';
import { replaceOwnPart, writeOwnPart } from './own-part.ts';
import type { OwnPull } from './own-pulls.ts';
import { type ChangedFile, changedPaths, markChanges, markOld, type Proposal } from './proposal.ts';

/** Of more changes a body has no room for what was there before. */
const MOST_REMEMBERED_WHOLE = 400;

/** A pull request as it is now, and sentences about what did not go through. */
export interface Published {
  readonly pull: UpdatedPull & { readonly marker?: Marker };
  readonly said: readonly string[];
}

/** Opens the pull request of a branch; undefined where there is one already. */
export async function openPullRequest(
  input: OneInput,
  proposal: Deliverable,
  files: readonly ChangedFile[],
): Promise<Published | undefined> {
  const { github, base, options, run } = input;
  const { title } = proposal;
  const left = stepsOf(proposal.recipients);
  const marker: Marker = { ...proposal.remember(), run, title: nameText(title), left };
  const body = writeOwnPart(marker, (longest) => writeText(proposal, files, longest));
  const pull = { title, body, head: proposal.branch, base: base.branch, draft: options.draft };
  const created = await createPull(github, pull);
  if (created === undefined) return undefined;
  return { pull: created, said: await finish(input, proposal, created.number, marker.left) };
}

function writeText(proposal: Deliverable, files: readonly ChangedFile[], longest: number): string {
  const text = proposal.fit(files, longest);
  if (text !== undefined) return text;
  throw new Error(
    'there are too many changes for one pull request. Set pull-request-grouping to workload or namespace.',
  );
}

/** What an open pull request is to tell from now on. `blobs`: those of the commit that its branch had already. */
export interface Rewriting {
  readonly files: readonly ChangedFile[];
  readonly gone: Marker['gone'];
  readonly blobs: Marker['blobs'];
}

/** Writes title and body anew for other values. What a person made of them stays. */
export async function rewritePullRequest(
  input: OneInput,
  proposal: Deliverable,
  { files, gone, blobs }: Rewriting,
  open: OwnPull,
): Promise<Published> {
  const { github } = input;
  const now = await readPull(github, open.number);
  const before = readMarker(now.body) ?? open.marker;
  const { title } = proposal;
  const isOurs = before.title === undefined ? proposal.mayBeTitle(now.title) : before.title === nameText(now.title);
  const { run, left } = before;
  const next = { ...proposal.remember(), run, left, title: nameText(title) };
  const kept = keepGone(gone, next);
  const marker = { ...next, ...(kept === undefined ? {} : { gone: kept }), ...(blobs === undefined ? {} : { blobs }) };
  const body = replaceOwnPart(now.body, before, marker, (longest) => proposal.fit(files, longest));
  const update: PullUpdate = { body, ...(isOurs ? { title } : {}) };
  const pull = now.state === 'open' ? await updatePull(github, open.number, update) : now;
  const said = pull.state === 'open' ? await finish(input, proposal, open.number, left) : [];
  return { pull, said };
}

/**
 * Brings what an open pull request that stays remembers up to date, and asks for what is left of labels and people. Gives
 * sentences about what did not go through. What it remembers is hidden: nobody is notified.
 */
export async function updateMarker(
  input: OneInput,
  proposal: Deliverable,
  open: OwnPull,
  gone: Readonly<Record<string, number>>,
): Promise<readonly string[]> {
  const { marker } = open;
  const said = await finish(input, proposal, open.number, marker.left);
  const kept = keepGone(gone, marker);
  // A person has opened it again.
  const isReopened = marker.closedByRun === true;
  if (!isReopened && sameTimes(marker.gone, kept)) return said;
  await rewriteMarker(input, open.number, ({ gone: _, closedByRun: __, unexplained: ___, ...rest }) => ({
    ...rest,
    ...(kept === undefined ? {} : { gone: kept }),
  }));
  return said;
}

/** Changes what a pull request remembers, upon its body as it is now. */
export async function rewriteMarker(
  { github }: Pick<OneInput, 'github'>,
  number: number,
  change: (marker: Marker) => Marker,
): Promise<void> {
  const { body } = await readPull(github, number);
  const marker = readMarker(body);
  if (marker === undefined) return;
  const next = replaceMarker(body, change(marker));
  if (next !== body) await updatePull(github, number, { body: next });
}

function keepGone(gone: Marker['gone'], marker: Marker): Marker['gone'] {
  const keys = keysIn(marker);
  const kept = Object.entries(gone ?? {}).filter(([key]) => keys.includes(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** Whether the same has been gone for the same time. */
export function sameTimes(before: Marker['gone'] = {}, now: Marker['gone'] = {}): boolean {
  const keys = Object.keys(before);
  return keys.length === Object.keys(now).length && keys.every((key) => before[key] === now[key]);
}

async function finish(
  input: OneInput,
  proposal: Deliverable,
  number: number,
  left: Marker['left'],
): Promise<Finished['said']> {
  if (left === undefined) return [];
  const { github } = input;
  const finished = await finishPullRequest(github, number, proposal.recipients, left);
  await rewriteMarker(input, number, ({ left: _, ...rest }) => ({
    ...rest,
    ...(finished.left === undefined ? {} : { left: finished.left }),
  }));
  for (const sentence of finished.said) github.log.warn(sentence);
  return finished.said;
}

/** A short name of what a file of the base holds; empty where there is none. */
export function blobNameOf({ entries }: Pick<Base, 'entries'>, path: string): string {
  return entries.get(path)?.sha.slice(0, 12) ?? '';
}

/** Whether one of the base's files has become another since a pull request proposed its values; also where it does not tell. */
export function isTouched(base: Pick<Base, 'entries'>, { blobs }: Marker): boolean {
  return blobs === undefined || Object.entries(blobs).some(([path, sha]) => blobNameOf(base, path) !== sha);
}

/** What a pull request about memory remembers. */
export function markerOf(
  { base, scope, at }: Pick<PullRequestInput, 'base' | 'scope' | 'at'>,
  { changes }: Proposal,
  fingerprint: string,
): Marker {
  const paths = changedPaths(changes);
  const isSmall = changes.length <= MOST_REMEMBERED_WHOLE;
  const red = changes.filter(({ location }) => location.suggestion.level === 'red').map(changeKey);
  return {
    base: base.branch,
    fingerprint,
    changes: markChanges(changes),
    paths,
    ...(isSmall ? { was: markOld(changes) } : {}),
    scope: { cluster: scope.cluster, selector: scope.selector },
    at,
    ...(isSmall ? { blobs: Object.fromEntries(paths.map((path) => [path, blobNameOf(base, path)])) } : {}),
    red: [...new Set(red)],
    // Also where nothing is in it, it tells that the change will be followed.
    before: isSmall ? usesOf(changes) : {},
    ...revertsOf(changes),
  };
}

function usesOf(changes: readonly ProposedChange[]): Marker['before'] {
  return Object.fromEntries(
    changes.flatMap((change) => {
      const { before, pods } = change.evidence ?? {};
      return before === undefined ? [] : [[changeKey(change), { ...before, ...(pods === undefined ? {} : { pods }) }]];
    }),
  );
}

function revertsOf(changes: readonly ProposedChange[]): Pick<Marker, 'reverts'> {
  const reverts = changes.flatMap((change) => {
    const { reverts: back } = change.location.suggestion;
    return back === undefined ? [] : [[changeKey(change), back.number ?? 0] as const];
  });
  return reverts.length === 0 ? {} : { reverts: Object.fromEntries(reverts) };
}

import { branchFolder } from './branch-names.ts';
import type { Deliverable } from './deliverable.ts';
import { changeKey, type PullRequestInput } from './delivery-input.ts';
import { joinRecipients, ownersOf } from './owners.ts';
import { buildFiles, fingerprintOfChanges, type Proposal } from './proposal.ts';
import { isTouched, markerOf } from './publish.ts';
import { fitText, isTitle, writeTitle } from './pull-request-text.ts';
import { followNeeds, isNewRed, isWorthPush } from './quiet.ts';
import { type Sifted, siftRefused } from './refusals.ts';
import { writeMessage } from './write-branch.ts';

/** A proposal about memory as what its branch and its pull request shall hold. */
export function memoryDeliverable(input: PullRequestInput, proposal: Proposal): Deliverable {
  const { base, options, scope, at, needs } = input;
  const { branch, changes, direction } = proposal;
  const keys = changes.map(changeKey);
  const fingerprint = fingerprintOfChanges(changes);
  return {
    branch,
    title: writeTitle(proposal, options.clusterName),
    keys,
    suggestions: keys,
    fingerprint,
    message: writeMessage(proposal, input),
    recipients: joinRecipients(options, ownersOf(changes, options.owners)),
    sift(pulls) {
      const sifted = siftRefused(changes, pulls, { cluster: scope.cluster, folder: branchFolder(options), at });
      const { kept } = sifted;
      if (kept.length === 0) return { refused: explainRefused(sifted) };
      return { kept: memoryDeliverable(input, { ...proposal, changes: kept }) };
    },
    follow: ({ marker }) => followNeeds(marker, direction, new Set(keys), needs, at, isTouched(base, marker)),
    isUrgent: (marker) => changes.some((change) => isNewRed(marker, change)),
    isWorthPush: (marker) => isWorthPush(marker, changes),
    files: () => buildFiles(base, changes),
    fit: (files, longest) => fitText(proposal, files, input, longest),
    mayBeTitle: isTitle,
    remember: () => markerOf(input, proposal, fingerprint),
  };
}

function explainRefused({ refused: [first] }: Sifted) {
  const again = 'it is proposed again only after a new OOM kill or with a clearly different value';
  const why =
    first?.refusal.how === 'taken back'
      ? `its values were merged with #${first.refusal.pull.number} and taken back since; ${again}`
      : `a person closed it; ${again}`;
  return { pull: first?.refusal.pull, why };
}

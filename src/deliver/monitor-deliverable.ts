import type { Pull } from '../github/list-pulls.ts';
import { metricsKey } from '../model/monitor-location.ts';
import type { Deliverable, DeliveryContext, Refused } from './deliverable.ts';
import type { PullRequestInput } from './delivery-input.ts';
import type { Marker } from './marker.ts';
import {
  fingerprintOfMonitors,
  keysOfMonitor,
  type MonitorProposal,
  markFixes,
  type ProposedMonitor,
} from './monitor-changes.ts';
import { followFixes, type MonitorNeeds } from './monitor-needs.ts';
import { fitMonitorText, writeMonitorMessage, writeMonitorTitle } from './monitor-text.ts';
import { type KnownPulls, mayBeOurs } from './own-pulls.ts';
import { joinRecipients, ownersOfContainers } from './owners.ts';
import { buildFiles, changedPaths } from './proposal.ts';
import { blobNameOf } from './publish.ts';
import { wasClosedByRun } from './refusals.ts';
import { readSeal } from './seal.ts';
import { refusedUntil, wantsRebase } from './wishes.ts';

/** What the delivery of changes to monitors needs. */
export interface MonitorContext extends DeliveryContext {
  readonly needs: MonitorNeeds;
  /** Where this run's report is or will be. */
  readonly report?: PullRequestInput['report'];
}

/** A proposal about monitors as what its branch and its pull request shall hold. */
export function monitorDeliverable(context: MonitorContext, proposal: MonitorProposal): Deliverable {
  const { base, options, needs, at, report } = context;
  const { branch, changes } = proposal;
  const mends = changes.flatMap(({ location }) => location.mends);
  const keys = [...new Set(changes.flatMap(keysOfMonitor))];
  const title = writeMonitorTitle(proposal, options.clusterName);
  return {
    branch,
    title,
    keys,
    suggestions: [...new Set(mends.map(metricsKey))],
    fingerprint: fingerprintOfMonitors(changes),
    message: writeMonitorMessage(proposal, title, report),
    recipients: joinRecipients(options, ownersOfContainers(mends, options.owners)),
    sift(pulls) {
      const judged = changes.map((change) => [change, findRefusal(change, proposal, pulls, at)] as const);
      const kept = judged.flatMap(([change, refused]) => (refused === undefined ? [change] : []));
      const [first] = judged.flatMap(([, refused]) => refused ?? []);
      if (first !== undefined && kept.length === 0) return { refused: first };
      return { kept: monitorDeliverable(context, { ...proposal, changes: kept }) };
    },
    follow: ({ marker }) => followFixes(marker, new Set(keys), needs, at),
    isUrgent: () => false,
    isWorthPush: (marker) => !changes.every((change) => isMarked(change, marker)),
    files: () => buildFiles(base, changes),
    fit: (files, longest) => fitMonitorText(proposal, files, report, longest),
    mayBeTitle: () => false,
    remember: () => rememberMonitors(context, changes),
  };
}

/** Whether a pull request makes the same change to the same files. */
export function isMarked(change: ProposedMonitor, { fixes = [], paths }: Marker): boolean {
  const marked = new Set(fixes.map((one) => one.join(' ')));
  const isSame = markFixes([change]).every((one) => marked.has(one.join(' ')));
  return isSame && changedPaths([change]).every((path) => paths.includes(path));
}

/** Whether a pull request had the same fix in the same files, whomever it was to mend. */
function heldFix(change: ProposedMonitor, { fixes = [], paths }: Marker): boolean {
  const [own] = markFixes([change]);
  return fixes.some(([, fix]) => fix === own?.[1]) && changedPaths([change]).every((path) => paths.includes(path));
}

function rememberMonitors({ base, scope, at }: MonitorContext, changes: readonly ProposedMonitor[]): Marker {
  const paths = changedPaths(changes);
  return {
    base: base.branch,
    fingerprint: fingerprintOfMonitors(changes),
    changes: [],
    fixes: markFixes(changes),
    paths,
    scope: { cluster: scope.cluster, selector: scope.selector },
    at,
    blobs: Object.fromEntries(paths.map((path) => [path, blobNameOf(base, path)])),
  };
}

/** A person's no to a change: the newest pull request that a person ended and that made the same decides. */
function findRefusal(
  change: ProposedMonitor,
  proposal: MonitorProposal,
  { own, others }: KnownPulls,
  at: number,
): Refused | undefined {
  const ended: readonly Pull[] = [
    ...own.filter((pull) => pull.state !== 'open' && !wasClosedByRun(pull) && heldFix(change, pull.marker)),
    ...others.filter((pull) => isUnmarkedOf(pull, proposal)),
  ];
  const newest = ended.reduce<Pull | undefined>((a, b) => (a === undefined || b.number > a.number ? b : a), undefined);
  if (newest === undefined || wantsRebase(newest)) return undefined;
  const again = 'it is proposed again only if something else would mend it';
  if (newest.state === 'merged') {
    return { pull: newest, why: `it was merged with #${newest.number} and taken back since; ${again}` };
  }
  const until = refusedUntil(newest);
  return until !== undefined && at >= until ? undefined : { pull: newest, why: `a person closed it; ${again}` };
}

/** One whose description a person has replaced: the seal of its commit tells what it was. */
function isUnmarkedOf(pull: Pull, { branch, changes }: MonitorProposal): boolean {
  const { commit } = pull.head;
  if (pull.state === 'open' || pull.head.branch !== branch || !mayBeOurs(pull) || commit === undefined) return false;
  return readSeal(commit) === fingerprintOfMonitors(changes);
}

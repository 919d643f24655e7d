import type { ContainerResize, Drift, SizeDrift } from '../model/finding.ts';
import { formatSetting } from '../text/format.ts';
import { join, name, type Phrase, say, strong } from '../text/phrase.ts';

/** "was resized in place, limit 2000Mi → 3000Mi by `kubectl-patch`: its manifest does not say so, so the next rollout takes it back" */
export function sayUnkept(drift: Drift): Phrase {
  return say`${sayDrift(drift)}: its manifest does not say so, so the next rollout takes it back`;
}

/** "was resized in place, limit 2000Mi → 3000Mi by `kubectl-patch`" */
export function sayDrift(drift: Drift): Phrase {
  const by = drift.by === undefined ? [] : say` by ${name(drift.by)}`;
  const how = drift.how === 'in place' ? 'was resized in place' : 'was given other sizes when its pod was made';
  return say`${how}, ${sayChanges(drift)}${by}`;
}

const WHY: Readonly<Record<ContainerResize['state'], string>> = {
  deferred: 'but its node has no room for it now',
  infeasible: 'which its node can never do: ask for less, or let it run on a larger node',
  pending: 'but its node has not begun',
  'in progress': 'which its node is doing now',
  failed: 'but its node failed to do it and tries again',
};

/** "is to be resized in place, limit 2000Mi → 3000Mi, but its node has no room for it now (`Node didn't have enough…`)" */
export function sayResize(resize: ContainerResize): Phrase {
  const message = resize.message === undefined ? [] : say` (${name(resize.message)})`;
  return say`is to be resized in place, ${sayChanges(resize)}, ${WHY[resize.state]}${message}`;
}

function sayChanges({ limit, request }: { readonly limit?: SizeDrift; readonly request?: SizeDrift }): Phrase {
  const sayOne = (what: string, change: SizeDrift | undefined) =>
    change === undefined ? [] : say`${what} ${formatSetting(change.from)} → ${strong(formatSetting(change.to))}`;
  return join([sayOne('limit', limit), sayOne('request', request)], ', ');
}

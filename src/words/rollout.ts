import type { Rollout, RolloutObstacle } from '../model/follow-up.ts';
import { count } from '../text/format.ts';
import { name, type Phrase, say } from '../text/phrase.ts';

/** Without what differs from run to run though nothing has happened, for a text that is kept. */
export type Told = 'whole' | 'steady';

/** Why a merged change does not run yet and what to do: "Argo CD has not applied it: …; sync it, or …". No capital, no full stop. */
export function sayObstacle(obstacle: RolloutObstacle, told: Told = 'whole'): Phrase {
  return say`${sayWhat(obstacle, told)}; ${adviseOn(obstacle)}`;
}

/** The same in a few words: "new pods are not ready (`CrashLoopBackOff`)". */
export function nameObstacle(obstacle: RolloutObstacle, told: Told = 'whole'): Phrase {
  switch (obstacle.kind) {
    case 'not synced':
      return say`not applied by ${obstacle.by}`;
    case 'not applied':
      return say`not applied`;
    case 'stuck':
      return say`new pods do not become ready (${name(obstacle.reason)})`;
    case 'on delete':
      return say`old pods must be deleted`;
    case 'refused':
      return say`new pods are refused`;
    case 'unschedulable':
      return say`no node has room for it`;
    case 'resize':
      return say`resize ${RESIZE_STATES.has(obstacle.state) ? obstacle.state : name(obstacle.state)}`;
    case 'steered':
      return say`${name(obstacle.by)} sets its sizes`;
    case 'under way':
      return told === 'steady'
        ? say`its pods are being replaced`
        : say`${String(obstacle.done)} of ${count(obstacle.pods, 'pod')} replaced`;
  }
}

function sayWhat(obstacle: RolloutObstacle, told: Told): Phrase {
  switch (obstacle.kind) {
    case 'not synced':
      return say`${obstacle.by} has not applied it: ${name(obstacle.object)} is ${name(obstacle.status)}${sayMessage(obstacle.message, told)}`;
    case 'not applied':
      return say`its workload still has other values in the cluster, and nothing is known that will apply the new ones`;
    case 'stuck': {
      const pod = obstacle.pod === undefined || told === 'steady' ? [] : say` of ${name(obstacle.pod)}`;
      const message = told === 'steady' ? [] : sayMessage(obstacle.message, told);
      return say`its new pods do not become ready: ${name(obstacle.reason)}${pod}${message}`;
    }
    case 'on delete':
      return say`its update strategy replaces no pod by itself${told === 'steady' ? [] : say`, and ${count(obstacle.pods, 'pod still has', 'pods still have')} the old values`}`;
    case 'refused':
      return say`new pods are refused${sayMessage(obstacle.message, told)}`;
    case 'unschedulable':
      return told === 'steady'
        ? say`no node has room for its new pods`
        : say`no node has room for ${name(obstacle.pod)}${sayMessage(obstacle.message, told)}`;
    case 'resize': {
      const why = RESIZE_STATES.get(obstacle.state) ?? say`its state is ${name(obstacle.state)}`;
      if (told === 'steady') return say`its pods are to be resized in place, but ${why}`;
      const pods = count(obstacle.pods, 'pod is', 'pods are');
      return say`${pods} to be resized in place, but ${why}${sayMessage(obstacle.message, told)}`;
    }
    case 'steered':
      return say`${name(obstacle.by)} sets the sizes of its pods`;
    case 'under way':
      return told === 'steady'
        ? say`its pods are being replaced`
        : say`its pods are being replaced, ${String(obstacle.done)} of ${String(obstacle.pods)} so far`;
  }
}

const RESIZE_STATES: ReadonlyMap<string, Phrase> = new Map([
  ['deferred', say`the node has no room for it now`],
  ['infeasible', say`the node can never do it`],
  ['pending', say`the node has not begun`],
  ['in progress', say`the node is not done yet`],
  ['failed', say`the node failed to do it and tries again`],
]);

function adviseOn(obstacle: RolloutObstacle): string {
  switch (obstacle.kind) {
    case 'not synced':
      return obstacle.by === 'Flux' ? 'reconcile or resume it, or mend what it says' : 'sync it, or mend what it says';
    case 'not applied':
      return 'apply the merged manifest, or run the job that does';
    case 'stuck':
      return "look at the new pods' events and logs; if the new values are the reason, revert";
    case 'on delete':
      return 'delete the old pods, one after the other';
    case 'refused':
      return 'make room in the quota, or mend what refuses them';
    case 'unschedulable':
      return 'make room, add a node, or ask for less';
    case 'resize':
      return obstacle.state === 'in progress' ? 'wait for it' : 'make room on the node, or restart the pods';
    case 'steered':
      return 'set them there, or take this workload out of it';
    case 'under way':
      return 'wait for it';
  }
}

function sayMessage(message: string | undefined, told: Told): Phrase {
  const text = told === 'steady' ? withoutMoment(message ?? '') : (message ?? '');
  return text.trim() === '' ? [] : say` (${name(text)})`;
}

/** Without the parts that each attempt makes new: a pod's name, what is used of a quota, how often was tried. */
function withoutMoment(message: string): string {
  return message
    .slice(0, 1000)
    .replace(/"[^"]{0,300}"/g, '…')
    .replace(/\bused: [^\s,]{1,100}/g, 'used: …')
    .replace(/\bretried \d{1,9} times?/g, 'retried');
}

/** How far a change has come, for a cell of a table: a time where it has rolled out. */
export function sayRollout(rollout: Rollout, timeOf: (time: number) => string): Phrase {
  switch (rollout.state) {
    case 'rolled out':
      return say`✅ ${timeOf(rollout.at)}`;
    case 'waiting':
      return say`⏳ ${nameObstacle(rollout.obstacle)}`;
    case 'replaced':
      return say`changed again`;
    case 'gone':
      return say`no longer there`;
    case 'idle':
      return say`no pods now`;
    case 'not seen':
      return say`not looked at`;
  }
}

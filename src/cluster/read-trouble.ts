import type { PodTrouble } from '../model/workload.ts';
import type { ApiPod, ContainerStatus } from './api-types.ts';
import { cutMessage } from './cut-message.ts';

/** What a container waits for while all is well. */
const ON_ITS_WAY = new Set(['ContainerCreating', 'PodInitializing']);
const LONGEST_REASON = 64;

/** Why a pod does not run, as its status says; `undefined` where nothing is wrong, or nothing is told yet. */
export function readTrouble(status: ApiPod['status'] = {}): PodTrouble | undefined {
  const unplaced = status.conditions?.find(({ type, status: state }) => type === 'PodScheduled' && state === 'False');
  if (unplaced !== undefined) return troubleOf(unplaced.reason ?? 'Unschedulable', unplaced.message);
  for (const list of [status.initContainerStatuses, status.containerStatuses]) {
    for (const container of list ?? []) {
      const trouble = readContainerTrouble(container);
      if (trouble !== undefined) return trouble;
    }
  }
  return undefined;
}

function readContainerTrouble({ state, lastState }: ContainerStatus): PodTrouble | undefined {
  const { waiting, terminated } = state ?? {};
  if (terminated !== undefined && terminated.exitCode !== 0 && terminated.reason !== 'Completed')
    return ended(terminated);
  const { reason } = waiting ?? {};
  if (reason === undefined || ON_ITS_WAY.has(reason)) return undefined;
  // The back-off's own message tells how long it waits now: another number in each run.
  if (reason !== 'CrashLoopBackOff') return troubleOf(reason, waiting?.message);
  const last = lastState?.terminated;
  return last?.reason === 'OOMKilled' ? ended(last) : troubleOf(reason, last && sayEnd(last));
}

type End = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

function ended(end: End): PodTrouble {
  return troubleOf(end.reason ?? 'Error', sayEnd(end));
}

function sayEnd({ reason, exitCode }: End): string | undefined {
  return exitCode === undefined ? reason : [reason, `exit code ${exitCode}`].filter(Boolean).join(', ');
}

function troubleOf(reason: string, told: unknown): PodTrouble {
  const message = cutMessage(told);
  const short = String(reason).slice(0, LONGEST_REASON);
  return message === undefined || message === short ? { reason: short } : { reason: short, message };
}

import type { Windows } from '../model/observation.ts';
import type { Calendar } from '../text/format.ts';
import { name, type Phrase, say } from '../text/phrase.ts';

/** The pod that a finding comes from, where its workload has others or it is gone. */
export type WhichPod = { readonly name: string } & (
  | { readonly state: 'gone' }
  /** One of so many. */
  | { readonly state: 'one of'; readonly pods: number }
);

/** Which of its workload's pods a pod is; `undefined` where it is the only one. */
export function whichPod(pod: string, pods: readonly string[]): WhichPod | undefined {
  if (!pods.includes(pod)) return { name: pod, state: 'gone' };
  return pods.length < 2 ? undefined : { name: pod, state: 'one of', pods: pods.length };
}

/** What a clause may point at beside the facts. Times are unix seconds. */
export interface Scene {
  readonly at: number;
  readonly calendar: Calendar;
  readonly windows?: Windows;
  readonly pod?: WhichPod;
  /** A new request or limit is suggested beside the clause, which says what to do. */
  readonly suggested: boolean;
}

/** " (pod web-1, one of 3)", or nothing where there is only one. */
export function sayPod({ pod }: Scene): Phrase {
  if (pod === undefined) return [];
  return pod.state === 'gone'
    ? say` (pod ${name(pod.name)}, now gone)`
    : say` (pod ${name(pod.name)}, one of ${String(pod.pods)})`;
}

import type { Observation } from '../../src/model/observation.ts';
import { type Course, DAY, manifestOf, observeDay, type Sizes } from '../../test/deliver/observe-day.ts';
import { openStage, runWhole, type Seen, type Stage } from '../../test/deliver/whole-run.ts';

/** 2026-03-02, 06:00 UTC. */
const AT = Date.UTC(2026, 2, 2, 6) / 1000;

/** So many pull requests may be open. */
export const LIMIT = 3;
export const ASKED = { labels: 'memory', reviewers: 'kim', assignees: 'jo' };

export const SIZES = {
  api: { limit: 2048, request: 200 },
  old: { limit: 2000, request: 1700 },
  mine: { limit: 2000, request: 1700 },
  web: { limit: 1000, request: 900 },
  more: { limit: 2048, request: 300 },
} as const;
type Name = keyof typeof SIZES;

export function branchOf(name: string): string {
  return `memory-inspector/raise.shop.deployment.${name}`;
}

/** A workload that uses so many Mi, a tenth less on every other day. */
export function using(name: Name, mebi: number): Course & Sizes {
  return { name, ...SIZES[name], used: (day) => mebi * (day % 2 === 0 ? 0.9 : 1) };
}

/** So many hours after the run that is attacked, only these workloads are left. */
export function observe(courses: readonly (Course & Sizes)[], hours = 0): Observation {
  return observeDay(1, AT + hours * 3600, courses);
}

/** `api` needs less of a raise than before, `old` and `mine` are gone, `web` and `more` are new needs. */
export function observeBusy(hours = 0): Observation {
  return observe([using('api', 700), using('web', 960), using('more', 700)], hours);
}

/**
 * Before the run that is attacked: a pull request to be pushed to, one to be closed, and one that would be closed, had not a person
 * pushed to it. That run is to open another one, and one more is over the limit.
 */
export async function openBusyStage(): Promise<Stage> {
  const manifests = Object.entries(SIZES).map(([name, sizes]) => manifestOf(name, sizes));
  const stage = await openStage(Object.assign({ 'README.md': 'Hello\n' }, ...manifests), AT - DAY);
  const before = [using('api', 1200), using('old', 1900), using('mine', 1900)];
  await runBusy(stage, observeDay(1, AT - DAY, before));
  await stage.server.commitFiles(branchOf('mine'), { 'MINE.md': 'By hand\n' });
  return stage;
}

/** The stage as it is when the run that is attacked begins. */
export function copyStage(from: Stage): Promise<Stage> {
  return openStage(from, AT + 300);
}

export function runBusy(
  stage: Stage,
  observation = observeBusy(),
  more: Readonly<Record<string, string>> = {},
  url = stage.server.url,
): Promise<Seen> {
  return runWhole(stage, observation, { ...ASKED, 'pull-request-limit': String(LIMIT), ...more }, url);
}

/** The run that comes so many hours after the one that was attacked. */
export function runLater(stage: Stage, hours: number, more: Readonly<Record<string, string>> = {}): Promise<Seen> {
  stage.setTime(AT + hours * 3600 + 300);
  return runBusy(stage, observeBusy(hours), more);
}

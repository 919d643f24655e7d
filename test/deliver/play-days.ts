import type { Observation } from '../../src/model/observation.ts';
import type { FakePull, FakeRequest } from '../github-server/server.mjs';
import { type Course, DAY, manifestOf, observeDay, pathOf, readSizes, type Sizes } from './observe-day.ts';
import { openStage, runWhole, type Seen, type Stage } from './whole-run.ts';

/** Days as runs: what happens in the cluster, and the little that people do. */
export interface Play {
  readonly name: string;
  readonly courses: readonly (Course & Sizes)[];
  /** Workloads that the cluster has only until the day before this one, by name. */
  readonly deletedOn?: Readonly<Record<string, number>>;
  /** What somebody does before the run of a day. */
  readonly people?: Readonly<Record<number, (stage: Stage) => Promise<unknown>>>;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** What the run of a day sent to people (all but `edits`, of which nobody is told). */
export interface Told {
  readonly opened: number;
  readonly closed: number;
  readonly pushes: number;
  readonly comments: number;
  /** Review requests and assignments. */
  readonly asked: number;
  /** Changes of titles and bodies. */
  readonly edits: number;
}

export interface PlayedDay extends Told {
  readonly day: number;
  /** The branches that were pushed to while their pull request was open. */
  readonly pushedTo: readonly string[];
  readonly seen: Seen;
  /** What the open pull requests propose, by branch. */
  readonly proposed: Readonly<Record<string, Sizes>>;
}

/** The end of the first day: 2026-03-02, a Monday, 06:00 UTC. */
const FIRST = Date.UTC(2026, 2, 2, 6) / 1000;
/** Who gets review requests and assignments where nothing else is said. */
const INPUTS = { labels: 'memory', reviewers: 'kim', assignees: 'jo' };

/** Plays a scene; the cluster always has the sizes that main has. */
export async function playDays(play: Play, days = 30): Promise<PlayedDay[]> {
  const files = Object.assign({}, ...play.courses.map((course) => manifestOf(course.name, course)));
  const stage = await openStage({ ...files, 'README.md': 'Hello\n' }, FIRST - DAY);
  const played: PlayedDay[] = [];
  try {
    for (let day = 1; day <= days; day++) {
      const at = FIRST + (day - 1) * DAY;
      stage.setTime(at - 3600);
      await play.people?.[day]?.(stage);
      const observation = await observePlay(play, stage, day, at);
      stage.setTime(at + 300);
      const before = rewriteMarker(stage);
      const seen = await runWhole(stage, observation, { ...INPUTS, ...play.inputs });
      played.push({ day, seen, ...compare(before, stage), proposed: await readProposed(stage) });
    }
    return played;
  } finally {
    await stage.close();
  }
}

async function observePlay(play: Play, stage: Stage, day: number, at: number): Promise<Observation> {
  const alive = play.courses.filter(({ name }) => day < (play.deletedOn?.[name] ?? Number.POSITIVE_INFINITY));
  const main = await stage.server.git.ref('refs/heads/main');
  const sized = await Promise.all(
    alive.map(async (course) => {
      const text = await stage.server.readText(main ?? '', pathOf(course.name));
      return { ...course, ...(text === undefined ? {} : readSizes(text)) };
    }),
  );
  return observeDay(day, at, sized);
}

interface Remembered {
  readonly requests: number;
  readonly pulls: ReadonlyMap<number, Pick<FakePull, 'headSha' | 'state'> & { readonly comments: number }>;
}

function rewriteMarker({ server }: Stage): Remembered {
  const pulls = server.pulls.map(
    ({ number, state, headSha, comments }) => [number, { state, headSha, comments: comments.length }] as const,
  );
  return { requests: server.requests.length, pulls: new Map(pulls) };
}

function compare(before: Remembered, { server }: Stage): Told & Pick<PlayedDay, 'pushedTo'> {
  const known = (pull: FakePull) => before.pulls.get(pull.number);
  const made = server.requests.slice(before.requests).filter(({ write, status }) => write && (status ?? 0) < 300);
  const pushed = server.pulls.filter((pull) => known(pull)?.state === 'open' && known(pull)?.headSha !== pull.headSha);
  return {
    opened: server.pulls.filter((pull) => known(pull) === undefined).length,
    closed: server.pulls.filter((pull) => pull.state === 'closed' && known(pull)?.state !== 'closed').length,
    pushes: pushed.length,
    pushedTo: pushed.map(({ head }) => head),
    comments: server.pulls.reduce((sum, pull) => sum + pull.comments.length - (known(pull)?.comments ?? 0), 0),
    asked: made.filter(({ path }) => /\/(requested_reviewers|assignees)$/.test(path)).length,
    edits: made.filter(isEdit).length,
  };
}

function isEdit({ method, path, body }: FakeRequest): boolean {
  return (
    method === 'PATCH' && /\/pulls\/\d+$/.test(path) && !(body !== null && typeof body === 'object' && 'state' in body)
  );
}

async function readProposed({ server }: Stage): Promise<Readonly<Record<string, Sizes>>> {
  const open = server.pulls.filter(({ state }) => state === 'open');
  const proposed = await Promise.all(
    open.map(async ({ head, headSha }) => {
      const text = await server.readText(headSha, pathOf(head.split('.').at(-1) ?? ''));
      return [head, text === undefined ? { limit: 0, request: 0 } : readSizes(text)] as const;
    }),
  );
  return Object.fromEntries(proposed);
}

/** The sums of all days. */
export function sumUp(days: readonly Told[]): Told {
  const sum = (of: (told: Told) => number) => days.reduce((all, told) => all + of(told), 0);
  return {
    opened: sum(({ opened }) => opened),
    closed: sum(({ closed }) => closed),
    pushes: sum(({ pushes }) => pushes),
    comments: sum(({ comments }) => comments),
    asked: sum(({ asked }) => asked),
    edits: sum(({ edits }) => edits),
  };
}

/** How often people hear of a scene. */
export function countNotifications({ opened, closed, pushes, comments, asked }: Told): number {
  return opened + closed + pushes + comments + asked;
}

export const TABLE_HEAD = `| 30 days | notifications | opened | closed | pushes | comments | asked | edits, of which nobody is told |
|---|--:|--:|--:|--:|--:|--:|--:|`;

/** A scene's line of the table. */
export function writeRow(name: string, told: Told): string {
  const { opened, closed, pushes, comments, asked, edits } = told;
  return `| ${[name, countNotifications(told), opened, closed, pushes, comments, asked, edits].join(' | ')} |`;
}

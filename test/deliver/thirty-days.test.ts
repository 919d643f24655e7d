import { afterAll, describe, expect, test } from 'vitest';
import { PLAYS } from './noisy-plays.ts';
import { type Play, type PlayedDay, playDays, sumUp, TABLE_HEAD, writeRow } from './play-days.ts';

const rows = new Map<string, string>();

afterAll(() => {
  const order = Object.values<Play>(PLAYS).flatMap(({ name }) => rows.get(name) ?? []);
  console.log([TABLE_HEAD, ...order].join('\n'));
});

async function playMonth(play: Play): Promise<PlayedDay[]> {
  const days = await playDays(play);
  rows.set(play.name, writeRow(play.name, sumUp(days)));
  // Whoever is asked once is not asked again.
  expect(sumUp(days).asked).toBe(2 * sumUp(days).opened);
  return days;
}

/** The days on which people heard of anything. */
function loudDays(days: readonly PlayedDay[]): number[] {
  return days
    .filter(({ opened, closed, pushes, comments }) => opened + closed + pushes + comments > 0)
    .map(({ day }) => day);
}

// Each waits for its GitHub most of the time.
describe.concurrent('30 days', { timeout: 300_000 }, () => {
  test.each([PLAYS.two, PLAYS.five])(
    '$name: each is opened once and pushed to once at most',
    async (play) => {
      const days = await playMonth(play);
      expect(sumUp(days)).toMatchObject({ opened: 5, closed: 0, comments: 0 });
      const pushed = days.flatMap(({ pushedTo }) => pushedTo);
      expect(pushed).toHaveLength(new Set(pushed).size);
    },
    120_000,
  );

  test.each([PLAYS.flicker, PLAYS.weekends])(
    '$name: one pull request',
    async (play) => {
      expect(sumUp(await playMonth(play))).toMatchObject({ opened: 1, closed: 0, pushes: 0, comments: 0 });
    },
    120_000,
  );

  test('a need that ends is closed once, when it has been gone for three days', async () => {
    const days = await playMonth(PLAYS.ends);
    expect(loudDays(days)).toEqual([1, 13]);
    expect(sumUp(days)).toMatchObject({ opened: 1, closed: 1, pushes: 0, comments: 1 });
  });

  test('nothing after a no', async () => {
    const days = await playMonth(PLAYS.declined);
    expect(loudDays(days)).toEqual([1]);
    expect(sumUp(days.slice(5)).edits).toBe(0);
  });

  test('after the merge one comment, which is kept up to date until it is settled', async () => {
    const days = await playMonth(PLAYS.merged);
    expect(loudDays(days)).toEqual([1, 5]);
    expect(sumUp(days)).toMatchObject({ opened: 1, closed: 0, pushes: 0, comments: 1 });
    expect(days.filter(({ edits }) => edits > 0).map(({ day }) => day)).toEqual([1, 5, 6, 12]);
  });

  test.each([PLAYS.deleted, PLAYS.removed])(
    '$name: closed at once',
    async (play) => {
      const days = await playMonth(play);
      expect(loudDays(days)).toEqual([1, 10]);
      expect(sumUp(days)).toMatchObject({ opened: 1, closed: 1, pushes: 0, comments: 1 });
    },
    120_000,
  );

  test('values that grow are pushed when they have grown by more than a tenth', async () => {
    const days = await playMonth(PLAYS.grows);
    const { pushes, ...told } = sumUp(days);
    expect(told).toMatchObject({ opened: 1, closed: 0, comments: 0 });
    const requests = days.flatMap(({ proposed }) => Object.values(proposed).map(({ request }) => request));
    const steps = requests.slice(1).flatMap((request, index) => {
      const before = requests[index] ?? request;
      return request === before ? [] : [request / before];
    });
    expect(steps).toHaveLength(pushes);
    expect(Math.min(...steps)).toBeGreaterThan(1.1);
    expect(requests.at(-1)).toBeGreaterThan(2 * (requests[0] ?? 0));
  });

  test('what turns red is pushed once at most', async () => {
    const days = await playMonth(PLAYS.reddens);
    expect(sumUp(days)).toMatchObject({ opened: 1, closed: 0, comments: 0 });
    expect(loudDays(days).filter((day) => day !== 1 && day !== 10)).toEqual([]);
  });
});

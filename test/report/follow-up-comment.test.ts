import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FollowedChange } from '../../src/model/follow-up.ts';
import { type CommentContext, writeFollowUpComment } from '../../src/report/follow-up-comment.ts';
import { goldenIn } from '../golden.ts';
import { changeOf } from './arbitrary-follow-ups.ts';
import { DAY, followed, HOUR, lookAfter, merged, OBSTACLES, VERDICTS, waitsFor } from './follow-ups.ts';
import { AT, mi } from './make-inspection.ts';

const expectGolden = goldenIn(import.meta.url);
const CONTEXT: CommentContext = { timeZone: 'UTC', confirmAfter: 7 * DAY };
const COMPLETE: CommentContext = {
  ...CONTEXT,
  clusterName: 'hkidc',
  reportUrl: 'https://example.invalid/blob/main/reports/memory/hkidc/2025-12-26.md',
  revert: { number: 31, url: 'https://example.invalid/shop/infra/pull/31' },
};
const ANY = changeOf(fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }));

const WEEK_AGO = AT - 8 * DAY;
const LOOKS = [HOUR, DAY, 7 * DAY].map((after) => lookAfter(after, undefined, WEEK_AGO));
const outFor = { rollout: { state: 'rolled out', at: WEEK_AGO } } as const;

const CASES: Readonly<Record<string, FollowedChange>> = {
  'just merged': merged(9, [waitsFor('web', { kind: 'under way', done: 1, pods: 3 })]),
  'every obstacle': merged(
    9,
    Object.entries(OBSTACLES).map(([name, obstacle]) => waitsFor(name, obstacle)),
  ),
  'half rolled out': merged(9, [followed('web', { looks: [] }), waitsFor('api', { kind: 'not applied' })]),
  'a day after': merged(9, [followed('web')]),
  confirmed: merged(9, [followed('web', { ...outFor, looks: LOOKS, verdict: { kind: 'confirmed' } })]),
  'confirmed by runs that were late': merged(9, [
    followed('web', { ...outFor, looks: LOOKS.slice(2), verdict: { kind: 'confirmed', backtestHeld: false } }),
  ]),
  'every verdict': merged(
    9,
    Object.entries(VERDICTS).map(([name, verdict]) => followed(name, { verdict })),
  ),
  'one of many looked at': merged(9, [followed('web'), followed('api', { looks: [] })]),
  'by hand, to take another back': merged(9, [followed('web')], { how: 'by hand', reverts: 4 }),
  gone: merged(9, [followed('web', { rollout: { state: 'gone' }, looks: [], verdict: { kind: 'gone' } })]),
};

test('says how far it has come, what it did, and what is missing', () => {
  const texts = Object.entries(CASES).flatMap(([name, change]) => [
    `# ${name}`,
    writeFollowUpComment(change, name === 'every verdict' ? COMPLETE : CONTEXT),
  ]);
  expectGolden('follow-up-comments.md', `${texts.join('\n\n')}\n`);
});

test('stays as it is while only the numbers of now differ', () => {
  const moved = fc.integer({ min: 1, max: 4000 });
  fc.assert(
    fc.property(ANY, moved, (change, number) => {
      const containers = change.containers.map((one) => ({
        ...one,
        after: { used: mi(number), peak: mi(number), restarts: number, oomKills: number, days: number },
      }));
      expect(writeFollowUpComment({ ...change, containers }, CONTEXT)).toBe(writeFollowUpComment(change, CONTEXT));
    }),
  );
});

test('stays as it is while a rollout goes on, and each attempt says it in other words', () => {
  const turn = (text: string, by: string) => text.replace(/7d4b9c-x2x1p|9Gi|\b5 times|5m0s/g, by);
  for (const [name, obstacle] of Object.entries(OBSTACLES)) {
    const later = JSON.parse(turn(JSON.stringify(obstacle), '7'));
    const counted = 'pods' in later ? { ...later, pods: 1, done: 0 } : later;
    const times = {
      ...counted,
      ...(later.message && { message: later.message.replace('retried 7', 'retried 7 times') }),
    };
    expect(writeFollowUpComment(merged(9, [waitsFor(name, times)]), CONTEXT)).toBe(
      writeFollowUpComment(merged(9, [waitsFor(name, obstacle)]), CONTEXT),
    );
  }
});

test('the order in which containers come changes nothing', () => {
  const change = CASES['every verdict'];
  if (change === undefined) throw new Error('no case');
  const turned = { ...change, containers: change.containers.toReversed() };
  expect(writeFollowUpComment(turned, CONTEXT)).toBe(writeFollowUpComment(change, CONTEXT));
});

test.each([1, 30, 500])('holds what fits of %i containers', (number) => {
  const containers = Array.from({ length: number }, (_, index) => followed(`web-${index}`));
  const text = writeFollowUpComment(merged(9, containers), COMPLETE);
  expect(text.length).toBeLessThan(65_000);
  expect(text.includes('do not fit here')).toBe(number === 500);
  expect((text.match(/^\| `/gm) ?? []).length).toBeGreaterThan(Math.min(number, 300) - 1);
});

test('never passes what a comment may hold, whatever its texts are', () => {
  const long = '<&"|'.repeat(2000);
  const obstacles = Array.from({ length: 500 }, (_, index) =>
    waitsFor(`${index}${long}`, { kind: 'steered', by: `${index}${long}` }),
  );
  expect(writeFollowUpComment(merged(9, obstacles), { ...COMPLETE, clusterName: long }).length).toBeLessThan(65_000);
  fc.assert(
    fc.property(ANY, (change) => {
      expect(writeFollowUpComment(change, CONTEXT).length).toBeLessThan(65_000);
    }),
  );
});

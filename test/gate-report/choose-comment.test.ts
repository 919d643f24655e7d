import { expect, test } from 'vitest';
import { chooseComment } from '../../src/gate-report/choose-comment.ts';
import { change, mi, verdictOf } from './make-verdict.ts';

const UNREAD = [{ path: 'overlays/rel', reason: 'rendered', why: '' }] as const;
const nothing = verdictOf([]);
const green = verdictOf([change({ limit: [2000, 2560] })]);
const yellow = verdictOf([change({ findings: [['yellow', { kind: 'removed', field: 'limit' }]] })]);
const red = verdictOf([change({ findings: [['red', { kind: 'request above limit', request: mi(2), limit: mi(1) }]] })]);
const unknown = verdictOf([change({ findings: [['unknown', { kind: 'not measured' }]] })]);
const notJudged = verdictOf([], { unread: UNREAD });

test.each([
  ['auto', nothing, 'update only'],
  ['auto', green, 'update only'],
  ['auto', yellow, 'write'],
  ['auto', red, 'write'],
  ['auto', unknown, 'write'],
  ['auto', notJudged, 'write'],
  ['always', nothing, 'update only'],
  ['always', green, 'write'],
  ['always', red, 'write'],
  ['always', notJudged, 'write'],
  ['never', nothing, 'nothing'],
  ['never', red, 'nothing'],
  ['never', notJudged, 'nothing'],
] as const)('%s, case %#', (option, verdict, choice) => {
  expect(chooseComment(option, verdict)).toBe(choice);
});

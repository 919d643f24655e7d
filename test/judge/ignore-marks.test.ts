import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { findIgnoreMark, listUnreadMarks } from '../../src/judge/ignore-marks.ts';
import { judge } from '../../src/judge/judge.ts';
import { selectHistoryTargets } from '../../src/judge/select-history-targets.ts';
import type { IgnoreMark } from '../../src/model/workload.ts';
import { measureOf } from '../checks/fixtures.ts';
import { liveContainer, observationOf, podOf, SETTINGS, templateOf, workloadOf } from './fixtures.ts';

const DATE = SETTINGS.date;
const marked = (...ignoreMarks: readonly IgnoreMark[]) =>
  workloadOf([podOf('cart-0', [liveContainer(), liveContainer({ name: 'proxy' })])], {
    containers: [templateOf(), templateOf({ name: 'proxy' })],
    ignoreMarks,
  });

function read(text: string) {
  const workload = marked({ text });
  return findIgnoreMark(workload, 'app', '0000-01-01') ?? listUnreadMarks(workload)[0]?.why;
}

describe('an annotation that asks to ignore', () => {
  it.each([
    ['fills its cache; until=2027-03-31', { reason: 'fills its cache', until: '2027-03-31' }],
    ['  fills\n its cache ;until = 2027-03-31 ', { reason: 'fills its cache', until: '2027-03-31' }],
    ['fills its cache', { reason: 'fills its cache' }],
    [
      'known; https://example.invalid/?a=b; until=2027-03-31',
      { reason: 'known; https://example.invalid/?a=b', until: '2027-03-31' },
    ],
    ['fills its cache; until   =   2027-03-31', { reason: 'fills its cache', until: '2027-03-31' }],
    ['no leak: it fills its cache', { reason: 'no leak: it fills its cache' }],
    ['until the mesh team has sized it', { reason: 'until the mesh team has sized it' }],
    [`${'long '.repeat(60)}; until=2027-03-31`, { reason: `${'long '.repeat(40).trim()}…`, until: '2027-03-31' }],
  ])('says %j', (text, said) => {
    expect(read(text)).toEqual({ ...said, by: 'annotation' });
  });

  it.each([
    ['', 'no reason'],
    [' ; ', 'no reason'],
    ['until=2027-03-31', 'no reason'],
    ['moving; until=tomorrow', 'no date'],
    ['moving; until=2027-02-30', 'no date'],
    ['moving; until=', 'no date'],
    ['moving; until: 2027-03-31', 'no date'],
    ['moving; til=2027-03-31', 'no date'],
    ['moving; 2027-03-31', 'no date'],
    ['moving, until=2027-03-31', 'no date'],
    ['moving; until=2027-03-31; until=2028-03-31', 'no date'],
    ['moving; UNTIL   = tomorrow', 'no date'],
    ['moving, until   = 2027-03-31', 'no date'],
    ['moving until 2027-03-31', 'no date'],
    ['moving; until 2027-03-31', 'no date'],
    ['2027-03-31', 'no reason'],
    ['true', 'no reason'],
    ['False', 'no reason'],
    ['no; until=2027-03-31', 'no reason'],
  ])('is not followed as %j: %s', (text, why) => {
    expect(read(text)).toBe(why);
  });

  it('either holds or is said not to, whatever stands there', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(';', 'until', '=', ':', ' ', '2027-03-31', '\n', 'u\u202ex'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const said = read(pieces.join(''));
        expect(said).toBeDefined();
        if (typeof said === 'object') {
          expect(said.reason).toMatch(/^[^\p{Cc}\u202e]{1,200}$/u);
          if (said.until === undefined) expect(said.reason).not.toMatch(/\buntil\s*[=:]/i);
        }
      }),
    );
  });

  it('holds on its last day, and is over on the next', () => {
    const workload = marked({ text: 'moving; until=2027-03-31' });
    expect(findIgnoreMark(workload, 'app', '2027-03-31')).toMatchObject({ until: '2027-03-31' });
    expect(findIgnoreMark(workload, 'app', '2027-04-01')).toBeUndefined();
    expect(listUnreadMarks(workload)).toEqual([]);
  });

  it('for one container holds for that one, before what is said of all', () => {
    const own = { container: 'proxy', text: 'the mesh team sizes it' };
    expect(findIgnoreMark(marked(own), 'app', DATE)).toBeUndefined();
    expect(findIgnoreMark(marked({ text: 'all' }, own), 'proxy', DATE)?.reason).toBe('the mesh team sizes it');
    expect(listUnreadMarks(marked({ container: 'prxy', text: 'a slip' }))).toMatchObject([
      { container: 'prxy', why: 'no such container' },
    ]);
  });

  it('that is far too long is not followed: what it ends with was not read', () => {
    expect(listUnreadMarks(marked({ text: 'because', cut: true }))).toMatchObject([{ why: 'too long' }]);
    expect(findIgnoreMark(marked({ text: 'because', cut: true }), 'app', DATE)).toBeUndefined();
  });
});

describe('in the judgement', () => {
  const observe = (text: string) =>
    observationOf([workloadOf([podOf('cart-0')], { ignoreMarks: [{ text }] })], [measureOf(() => 1900)]);

  test('what an annotation ignores counts as green and gets no suggestion', () => {
    const red = observe('moves next month; until=2026-01-31');
    const inspection = judge(red, SETTINGS);
    const [judged] = inspection.workloads;
    expect(inspection).toMatchObject({ verdict: 'green', totals: { healthy: 1, atRisk: 0 }, unreadMarks: [] });
    expect(judged?.pods[0]?.containers[0]).toMatchObject({
      ignored: { reason: 'moves next month', until: '2026-01-31', by: 'annotation' },
      findings: { usage: { level: 'red' } },
    });
    expect(judged?.containers[0]?.suggestion).toBeUndefined();
    expect(selectHistoryTargets(red, SETTINGS)).toEqual([]);
  });

  test('the config file comes first, and an annotation holds on where its entry has expired', () => {
    const red = observe('by the annotation');
    const ignoredBy = () => ({ reason: 'by the file' });
    const reasonOf = (settings: typeof SETTINGS) =>
      judge(red, settings).workloads[0]?.pods[0]?.containers[0]?.ignored?.reason;
    expect(reasonOf({ ...SETTINGS, ignoredBy })).toBe('by the file');
    expect(reasonOf({ ...SETTINGS, ignoredBy: () => undefined })).toBe('by the annotation');
  });

  test('what cannot be read ignores nothing, and is said', () => {
    const inspection = judge(observe('moving; until=tomorrow'), SETTINGS);
    expect(inspection.verdict).toBe('red');
    expect(inspection.unreadMarks).toEqual([{ workload: expect.objectContaining({ name: 'cart' }), why: 'no date' }]);
  });
});

import { expect, test } from 'vitest';
import { CHECKS, type CheckName, type Findings } from '../../src/model/finding.ts';
import { calendarOf } from '../../src/text/format.ts';
import { toMarkdown, toPlain } from '../../src/text/phrase.ts';
import type { Scene } from '../../src/words/scene.ts';
import { cellOf, clauseOf, nameProblems } from '../../src/words/words.ts';
import { goldenIn } from '../golden.ts';
import { AT, makeInspection, WINDOWS } from '../report/make-inspection.ts';
import { WAYS } from '../report/ways.ts';
import { wrongStart } from './predicate.ts';

const expectGolden = goldenIn(import.meta.url);
const SCENE: Scene = { at: AT, calendar: calendarOf('UTC'), windows: WINDOWS, suggested: false };

function tell<C extends CheckName>(check: C, findings: Findings, scene = SCENE): string[] {
  const finding = findings[check];
  if (finding === undefined) return [];
  return [
    `  ${check} · ${finding.level} · ${cellOf(check, finding)}`,
    `    ${toPlain(clauseOf(check, finding, scene))}`,
  ];
}

test('every reason of every check has its words', () => {
  const { workloads } = makeInspection(WAYS);
  const lines = workloads.flatMap(({ workload, pods }) => {
    const findings = pods[0]?.containers[0]?.findings ?? {};
    return [
      `${workload.ref.name}: ${nameProblems(findings).join('; ') || 'nothing'}`,
      ...CHECKS.flatMap((check) => tell(check, findings)),
    ];
  });
  expectGolden('words.txt', `${lines.join('\n')}\n`);
});

test('every clause is a predicate, whose subject is the container', () => {
  const { workloads } = makeInspection(WAYS);
  const wrong = workloads.flatMap(({ pods }) => {
    const findings = pods[0]?.containers[0]?.findings ?? {};
    return CHECKS.flatMap((check) => wrongStart(tell(check, findings)[1] ?? 'has'));
  });
  expect(wrong).toEqual([]);
});

test('names from the cluster are code in Markdown and plain elsewhere', () => {
  const { workloads } = makeInspection(WAYS);
  const finding = workloads.find(({ workload }) => workload.ref.name === 'over')?.pods[0]?.containers[0]?.findings
    .usage;
  if (finding === undefined) throw new Error('no finding');
  const phrase = clauseOf('usage', finding, { ...SCENE, pod: { name: '<b>|', state: 'one of', pods: 3 } });
  expect(toPlain(phrase)).toContain('(pod <b>|, one of 3)');
  expect(toMarkdown(phrase)).toContain('(pod <code>&lt;b&gt;&#124;</code>, one of 3)');
});

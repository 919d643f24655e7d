import { expect, test } from 'vitest';
import {
  CHECKS,
  type CheckName,
  type DataGap,
  type Doubt,
  type Findings,
  type HeapReason,
  type SizingFacts,
  type SizingProblem,
  type TrendPattern,
  type UsageReason,
} from '../../src/model/finding.ts';
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

test('a clause says which pod it speaks of, and gives no advice beside a suggestion', () => {
  const scenes: readonly Scene[] = [
    { ...SCENE, windows: undefined },
    { ...SCENE, suggested: true },
    { ...SCENE, pod: { name: 'web-1', state: 'one of', pods: 3 } },
    { ...SCENE, pod: { name: 'web-1', state: 'gone' } },
  ];
  const { workloads } = makeInspection(
    WAYS.filter(({ name }) => ['over', 'killed', 'cut', 'leak', 'step'].includes(name)),
  );
  const lines = workloads.flatMap(({ workload, pods }) => {
    const findings = pods[0]?.containers[0]?.findings ?? {};
    const told = scenes.flatMap((scene) =>
      (['usage', 'trend'] as const).map((check) => tell(check, findings, scene)[1]),
    );
    return [`${workload.ref.name}:`, ...new Set(told)];
  });
  expectGolden('scenes.txt', `${lines.join('\n')}\n`);
});

/** Everything that a check can find out, which the compiler keeps complete. */
const REASONS: {
  readonly usage: Readonly<Record<UsageReason, true>>;
  readonly trend: Readonly<
    Record<Exclude<TrendPattern, 'rising' | 'too little data'> | Doubt['kind'] | DataGap['kind'], true>
  >;
  readonly sizing: Readonly<Record<SizingProblem['kind'] | NonNullable<SizingFacts['missing']>, true>>;
  readonly heap: Readonly<Record<HeapReason, true>>;
} = {
  usage: {
    'OOM-killed': true,
    'over the limit': true,
    'close to the limit': true,
    'page cache': true,
    'tight but flat': true,
    'peak near the limit': true,
    'over the yellow line': true,
    room: true,
    'no limit': true,
    'limit not known': true,
    'not running': true,
    'not measured': true,
  },
  trend: {
    flat: true,
    falling: true,
    varies: true,
    step: true,
    'warming up': true,
    'page cache': true,
    'slow leak': true,
    leak: true,
    'leak cut by OOMKills': true,
    soon: true,
    'grows in every run': true,
    'below the red line': true,
    slow: true,
    'few averages': true,
    'up and down': true,
    'as high before': true,
    small: true,
    'over days': true,
    'no data': true,
    'too short': true,
    silent: true,
  },
  sizing: {
    'near limit': true,
    OOMKilled: true,
    'low request': true,
    'over-provisioned': true,
    'no limit': true,
    'no request': true,
    'sized in place': true,
    'resize not made': true,
    usage: true,
    limit: true,
    request: true,
  },
  heap: { full: true, 'does not fit': true, 'over the yellow line': true, fits: true, room: true },
};

function reasonsOf({ usage, trend, sizing, heap }: Findings): string[] {
  const facts = trend?.facts;
  const course =
    facts?.pattern === 'rising'
      ? facts.doubt.kind
      : facts?.pattern === 'too little data'
        ? facts.gap.kind
        : facts?.pattern;
  const missing = sizing?.facts.missing;
  return [
    `usage: ${usage?.facts.reason}`,
    `trend: ${course}`,
    ...(sizing?.facts.problems.map(({ kind }) => `sizing: ${kind}`) ?? []),
    ...(missing === undefined ? [] : [`sizing: ${missing}`]),
    ...(heap === undefined ? [] : [`heap: ${heap.facts.reason}`]),
  ];
}

test('the words above are those of all reasons', () => {
  const { workloads } = makeInspection(WAYS);
  const told = new Set(workloads.flatMap(({ pods }) => reasonsOf(pods[0]?.containers[0]?.findings ?? {})));
  const all = CHECKS.flatMap((check) => Object.keys(REASONS[check]).map((reason) => `${check}: ${reason}`));
  // One is of the rule that has no other reason, the other of a heap of which little is measured.
  expect(all.filter((reason) => !told.has(reason))).toEqual(['trend: below the red line', 'heap: fits']);
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
  expect(toPlain(phrase)).toContain('<b>|');
  expect(toMarkdown(phrase)).toContain('<code>&lt;b&gt;&#124;</code>');
});

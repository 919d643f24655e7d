import { expect, test } from 'vitest';
import { buildGateReport } from '../../src/gate-report/build-gate-report.ts';
import type { GateAnnotation, GateReport, GateReportInput } from '../../src/gate-report/gate-report.ts';
import type { GateFact } from '../../src/model/gate.ts';
import { goldenIn } from '../golden.ts';
import { AT, type ChangeSpec, change, DAY, inFolder, inputOf, mi, verdictOf } from './make-verdict.ts';

const expectGolden = goldenIn(import.meta.url);

function show({ headline, comment, summary, annotations }: GateReport): string {
  const part = (title: string, text: string) => `<!-- ${title} -->\n\n${text}\n`;
  return [
    part('headline', headline),
    part('comment', comment),
    part('summary', summary),
    part('annotations', annotations.map(showAnnotation).join('\n') || 'none'),
  ].join('\n');
}

function showAnnotation({ level, title, message, at }: GateAnnotation): string {
  const where = at === undefined ? 'nowhere' : `${at.path}${at.line === undefined ? '' : `:${at.line}`}`;
  return `- ${level} at ${where}\n  ${title}\n  ${message}`;
}

function expectReport(name: string, input: GateReportInput): GateReport {
  const report = buildGateReport(input);
  expectGolden(`${name}.md`, show(report));
  return report;
}

const BELOW: GateFact = {
  kind: 'limit',
  reason: 'below what was used',
  limit: mi(1500),
  peak: mi(2017),
  percent: 134.5,
  enough: mi(2560),
};

const killsNacos: ChangeSpec = {
  limit: [2000, 1500],
  findings: [['red', BELOW]],
  evidence: { peak: mi(2017), used: mi(1990) },
};

const raisesNacos: ChangeSpec = { limit: [2000, 2560], evidence: { peak: mi(2017), used: mi(1990) } };

test('is short where all is green', () => {
  const report = expectReport('green', inputOf(verdictOf([change(raisesNacos)])));
  expect(report.comment.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(3);
  expect(report.annotations).toEqual([]);
});

test('says what it adds and frees a month where there is a price', () => {
  const changes = [
    change({ ...raisesNacos, request: [1000, 1536], pods: 4 }),
    change({ name: 'gateway', limit: 4096, request: [2048, 1024], pods: 2 }),
  ];
  const verdict = verdictOf(changes);
  const { comment } = expectReport('price', inputOf(verdict, { price: { perGibMonth: 3.2, currency: 'EUR' } }));
  expect(comment).toContain('That costs about 6.70 EUR a month more and frees about 6.40 EUR a month.');
  const { comment: without } = buildGateReport(inputOf(verdict));
  expect(comment.replace(/ That costs [^(]*? a month\./, '')).toBe(without);
});

test('says what is wrong, what is not known, and what would be enough', () => {
  const changes = [
    change(killsNacos),
    change({
      name: 'gateway',
      limit: 1024,
      request: [512, 1280],
      findings: [['red', { kind: 'request above limit', request: mi(1280), limit: mi(1024) }]],
      evidence: { peak: mi(600) },
    }),
    change({
      name: 'cart',
      container: 'app',
      limit: [3000, 1400],
      pods: 3,
      findings: [
        [
          'yellow',
          {
            kind: 'limit',
            reason: 'over the yellow line',
            limit: mi(1400),
            peak: mi(1050),
            percent: 75,
            enough: mi(1536),
          },
        ],
        ['green', { kind: 'halved', field: 'limit', before: mi(3000), after: mi(1400) }],
      ],
      evidence: { peak: mi(1050), days: 9 },
    }),
    change({
      name: 'orders',
      limit: [2000, 3000],
      findings: [['yellow', { kind: 'only postpones', bytesPerHour: mi(16), hours: 41 }]],
      evidence: { peak: mi(1900) },
    }),
    change({
      name: 'mail',
      kind: 'added',
      limit: [undefined, 256],
      request: [undefined, 128],
      findings: [['unknown', { kind: 'new' }]],
    }),
    change({ name: 'fax', kind: 'removed', limit: [512, undefined], request: [256, undefined] }),
    change({ name: 'web', request: [500, 700], evidence: { peak: mi(1100) } }),
  ];
  expectReport('mixed', inputOf(verdictOf(changes), { clusterName: 'hkidc' }));
});

test('one file that is good for one environment and bad for another', () => {
  const shared = { name: 'cart', path: 'base/cart.yaml', limit: [1000, 800] as const };
  const changes = [
    change({
      ...shared,
      namespace: 'shop-rel',
      application: inFolder('overlays/rel'),
      findings: [['red', { ...BELOW, limit: mi(800), peak: mi(950), enough: mi(1280) }]],
      evidence: { peak: mi(950) },
    }),
    change({ ...shared, namespace: 'shop-dev', application: inFolder('overlays/dev'), evidence: { peak: mi(300) } }),
  ];
  const { annotations } = expectReport('base', inputOf(verdictOf(changes)));
  expect(annotations).toMatchObject([{ level: 'error', at: { path: 'base/cart.yaml', line: 24 } }]);
});

test('what is the same in many environments has one row, and one annotation', () => {
  const environments = Array.from({ length: 12 }, (_, index) => inFolder(`clusters/eu-${index}/shop`, `eu-${index}`));
  const changes = environments.map((application) => change({ ...killsNacos, path: 'base/nacos.yaml', application }));
  const { annotations } = expectReport('environments', inputOf(verdictOf(changes)));
  expect(annotations).toHaveLength(1);
});

test('an annotation for several environments has the words and the level of the worst', () => {
  const path = 'base/nacos.yaml';
  const fact = { ...BELOW, reason: 'over the yellow line', peak: mi(1100), percent: 73 } as const;
  const changes = [
    change({ ...killsNacos, path, application: inFolder('overlays/rel') }),
    change({
      ...killsNacos,
      path,
      namespace: 'shop-stg',
      application: inFolder('overlays/stg'),
      findings: [['yellow', fact]],
    }),
  ];
  const { annotations } = buildGateReport(inputOf(verdictOf(changes)));
  expect(annotations).toMatchObject([{ level: 'error', at: { path, line: 24 } }]);
  expect(annotations[0]?.message).toMatch(/In overlays\/rel, and less so in overlays\/stg\.$/);
});

test('says how old the report is by which a fork is judged', () => {
  const verdict = verdictOf([change(raisesNacos)], {
    source: {
      kind: 'reports',
      path: 'memory-reports/2026-11-24.json',
      count: 1,
      at: AT - 3 * DAY,
      age: 3 * DAY,
      instead: { kind: 'fork' },
    },
  });
  expectReport('fork', inputOf(verdict));
});

test('without anything to compare with it says so', () => {
  const verdict = verdictOf([change({ limit: [2000, 1500], findings: [['unknown', { kind: 'not measured' }]] })], {
    source: {
      kind: 'none',
      instead: { kind: 'not reached', said: 'Prometheus at http://prometheus:9090 did not answer within 30 s.' },
      why: 'there is no report on the base branch',
    },
    notes: ['ResourceQuotas of shop-rel could not be read: the rights to list them are missing.'],
  });
  expectReport('nothing-known', inputOf(verdict));
});

test('one line where nothing changes memory', () => {
  const { comment } = expectReport('nothing', inputOf(verdictOf([])));
  expect(comment).not.toContain('\n');
});

test('never shows what a renderer said', () => {
  const verdict = verdictOf([change(raisesNacos)], {
    unread: [
      { path: 'overlays/rel/kustomization.yaml', reason: 'rendered', why: 'accumulating resources: /root/.ssh/id_rsa' },
      { path: 'charts/web/values.yaml', reason: 'over budget', why: 'rendering took more than 60 s' },
      { path: '', reason: 'unsafe file', why: 'its path is not a plain one' },
    ],
  });
  const report = expectReport('not-judged', inputOf(verdict));
  expect(JSON.stringify(report)).not.toContain('id_rsa');
});

test('cuts tables of hundreds of containers, and says so', () => {
  const changes = Array.from({ length: 300 }, (_, index) => {
    const name = `worker-${index}`;
    if (index < 25) return change({ ...killsNacos, name });
    return change({ ...raisesNacos, name });
  });
  const { comment, annotations } = expectReport('many', inputOf(verdictOf(changes)));
  expect(comment.match(/^\| [🔴🟢]/gmu)).toHaveLength(20);
  expect(annotations).toHaveLength(10);
});

test('what changes besides request and limit is told where they stand', () => {
  const jvm = { before: { maxHeap: mi(1024) }, after: { maxHeap: mi(2048) } };
  const fact = { kind: 'heap', reason: 'above the limit', maximum: mi(2048), limit: mi(2000) } as const;
  const { comment, annotations } = buildGateReport(inputOf(verdictOf([change({ jvm, findings: [['red', fact]] })])));
  expect(comment).toContain('| 2000Mi | 1000Mi |');
  expect(comment).toContain('JVM heap above its limit, JVM heap 1024Mi → 2048Mi');
  expect(annotations).toMatchObject([{ at: { path: 'k8s/nacos.yaml', line: 24 } }]);
});

test('workloads of one name and other kinds are told apart', () => {
  const first = change(killsNacos);
  const workload = { ...first.change.workload, kind: 'StatefulSet' };
  const { comment } = buildGateReport(inputOf(verdictOf([first, { ...first, change: { ...first.change, workload } }])));
  expect(comment).toContain('`shop-rel/nacos (Deployment)`');
  expect(comment).toContain('`shop-rel/nacos (StatefulSet)`');
});

test('warnings beyond those that GitHub shows are counted', () => {
  const unread = Array.from(
    { length: 12 },
    (_, index) => ({ path: `overlays/${index}`, reason: 'rendered', why: '' }) as const,
  );
  const { annotations } = buildGateReport(inputOf(verdictOf([], { unread })));
  expect(annotations).toHaveLength(10);
  expect(annotations.at(-1)).toMatchObject({ level: 'warning', title: '3 more like these' });
});

test('tells which option decides the end', () => {
  const red = verdictOf([change(killsNacos)]);
  const options = { failOn: 'red', allowIncomplete: false, gateOnMissingData: 'pass' } as const;
  const unknown = verdictOf([change({ findings: [['unknown', { kind: 'not measured' }]] })]);
  const yellow = verdictOf([
    change({ ...killsNacos, findings: [['yellow', { kind: 'removed', field: 'limit' }]], limit: [2000, undefined] }),
  ]);
  const unread = verdictOf([], { unread: [{ path: 'a.yaml', reason: 'over budget', why: '' }] });
  const ends: readonly (readonly [string, GateReportInput])[] = [
    ['red', inputOf(red)],
    ['red, never', inputOf(red, { outcome: 'ok', options: { ...options, failOn: 'never' } })],
    ['yellow', inputOf(yellow)],
    ['yellow, fail', inputOf(yellow, { outcome: 'findings', options: { ...options, failOn: 'yellow' } })],
    ['unknown', inputOf(unknown)],
    ['unknown, fail', inputOf(unknown, { outcome: 'incomplete', options: { ...options, gateOnMissingData: 'fail' } })],
    ['not judged', inputOf(unread)],
    ['not judged, allowed', inputOf(unread, { options: { ...options, allowIncomplete: true } })],
    ['error', inputOf(verdictOf([]), { outcome: 'error' })],
  ];
  expectGolden('ends.txt', ends.map(([name, input]) => `${name}: ${buildGateReport(input).headline}\n`).join(''));
});

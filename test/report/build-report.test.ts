import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build-report.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { parseReportJson, type ReportJson } from '../../src/report/report-json.ts';
import { goldenIn } from '../golden.ts';
import { AT, type ContainerSpec, healthy, makeInput, makeInspection, ramp } from './make-inspection.ts';
import { nacos, pigo, pigoDeliveries, pigoLocations } from './pigo.ts';
import { WAYS } from './ways.ts';

const expectGolden = goldenIn(import.meta.url);

const COMPLETE: Partial<ReportInput> = {
  clusterName: 'hkidc',
  timeZone: 'Asia/Hong_Kong',
  runUrl: 'https://example.invalid/actions/runs/4711',
  repositoryUrl: 'https://example.invalid/blob/main/',
  deliveries: pigoDeliveries,
  locations: pigoLocations,
};

function mainPage(input: ReportInput): string {
  return buildReport(input).pages[0]?.text ?? '';
}

/** Yesterday's report of the pigo case: nacos yellow, the gateway red, a workload that is gone since. */
function yesterday(): ReportJson {
  const parsed = parseReportJson(buildReport(makeInput(pigo({ at: AT - 86_400 }), COMPLETE)).json.text);
  if (!parsed.ok) throw new Error(parsed.why);
  const levels = new Map([
    ['nacos', 'yellow'],
    ['game-api', 'green'],
    ['gateway', 'red'],
    ['worker', 'yellow'],
  ] as const);
  const workloads = parsed.report.workloads.map((workload) => ({
    ...workload,
    containers: workload.containers.map((container) => ({
      ...container,
      level: levels.get(workload.name as 'nacos') ?? container.level,
    })),
  }));
  const [first] = workloads;
  if (first === undefined) throw new Error('no workloads');
  const removed = {
    ...first,
    name: 'removed',
    containers: first.containers.map((one) => ({ ...one, level: 'red' as const })),
  };
  const totals = { ...parsed.report.totals, atRisk: 1, attention: 4, total: 13 };
  return { ...parsed.report, workloads: [...workloads, removed], totals };
}

test('tells the pigo case', () => {
  const report = buildReport(makeInput(pigo(), { ...COMPLETE, previous: yesterday() }));
  expect(report.title).toBe('🔴 Memory report · hkidc · 2025-12-26 · findings');
  expect(report.pages.map((page) => page.path)).toEqual(['reports/memory/hkidc/2025-12-26.md']);
  expectGolden('pigo.md', report.pages[0]?.text ?? '');
  expectGolden('pigo.json', report.json.text);
  expectGolden('pigo-index.md', report.index.text);
  expectGolden('pigo-annotations.json', `${JSON.stringify(report.annotations, null, 2)}\n`);
});

test.each(['updated', 'unchanged'] as const)('a pull request that is %s reads like one just opened', (state) => {
  const deliveries = pigoDeliveries.map((delivery) => ({ ...delivery, state }));
  const { context: _, ...later } = buildReport(makeInput(pigo(), { ...COMPLETE, deliveries }));
  expect(buildReport(makeInput(pigo(), COMPLETE))).toMatchObject(later);
});

test('a pull request that was left as it is does not pass for one that holds the change', () => {
  const why = 'it holds changes that this run did not look at';
  const deliveries = pigoDeliveries.map((delivery) => ({ ...delivery, state: 'unchanged' as const, why }));
  const page = mainPage(makeInput(pigo(), { ...COMPLETE, deliveries }));
  expect(page).toMatch(/#\d+\]\([^)]*\), left as it is: it holds changes that this run did not look at · in \[/);
  expect(page).not.toMatch(/changes \d+ lines? of/);
});

test('has nothing to do where all is green', () => {
  const web = { namespace: 'shop', name: 'web', pods: { 'web-a': [healthy('web', 40, 128)] } };
  expectGolden('all-green.md', mainPage(makeInput(makeInspection([web]))));
});

test('says where nothing runs', () => {
  const inspection = makeInspection([], { namespaces: ['empty'], verdict: 'unknown' });
  expectGolden('nothing-runs.md', mainPage(makeInput(inspection)));
});

test('shows what is missing as neither green nor red', () => {
  const inspection = makeInspection([nacos], {
    namespaces: ['pigo-rel', 'pigo-stg'],
    availability: {
      exporter: false,
      cadvisor: true,
      jvm: { state: 'unavailable', why: 'No series of a JVM exporter.' },
    },
    notes: [
      {
        kind: 'incomplete',
        text: 'Listing pods in pigo-stg is forbidden: the role needs list on pods.',
        namespaces: ['pigo-stg'],
      },
      { kind: 'info', text: 'VPAs could not be read: whether one steers a workload is not known.' },
    ],
  });
  const page = mainPage(
    makeInput(inspection, { outcome: 'incomplete', previousIgnored: '2025-12-25.json: it is not JSON' }),
  );
  expectGolden('incomplete.md', page);
});

test('says what the run could not do and what to change by hand', () => {
  const [located] = pigoLocations;
  if (located === undefined) throw new Error('no location');
  const report = buildReport(
    makeInput(makeInspection([nacos]), {
      outcome: 'error',
      failures: ['The report could not be committed: the token needs `contents: write`.'],
      deliveries: pigoDeliveries.map((one) => ({
        ...one,
        state: 'failed',
        number: undefined,
        url: undefined,
        why: 'The branch moved',
      })),
      locations: [
        {
          state: 'not located',
          suggestion: located.suggestion,
          reason: 'ambiguous',
          why: 'Two files define it',
          lookedAt: ['k8s/a.yaml', 'k8s/b.yaml'],
          snippet: 'resources:\n  limits:\n    memory: 2560Mi # ```\n',
        },
      ],
    }),
  );
  expectGolden('error.md', report.pages[0]?.text ?? '');
});

test('says who else applies the file that a change goes to', () => {
  const place = (cluster: string) => ({ by: 'Argo CD Application shop', path: 'argo/apps.yaml', cluster });
  const reaches = ['staging', 'east', 'west', 'north', 'south'].map(place);
  const locations = pigoLocations.map((location) => ({ ...location, reaches }));
  const report = buildReport(makeInput(makeInspection([nacos]), { locations, deliveries: pigoDeliveries }));
  expect(report.pages[0]?.text).toContain(
    'also applied by Argo CD Application shop in cluster `east`; Argo CD Application shop in cluster `west`; ' +
      'Argo CD Application shop in cluster `north` and 1 more',
  );
});

test('explains each way of being red, yellow or unknown', () => {
  const stuck = { namespace: 'ways', name: 'stuck', pods: {}, replicas: 2 };
  expectGolden('ways.md', mainPage(makeInput(makeInspection([...WAYS, stuck]))));
});

test('names all of its four ends in the title', () => {
  const titles = (['ok', 'findings', 'incomplete', 'error'] as const).map(
    (outcome) => buildReport(makeInput(pigo(), { outcome })).title,
  );
  expect(new Set(titles).size).toBe(4);
});

test('has the date of the time zone', () => {
  const late = pigo({ at: Date.UTC(2025, 11, 31, 20) / 1000 });
  expect(buildReport(makeInput(late, { timeZone: 'Asia/Tokyo' })).date).toBe('2026-01-01');
  expect(buildReport(makeInput(late, { timeZone: 'America/New_York' })).date).toBe('2025-12-31');
});

test('follows the name that reports shall have', () => {
  const report = buildReport(makeInput(pigo(), { reportName: 'memory-{date}-a' }));
  expect(report.pages[0]?.path).toBe('reports/memory/memory-2025-12-26-a.md');
  expect(report.json.path).toBe('reports/memory/memory-2025-12-26-a.json');
});

test('tells what is killed first: who was, who is over the limit, and then who reaches it first', () => {
  const full = { live: 950, maximum: 1024, nonHeap: 100 };
  const containers: Readonly<Record<string, Omit<ContainerSpec, 'name'>>> = {
    'leak-of-days': { used: 1390, limit: 4096, request: 1024, averages: ramp(1000, 1390) },
    heap: { used: 600, limit: 1500, request: 600, heap: full },
    'step-to-the-limit': {
      used: 975,
      limit: 1000,
      request: 900,
      averages: [...Array(30).fill(700), ...Array(18).fill(975)],
    },
    'leak-of-hours': { used: 1700, limit: 2048, request: 1600, averages: ramp(800, 1700) },
    'step-of-hours': {
      used: 840,
      limit: 1000,
      request: 700,
      averages: [...Array(30).fill(600), ...Array(18).fill(840)],
    },
    'over-the-limit': { used: 1010, limit: 1000, request: 900 },
    killed: { used: 400, limit: 1000, request: 500, peak: 1000, killedHoursAgo: [1] },
  };
  const specs = Object.entries(containers).map(([name, one]) => ({
    namespace: 'order',
    name,
    pods: { [`${name}-0`]: [{ name, ...one }] },
  }));
  const told = Array.from(
    mainPage(makeInput(makeInspection(specs))).matchAll(/^\d+\. \*\*`order\/([\w-]+)`/gm),
    ([, name]) => name,
  );
  expect(told).toEqual([
    'killed',
    'over-the-limit',
    'step-to-the-limit',
    'leak-of-hours',
    'heap',
    'leak-of-days',
    'step-of-hours',
  ]);
});

test('no red is among what is left out while a yellow is shown, whatever the size', () => {
  const specs = Array.from({ length: 600 }, (_, index) => {
    const name = `service-${index}`;
    const one = index % 4 === 3 ? { used: 950, limit: 1000, request: 900 } : { used: 750, limit: 1000, request: 700 };
    return { namespace: `team-${index % 30}`, name, pods: { [name]: [{ name, ...one }] } };
  });
  const inspection = makeInspection(specs);
  const whole = buildReport(makeInput(inspection)).summary.length;
  for (const summaryBytes of [whole - 1, whole / 2, whole / 4, whole / 8]) {
    const { summary } = buildReport(makeInput(inspection, { summaryBytes }));
    const [, shown = ''] = summary.split('## What to do');
    const [todo = ''] = shown.split('\n## ');
    const rows = todo.split('\n').filter((line) => /^(?:\| (?:🔴|🟡)|\d+\. )/u.test(line));
    if (rows.some((row) => row.includes('🟡'))) expect(rows.filter((row) => !row.includes('🟡'))).toHaveLength(150);
  }
});

import { expect, test } from 'vitest';
import type { BrokenLink, JvmMetrics, JvmMetricsState, MonitorRef, ScrapeFix } from '../../src/model/jvm-metrics.ts';
import { metricsKey } from '../../src/model/monitor-location.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { parseReportJson } from '../../src/report/report-json.ts';
import { goldenIn } from '../golden.ts';
import { AT, makeInput } from './make-inspection.ts';
import { pigo } from './pigo.ts';

const expectGolden = goldenIn(import.meta.url);

const monitor: MonitorRef = { kind: 'ServiceMonitor', namespace: 'pigo-rel', name: 'api' };

function jvm(name: string, state: JvmMetricsState & Pick<JvmMetrics, 'alsoUnseen'>): JvmMetrics {
  const workload = { namespace: 'pigo-rel', group: 'apps', kind: 'Deployment', name };
  return { ...state, workload, container: 'app', recognised: 'image' };
}

const broken = (name: string, link: BrokenLink, fix?: ScrapeFix) =>
  jvm(name, { state: 'broken', link, ...(fix && { fix }) });

const ALL: readonly JvmMetrics[] = [
  broken('a-no-service', { kind: 'no service' }),
  broken(
    'b-no-monitor',
    { kind: 'no monitor', service: 'api' },
    {
      kind: 'add monitor',
      namespace: 'pigo-rel',
      name: 'api',
      selects: { app: 'api', version: '1' },
      labels: { release: 'kps' },
      port: 'service-api',
      path: '/actuator/prometheus',
    },
  ),
  broken('c-no-path', { kind: 'no monitor', service: 'api' }),
  broken(
    'd-labels',
    { kind: 'labels', monitor, service: 'api', wanted: { app: 'apj' }, found: { app: 'api' } },
    { kind: 'change monitor', monitor, change: { field: 'selector', set: { app: 'api' } } },
  ),
  broken('e-namespace', { kind: 'namespace', monitor, service: 'api' }),
  broken(
    'f-port',
    { kind: 'port', monitor, wanted: 'http', there: ['service-api', 'grpc'] },
    { kind: 'change monitor', monitor, change: { field: 'port', endpoint: 0, from: 'http', to: 'service-api' } },
  ),
  broken('g-no-name', { kind: 'port', monitor, wanted: 'http', there: [] }),
  broken(
    'h-path',
    { kind: 'path', monitor, path: '/metrics', answers: '/actuator/prometheus' },
    {
      kind: 'change monitor',
      monitor,
      change: { field: 'path', endpoint: 0, from: '/metrics', to: '/actuator/prometheus' },
    },
  ),
  broken('i-endpoint', {
    kind: 'endpoint',
    pod: 'api-1',
    url: 'http://localhost:2110/actuator/prometheus',
    answer: 'status 404',
  }),
  broken(
    'j-not-selected',
    { kind: 'not selected', monitor, prometheus: 'monitoring/k8s', by: 'labels', labels: { release: 'kps' } },
    { kind: 'change monitor', monitor, change: { field: 'labels', set: { release: 'kps' } } },
  ),
  broken('k-not-looked', { kind: 'not selected', monitor, prometheus: 'monitoring/k8s', by: 'namespace' }),
  jvm('l-no-target', {
    state: 'broken',
    link: { kind: 'no target', monitor },
    alsoUnseen: ['endpoint', 'prometheuses'],
  }),
  broken('m-down', { kind: 'target down', monitor, error: 'context deadline exceeded' }),
  broken('n-no-series', { kind: 'no series', monitor }),
  jvm('o-young', { state: 'young', what: 'pod', since: AT - 125 }),
  jvm('p-annotated', { state: 'another way', how: 'annotations', by: 'prometheus.io/scrape' }),
  jvm('q-collector', { state: 'another way', how: 'another collector', by: 'VMServiceScrape pigo-rel/api' }),
  jvm('r-no-operator', { state: 'another way', how: 'no operator' }),
  jvm('s-unknown', { state: 'unknown', unseen: ['services', 'monitors'] }),
  jvm('t-covered', { state: 'covered' }),
];

function sectionOf(jvmMetrics: readonly JvmMetrics[] | undefined): string {
  const page = buildReport(makeInput(pigo(), { jvmMetrics })).pages[0]?.text ?? '';
  return /## JVM metrics[\s\S]*?(?=\n## )/.exec(page)?.[0] ?? '';
}

test('every state, and what mends it', () => {
  expectGolden('jvm-metrics.md', sectionOf(ALL));
});

test('nothing is said where there is no JVM', () => {
  expect([sectionOf([]), sectionOf(undefined)]).toEqual(['', '']);
});

test('all that is well is folded', () => {
  const section = sectionOf([jvm('api', { state: 'covered' }), jvm('web', { state: 'covered' })]);
  expect(section).toContain('<details><summary>JVM metrics arrive from all 2 containers.</summary>');
  expect(sectionOf(ALL)).not.toContain('<details>');
});

test('what a pull request mends is linked, instead of YAML to copy', () => {
  const [, second] = ALL;
  if (second === undefined) throw new Error('no JVM');
  const pull = {
    state: 'opened',
    branch: 'memory/metrics.pigo-rel',
    title: 'Scrape',
    number: 7,
    url: 'https://example.invalid/pull/7',
    suggestions: [metricsKey(second)],
  } as const;
  const page = buildReport(makeInput(pigo(), { jvmMetrics: ALL, deliveries: [pull] })).pages[0]?.text ?? '';
  const item = page.split('\n').find((line) => line.includes('b-no-monitor')) ?? '';
  expect(item).toMatch(/Add a ServiceMonitor\. Pull request \[#7\]\(https:\/\/example\.invalid\/pull\/7\)/);
  expect(page).not.toContain(
    'kind: ServiceMonitor\n  metadata:\n    name: api\n    namespace: pigo-rel\n    labels:\n      release: kps\n  spec',
  );
});

test('Data quality says the same', () => {
  const page = buildReport(makeInput(pigo(), { jvmMetrics: ALL })).pages[0]?.text ?? '';
  expect(page).toContain('- JVM metrics arrive from 1 of 20 containers; see "JVM metrics" for the others.');
  expect(page).not.toContain('JVM metrics: available');
});

test('thousands stay readable, in the page and in the JSON', () => {
  const many = Array.from({ length: 3000 }, (_, index) => broken(`api-${index}`, { kind: 'no service' }));
  const section = sectionOf([...many, jvm('z', { state: 'covered' })]);
  expect(section).toContain('2950 more like these');
  expect(section.length).toBeLessThan(20_000);
  const { json } = buildReport(makeInput(pigo(), { jvmMetrics: many }));
  const parsed = parseReportJson(json.text);
  expect(parsed.ok && parsed.report.jvmMetrics?.length).toBe(1000);
});

test('the JSON holds them, and is read without them where they are not as they should be', () => {
  const { json } = buildReport(makeInput(pigo(), { jvmMetrics: ALL.slice(7, 9) }));
  const parsed = parseReportJson(json.text);
  expect(parsed.ok && parsed.report.jvmMetrics).toEqual([
    {
      namespace: 'pigo-rel',
      group: 'apps',
      kind: 'Deployment',
      name: 'h-path',
      container: 'app',
      state: 'broken',
      recognised: 'image',
      link: 'path',
      text: 'the ServiceMonitor pigo-rel/api asks for /metrics, but the JVM metrics are at /actuator/prometheus',
      fix: 'change monitor',
    },
    expect.objectContaining({ name: 'i-endpoint', link: 'endpoint' }),
  ]);
  const broken = parseReportJson(json.text.replace('"jvmMetrics": [', '"jvmMetrics": [7,'));
  expect(broken.ok && broken.report.jvmMetrics).toBeUndefined();
  expect(broken.ok).toBe(true);
});

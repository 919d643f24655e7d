import { expect, test } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import type { Scraping } from '../../src/model/scraping.ts';
import { observationOf } from '../judge/fixtures.ts';
import { deployment } from '../manifests/monitors/scene.ts';
import { jvmWorkload, monitor, prometheus, scraping } from '../scraping/scene.ts';
import { runOn, startRepository } from './run-on-github.ts';

const ON = { 'propose-service-monitors': 'true' };
const ANSWERS = [
  {
    namespace: 'shop',
    pod: 'api-abc-1',
    port: 8080,
    path: '/actuator/prometheus',
    answer: { kind: 'metrics', jvm: true },
  },
] as const;

/** A JVM whose metrics do not arrive, as a recording has it. */
function seen(change: Partial<Scraping>): Observation {
  return observationOf([jvmWorkload()], [], { scraping: { ...scraping, endpoints: ANSWERS, ...change } });
}

/** A GitHub with the manifest of the JVM. */
async function startShop(more: Readonly<Record<string, string>> = {}) {
  const github = await startRepository();
  await github.commitFiles('main', { 'k8s/api.yaml': deployment('api', 'shop'), ...more });
  return github;
}

test('from what was seen to the pull request, which the report links, and which stays alone', async () => {
  const github = await startShop();
  const missing = seen({ monitors: [] });
  expect(await runOn(github, missing, ON)).toMatchObject([
    {
      state: 'opened',
      branch: 'memory-inspector/metrics.shop',
      title: 'Scrape the JVM metrics of shop/api',
      suggestions: ['metrics:shop/Deployment/api/app'],
    },
  ]);
  const added = await github.readText('memory-inspector/metrics.shop', 'k8s/api.yaml');
  expect(added).toContain('path: /actuator/prometheus');
  const reports = await github.git.text(['ls-tree', '-r', '--name-only', 'main', 'reports/memory']);
  const path = reports.split('\n').find((name) => /\d\.md$/.test(name)) ?? '';
  const report = await github.readText('main', path);
  expect(report).toMatch(/no monitor selects the Service `api`\..* Pull request \[#1\]\(/);
  expect(report).not.toContain('kind: ServiceMonitor');
  // The scorecard counts what is about memory.
  expect(await github.readText('main', 'reports/memory/README.md')).not.toContain('What became of the suggestions');
  const committed = await github.git.ref('refs/heads/main');
  expect(await runOn(github, missing, ON)).toMatchObject([{ state: 'unchanged', number: 1 }]);
  expect(await github.git.ref('refs/heads/main')).toBe(committed);
});

test('a wrong port is mended where the monitor stands, and a merged change is not proposed again', async () => {
  const file = `kind: ServiceMonitor
apiVersion: monitoring.coreos.com/v1
metadata: {name: api, namespace: shop}
spec: {selector: {matchLabels: {app: api}}, endpoints: [{port: web, path: /actuator/prometheus}]} # by hand
`;
  const github = await startShop({ 'k8s/monitor.yaml': file });
  const wrong = seen({
    monitors: [{ ...monitor, endpoints: [{ port: 'web', path: '/actuator/prometheus' }] }],
    prometheuses: [prometheus],
  });
  expect(await runOn(github, wrong, ON)).toMatchObject([{ state: 'opened', number: 1 }]);
  expect(await github.readText('memory-inspector/metrics.shop', 'k8s/monitor.yaml')).toBe(
    file.replace('port: web', 'port: service-api'),
  );
  await github.mergePull(1);
  // Not rolled out yet.
  expect(await runOn(github, wrong, ON)).toEqual([]);
});

test('where nobody looked, nothing is closed', async () => {
  const github = await startShop();
  await runOn(github, seen({ monitors: [] }), ON);
  const { scraping: _, ...blind } = seen({});
  const later = { ...blind, at: blind.at + 9 * 86_400 };
  expect(await runOn(github, later, ON)).toMatchObject([{ state: 'unchanged', number: 1 }]);
});

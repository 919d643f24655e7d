import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { read, readFile } from './read.ts';

describe('where options come from', () => {
  it('has the documented defaults when nothing is given', () => {
    expect(read()).toEqual({
      mode: 'auto',
      page: false,
      confirmAfter: 7 * 86_400,
      revert: 'propose',
      jvmWorkloads: [],
      proposeServiceMonitors: false,
      gateWindow: 14 * 86_400,
      gateOnMissingData: 'pass',
      comment: 'auto',
      namespaces: [],
      excludeNamespaces: [],
      kubectlOidc: false,
      config: '.github/memory-inspector.yml',
      prometheusAccess: 'auto',
      prometheusHeaders: {},
      prometheusMatchers: [],
      clusterLabel: 'cluster',
      window: 86_400,
      slowWindow: 604_800,
      sizingWindow: 1_209_600,
      thresholds: {
        usageYellow: 70,
        usageRed: 85,
        growthYellow: 10,
        growthRed: 20,
        flatNearLimit: 'yellow',
        trendRule: 'steady',
        limitFactor: 1.3,
        requestFactor: 0.8,
        overProvisionedBelow: 30,
        overProvisionedAbove: 2 * 1024 ** 3,
      },
      overrides: [],
      ignore: [],
      tighten: 'report',
      reportDirectory: 'reports/memory',
      reportName: '{date}',
      timeZone: 'UTC',
      commitReport: true,
      openPullRequests: true,
      manifests: ['**/*.yaml', '**/*.yml', '**/*.json'],
      pullRequestGrouping: 'workload',
      pullRequestLimit: 5,
      pullRequestBranchPrefix: 'memory-inspector',
      labels: [],
      reviewers: [],
      teamReviewers: [],
      assignees: [],
      owners: [],
      draft: false,
      helmUnproved: false,
      mappings: [],
      helmReleases: [],
      dryRun: false,
      failOn: 'red',
      allowIncomplete: false,
    });
  });

  it('takes the input before the config file, and the config file before the default', () => {
    const options = readFile('usage-red: 90\ngrowth-red: 30\n', { 'usage-red': ' 95 ', 'growth-red': '' });
    expect(options.thresholds).toMatchObject({ usageRed: 95, growthRed: 30, growthYellow: 10 });
  });

  it('reads the config file that is named, and asks for one that is missing', () => {
    expect(read({ config: 'ops/memory.yml' }, { 'ops/memory.yml': 'draft: true' }).draft).toBe(true);
    expect(() => read({ config: 'ops/memory.yml' })).toThrow(
      /config names "ops\/memory.yml", but there is no such file/,
    );
  });

  it.each(['', '# nothing yet\n', '---\n', '{}', 'labels:\nusage-red:\n'])(
    'takes %j for a config file without options',
    (text) => {
      expect(readFile(text)).toEqual(read());
    },
  );

  it('takes a list from commas or lines of an input, and from a sequence or a text of the file', () => {
    const expected = ['pigo-dev', 'pigo-rel'];
    expect(read({ namespaces: 'pigo-dev, pigo-rel,' }).namespaces).toEqual(expected);
    expect(read({ namespaces: 'pigo-dev\r\n\npigo-rel\npigo-dev' }).namespaces).toEqual(expected);
    expect(readFile('namespaces: [pigo-dev, pigo-rel]').namespaces).toEqual(expected);
    expect(readFile('namespaces: pigo-dev, pigo-rel').namespaces).toEqual(expected);
  });
});

describe('what a value becomes', () => {
  it.each([
    ['window', '36h', { window: 129_600 }],
    ['window', '1d12h', { window: 129_600 }],
    ['slow-window', '2w', { slowWindow: 1_209_600 }],
    ['retention', '90d', { retention: 7_776_000 }],
    ['draft', 'True', { draft: true }],
    ['at', '2026-11-24T06:00:00Z', { at: 1_795_500_000 }],
    ['at', '2026-11-24t07:00:00.9+01:00', { at: 1_795_500_000 }],
    ['time-zone', 'Europe/Berlin', { timeZone: 'Europe/Berlin' }],
    ['report-directory', './reports//memory/', { reportDirectory: 'reports/memory' }],
    ['query-pod', 'pigo-rel/nacos-0', { queryPod: { namespace: 'pigo-rel', pod: 'nacos-0' } }],
    ['query-pod', 'pigo-rel/nacos-0/app', { queryPod: { namespace: 'pigo-rel', pod: 'nacos-0', container: 'app' } }],
    [
      'prometheus-url',
      'https://mimir.example.com/prometheus/',
      { prometheusUrl: 'https://mimir.example.com/prometheus' },
    ],
    ['prometheus-matchers', 'cluster="prod"', { prometheusMatchers: ['cluster="prod"'] }],
    ['prometheus-matchers', '{a="x,y", b =~ "z|\\"q"}', { prometheusMatchers: ['a="x,y"', 'b=~"z|\\"q"'] }],
    ['reviewers', '@octocat, hub-bot[bot]', { reviewers: ['octocat', 'hub-bot[bot]'] }],
    ['team-reviewers', '@acme/platform', { teamReviewers: ['platform'] }],
    ['manifests', 'k8s/**/*.yaml\n!k8s/old/**', { manifests: ['k8s/**/*.yaml', '!k8s/old/**'] }],
  ])('reads %s: %s', (name, text, expected) => {
    expect(read({ [name]: text })).toMatchObject(expected);
  });

  it('takes headers from the lines of an input', () => {
    const inputs = { 'prometheus-headers': 'X-Scope-OrgID: a, b\nX-Extra:c', 'prometheus-url': 'http://p' };
    expect(read(inputs).prometheusHeaders).toEqual({ 'X-Scope-OrgID': 'a, b', 'X-Extra': 'c' });
  });

  it('takes headers from a mapping of the file', () => {
    expect(readFile('prometheus-headers: {X-Scope-OrgID: shop}').prometheusHeaders).toEqual({
      'X-Scope-OrgID': 'shop',
    });
  });

  it('takes sizes as quantities or as a number of bytes', () => {
    expect(read({ 'over-provisioned-above': '1.5Gi' }).thresholds.overProvisionedAbove).toBe(1536 * 1024 ** 2);
    expect(readFile('over-provisioned-above: 500').thresholds.overProvisionedAbove).toBe(500);
  });

  it('reads what only the config file can hold', () => {
    const options = readFile(`
overrides:
  - match: { namespace: pigo-*, kind: deployment, name: nacos }
    usage-red: 95
    over-provisioned-above: 4Gi
ignore:
  - match: { container: istio-proxy }
    reason: the mesh team sizes it
    until: 2026-12-31
owners:
  - match: { namespace: pigo-*, kind: Deployment }
    labels: [memory]
    reviewers: ['@ana', bob]
    team-reviewers: [pigo/platform]
  - match: { container: nacos }
    assignees: [carl]
mappings:
  - match: { name: nacos, container: nacos }
    file: deploy/values.yaml
    path: services[0]."my.nacos".resources
helm-releases:
  - release: shop
    namespace: shop
    chart: charts/shop
    values: [charts/shop/values.yaml, env/prod.yaml]
`);
    expect(options.overrides).toEqual([
      {
        match: { namespace: 'pigo-*', kind: 'deployment', name: 'nacos' },
        thresholds: { usageRed: 95, overProvisionedAbove: 4 * 1024 ** 3 },
      },
    ]);
    expect(options.ignore).toEqual([
      { match: { container: 'istio-proxy' }, reason: 'the mesh team sizes it', until: '2026-12-31' },
    ]);
    expect(options.owners).toEqual([
      {
        match: { namespace: 'pigo-*', kind: 'Deployment' },
        labels: ['memory'],
        reviewers: ['ana', 'bob'],
        teamReviewers: ['platform'],
        assignees: [],
      },
      { match: { container: 'nacos' }, labels: [], reviewers: [], teamReviewers: [], assignees: ['carl'] },
    ]);
    expect(options.mappings).toEqual([
      {
        match: { name: 'nacos', container: 'nacos' },
        file: 'deploy/values.yaml',
        path: ['services', 0, 'my.nacos', 'resources'],
      },
    ]);
    expect(options.helmReleases).toEqual([
      {
        release: 'shop',
        namespace: 'shop',
        chart: 'charts/shop',
        values: ['charts/shop/values.yaml', 'env/prod.yaml'],
      },
    ]);
  });

  it('asks for no input where an option is for the file only', () => {
    expect(read({ overrides: 'x', ignore: 'y' })).toEqual(read());
  });
});

it('throws what the user can mend', () => {
  expect(() => read({ window: 'long' })).toThrow(UserError);
  expect(() => readFile('- a')).toThrow(UserError);
});

import { describe, expect, it } from 'vitest';
import { SLOW_STEP } from '../../src/model/measurement.ts';
import * as history from '../../src/prometheus/history-queries.ts';
import type { Selection } from '../../src/prometheus/promql.ts';
import * as build from '../../src/prometheus/queries.ts';

const NAMES = ['app', 'api.v2'];

function allQueries(selection: Selection): Record<string, string> {
  return {
    scope: build.scopeQuery(selection, 'cluster'),
    peak: build.peakQuery(selection, 86_400),
    now: build.nowQuery(selection),
    lingering: build.lingeringQuery(selection),
    averages: build.averagesQuery(selection, 1800),
    quarters: build.quartersQuery(selection, 21_600),
    pressure: build.pressureQuery(selection, 21_600),
    'slow averages': build.averagesQuery(selection, SLOW_STEP),
    starts: build.startsQuery(selection, 86_400),
    'instance peaks': build.instancePeaksQuery(selection, 86_400),
    restarts: build.restartsQuery(selection),
    'OOM reason': build.oomReasonQuery(selection),
    'OOM counts': build.oomCountQuery(selection, 86_400),
    'OOM growth': build.oomGrowthQuery(selection, 86_400),
    resources: build.resourcesQuery(selection, 86_400),
    JVM: build.jvmQuery(selection),
    'JVM course': build.jvmCourseQuery(selection, 21_600),
    'daily peaks': history.dailyPeaksQuery(selection, NAMES),
    'hourly averages': history.hourlyAveragesQuery(selection, NAMES),
    'earlier starts': history.startedQuery(selection, NAMES),
    'earlier restarts': history.restartCountsQuery(selection, NAMES),
    'earlier OOM kills': history.killedQuery(selection, NAMES),
    'earlier limits': history.limitsQuery(selection, NAMES),
  };
}

function show(queries: Record<string, string>): string {
  return Object.entries(queries)
    .map(([name, query]) => `# ${name}\n${query}\n`)
    .join('\n');
}

describe('query texts', () => {
  it('for named namespaces with matchers', async () => {
    const selection: Selection = { namespaces: ['pigo-dev', 'pigo-rel'], matchers: 'cluster="prod"' };
    await expect(show(allQueries(selection))).toMatchFileSnapshot('golden/queries-named.txt');
  });

  it('for all namespaces', async () => {
    await expect(show(allQueries({ namespaces: 'all', matchers: '' }))).toMatchFileSnapshot('golden/queries-all.txt');
  });

  it('never name a job, and exclude the pause container in every selector', () => {
    for (const query of Object.values(allQueries({ namespaces: ['a'], matchers: '' }))) {
      expect(query).not.toMatch(/\bjob\b/);
      const selectors = query.match(/\{[^{}]*\}/g) ?? [];
      for (const selector of selectors.filter((text) => !/k8s_pod_name=""|k8s_namespace_name!=""|\\\\\./.test(text))) {
        expect(selector).toContain('container!="POD"');
      }
    }
  });
});

import { expect, test } from 'vitest';
import type { PullRequestResult } from '../../src/model/delivery.ts';
import { type MonitorLocation, metricsKey } from '../../src/model/monitor-location.ts';
import { prepareContext } from '../../src/report/context.ts';
import { describeMonitorWay } from '../../src/report/monitor-way.ts';
import { addFix, brokenOf } from '../manifests/monitors/scene.ts';
import { makeInput, makeInspection } from './make-inspection.ts';

const BROKEN = brokenOf(addFix());
const CHANGE = { fix: BROKEN.fix ?? addFix(), mends: [BROKEN] };
const LOCATED: MonitorLocation = {
  ...CHANGE,
  state: 'located',
  path: 'k8s/api.yaml',
  line: 7,
  edits: [],
  newFiles: [],
  proof: { kind: 'parsed', how: 'k8s/api.yaml was parsed again.' },
};
const MISSED: MonitorLocation = {
  ...CHANGE,
  state: 'not located',
  reason: 'template',
  why: 'the <b>chart</b> makes it',
  lookedAt: ['charts/api'],
  snippet: '',
};

function wayOf(monitors: readonly MonitorLocation[], deliveries: readonly PullRequestResult[] = []) {
  const input = { ...makeInput(makeInspection([])), repositoryUrl: 'https://github.com/acme/infra/blob/abc/' };
  return describeMonitorWay(BROKEN, prepareContext({ ...input, monitors, deliveries }));
}

test('a JVM finds its pull request, and what is left to the reader', () => {
  const pull: PullRequestResult = {
    state: 'opened',
    branch: 'memory/metrics.shop',
    title: 'Scrape',
    number: 7,
    url: 'https://github.com/acme/infra/pull/7',
    suggestions: [metricsKey(BROKEN)],
  };
  expect(wayOf([])).toBeUndefined();
  expect(wayOf([LOCATED], [pull])).toBe(
    'pull request [#7](https://github.com/acme/infra/pull/7) · in [`k8s/api.yaml`](https://github.com/acme/infra/blob/abc/k8s/api.yaml), line 7',
  );
  const added = { ...LOCATED, path: 'k8s/m.yaml', newFiles: [{ path: 'k8s/m.yaml', text: '' }] };
  expect(wayOf([added])).toBe('adds `k8s/m.yaml`');
  expect(wayOf([MISSED])).toBe('**change it by hand**: the &lt;b&gt;chart&lt;/b&gt; makes it (looked at `charts/api`)');
});

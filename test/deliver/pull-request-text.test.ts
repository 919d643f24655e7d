import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Found, ProposedChange } from '../../src/deliver/delivery-input.ts';
import { explainRollout } from '../../src/deliver/explain-rollout.ts';
import { readMarker } from '../../src/deliver/marker.ts';
import { writeOwnPart } from '../../src/deliver/own-part.ts';
import { markChanges } from '../../src/deliver/proposal.ts';
import { fitText, writeTitle } from '../../src/deliver/pull-request-text.ts';
import { blobShaOf } from '../../src/github/commit-files.ts';
import type { Inspection } from '../../src/model/inspection.ts';
import type { ReachedPlace } from '../../src/model/location.ts';
import { calendarOf } from '../../src/text/format.ts';
import { JVMS } from '../report/jvms.ts';
import { makeInspection, WINDOWS } from '../report/make-inspection.ts';
import { nacos } from '../report/pigo.ts';
import { changeOf, manifest, NACOS } from './scene.ts';

const writeText = (...given: Parameters<typeof fitText>) => fitText(...given) ?? '';

const ROOM = 65_000;
const REPORT = { report: { url: 'https://example.invalid/report', date: '2025-12-26' } };

function proposal(...changes: ProposedChange[]) {
  return { branch: 'b', direction: changes[0]?.location.suggestion.direction ?? 'raise', changes } as const;
}

const killed = {
  ...nacos,
  pods: { 'nacos-0': [{ name: 'nacos', used: 250, limit: 2000, request: 200, killedHoursAgo: [1] }] },
};

function foundIn({ at, workloads }: Inspection): Found | undefined {
  const [judged] = workloads;
  const worst = judged?.containers[0]?.worst;
  const scene = { at, calendar: calendarOf('UTC'), windows: WINDOWS, suggested: true };
  return worst && { worst, pods: (judged?.pods ?? []).map(({ name }) => name), scene };
}

test('what a reviewer sees of the case that started this', async () => {
  const at = 1_766_700_000;
  const averages = Array.from({ length: 48 }, (_, index) => ({
    t: at - 86_400 + (index + 1) * 1800,
    v: (1900 + index * 2.5) * 1024 ** 2,
  }));
  const evidence = {
    found: foundIn(makeInspection([nacos])),
    pods: 1,
    strategy: 'RollingUpdate',
    course: { averages, at, window: 86_400 },
  };
  const change = changeOf({ evidence });
  const before = manifest('nacos', 2000, 1000);
  const files = [{ path: NACOS, before, after: manifest('nacos', 2560, 1536) }];
  await expect(writeText(proposal(change), files, REPORT, ROOM)).toMatchFileSnapshot('golden/pull-request.md');
  expect(writeTitle(proposal(change), 'hkidc')).toBe(
    'hkidc: Raise memory of pigo-rel/nacos: limit 2000Mi → 2560Mi, request 1000Mi → 1536Mi',
  );
});

test('the golden body says each thing that a reviewer decides from', () => {
  const body = readFileSync(new URL('golden/pull-request.md', import.meta.url), 'utf8');
  for (const text of [
    '2017Mi of 2000Mi (100.8 %)',
    '```mermaid',
    '**Merging restarts**',
    '**To decline**',
    '**To undo**',
    '```diff',
    '**Confidence:** high',
  ])
    expect(body).toContain(text);
});

test('an OOMKill stands first', () => {
  const change = changeOf({ evidence: { found: foundIn(makeInspection([killed])) } });
  const body = writeText(proposal(change), [], {}, ROOM);
  expect(body).toMatch(
    /^`nacos` in `pigo-rel` was \*\*OOM-killed\*\* on 12-26 07:30 at a limit of 2000Mi; it now uses 250Mi of 2000Mi \(12.5 %\)\./,
  );
});

const IN_MANY: readonly ReachedPlace[] = [
  'staging',
  'production',
  ...Array.from({ length: 10 }, (_, n) => `edge-${n}`),
].map((cluster) => ({
  by: 'Flux Kustomization apps',
  path: `clusters/${cluster}/apps.yaml`,
  cluster,
  namespace: 'pigo-rel',
}));

test('a file that several applications apply is listed with each of them', async () => {
  const change = changeOf();
  const reaching = { ...change, location: { ...change.location, reaches: IN_MANY } };
  await expect(writeText(proposal(reaching), [], REPORT, ROOM)).toMatchFileSnapshot('golden/reaches.md');
  const alone = { ...change, location: { ...change.location, reaches: IN_MANY.slice(0, 1) } };
  expect(writeText(proposal(alone), [], {}, ROOM)).not.toContain('is applied in');
});

test('two changes of one file list its places once', () => {
  const change = changeOf();
  const reaching = { ...change, location: { ...change.location, reaches: IN_MANY.slice(0, 2) } };
  const body = writeText(proposal(reaching, reaching), [], {}, ROOM);
  expect(body.split('is applied in 2 places')).toHaveLength(2);
});

test('a proof names its file once', () => {
  const change = changeOf();
  const { path } = change.location;
  const proof = { kind: 'parsed' as const, how: `${path} was parsed again after the edit.` };
  const body = writeText(proposal({ ...change, location: { ...change.location, proof } }), [], {}, ROOM);
  expect(body).toContain(`- **Proof:** \`${path}\` was parsed again after the edit.`);
});

test('a proof leaves the folder that it starts with as it is spelt', () => {
  const change = changeOf();
  const proof = { kind: 'kustomize' as const, how: 'overlays/rel was rendered before and after.' };
  const body = writeText(proposal({ ...change, location: { ...change.location, proof } }), [], {}, ROOM);
  expect(body).toContain('- **Proof:** overlays/rel was rendered before and after.');
});

test.each([
  ['Deployment', 'RollingUpdate', 'rolling update'],
  ['Deployment', 'Recreate', 'all at once'],
  ['StatefulSet', 'RollingUpdate', 'one at a time'],
  ['StatefulSet', 'OnDelete', 'updates a pod only when it is deleted'],
  ['DaemonSet', undefined, 'node by node'],
  ['Pod', undefined, 'restarts nothing'],
])('a %s with %s: %s', (kind, strategy, said) => {
  const change = changeOf({ evidence: { pods: 3, strategy } });
  const { suggestion } = change.location;
  const workload = { ...suggestion.workload, kind };
  expect(
    explainRollout({ ...change, location: { ...change.location, suggestion: { ...suggestion, workload } } }),
  ).toContain(said);
});

test('a thousand changes fit, with the marker whole', () => {
  const changes = Array.from({ length: 1000 }, (_, index) =>
    changeOf({ name: `service-with-a-long-name-${index}`, namespace: `team-${index % 7}` }),
  );
  const paths = changes.map(({ location }) => location.path);
  const blobs = Object.fromEntries(paths.map((path) => [path, blobShaOf(path).slice(0, 12)]));
  const marker = { base: 'main', fingerprint: '0123456789abcdef', changes: markChanges(changes), paths, blobs };
  const files = changes.map(({ location }) => ({
    path: location.path,
    before: manifest('a', 1, 1),
    after: manifest('a', 2, 2),
  }));
  const body = writeOwnPart(marker, (longest) => writeText(proposal(...changes), files, REPORT, longest));
  expect(body.length).toBeLessThanOrEqual(65_536);
  expect(readMarker(body)).toMatchObject(marker);
  expect(body).toContain('more: the report and the diff list them all');
});

test('tells how the new values would have done, and what they cost', () => {
  const change = changeOf();
  const backtest = { days: 14, passed: 0, headroom: 26.9 };
  const effect = { pods: 2, limits: 1120 * 1024 ** 2, requests: 1072 * 1024 ** 2 };
  const suggestion = { ...change.location.suggestion, backtest, effect };
  const body = writeText(proposal({ ...change, location: { ...change.location, suggestion } }), [], {}, ROOM);
  expect(body).toContain(
    '- **Tried backwards:** On 0 of the last 14 days this limit would have been passed; headroom 27 % over the highest.',
  );
  expect(body).toContain('- **Effect:** Limits +1120Mi, requests +1072Mi on 2 pods.');
});

test('tells what it costs a month where there is a price, each change and all together', async () => {
  const sized = (name: string, reserves: number | undefined) => {
    const change = changeOf({ name });
    const effect = { pods: 2, limits: 1120 * 1024 ** 2, requests: 1072 * 1024 ** 2 };
    const suggestion = { ...change.location.suggestion, effect, ...(reserves === undefined ? {} : { reserves }) };
    return { ...change, location: { ...change.location, suggestion } };
  };
  const changes = [sized('nacos', 1072 * 1024 ** 2), sized('gateway', -(1024 ** 3)), sized('cart', undefined)];
  const price = { perGibMonth: 3.2, currency: 'EUR' };
  const body = writeText(proposal(...changes), [], { ...REPORT, price }, ROOM);
  await expect(body).toMatchFileSnapshot('golden/price.md');
  const alone = writeText(proposal(...changes.slice(0, 1)), [], { price }, ROOM);
  expect(alone).toContain(
    '- **Effect:** Limits +1120Mi, requests +1072Mi on 2 pods. Costs about 3.35 EUR a month more.',
  );
  expect(writeText(proposal(...changes), [], REPORT, ROOM)).not.toContain('a month');
});

test('hostile names stay text', () => {
  const change = changeOf();
  const { suggestion } = change.location;
  const hostile = {
    ...suggestion,
    workload: { ...suggestion.workload, name: 'x` | <img src=x> @octocat #12 -->', namespace: '</details>\n# big' },
    container: '[a](http://evil.invalid) @octocat',
    notes: ['<!-- @octocat', '```'],
    confidence: { level: 'low' as const, why: '| @octocat |' },
  };
  const place = {
    by: '<img src=x> @octocat',
    path: '`</details>\n# big',
    cluster: '| @octocat',
    namespace: '[a](http://x)',
  };
  const body = writeText(
    proposal({ ...change, location: { ...change.location, suggestion: hostile, reaches: [place, place] } }),
    [],
    {},
    ROOM,
  );
  expect(body).not.toMatch(/<img|@octocat|<\/details>\n# big|\]\(http|-->[^$]*-->/);
  expect(
    writeTitle(proposal({ ...change, location: { ...change.location, suggestion: hostile } }), undefined),
  ).not.toMatch(/\n|@octocat|#12/);
});

test('a JVM has a table of where its memory is, and the diff of the flag that is better changed', async () => {
  const suggestions = makeInspection(JVMS).workloads.flatMap(({ containers }) => containers[0]?.suggestion ?? []);
  const changes = suggestions.map((suggestion) => {
    const change = changeOf();
    return { ...change, location: { ...change.location, suggestion } };
  });
  const text = writeText(proposal(...changes), [], REPORT, ROOM);
  await expect(text).toMatchFileSnapshot('golden/heap.md');
  expect(text).toContain('- -Xmx3g\n+ -Xmx1g');
  const short = writeText(proposal(...changes), [], REPORT, text.length - 400);
  expect(short).not.toContain('where the memory of');
});

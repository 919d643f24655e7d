import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { measure } from '../../src/prometheus/measure.ts';
import { createCannedClient, labelsOf } from './canned-client.ts';
import { createFakeLog } from './fake-log.ts';
import { AT, DAY, measureOne, oneSeries, scope } from './measure-one.ts';

const WORKING_SET = 'container_memory_working_set_bytes';
const START = 'container_start_time_seconds';

describe('measure', () => {
  it('asks few queries, all ending at the evaluation time, with at least 48 averages', async () => {
    const { client } = await measureOne({});
    expect(client.calls).toHaveLength(13);
    const steps = new Map(client.calls.map(({ asked, steps }) => [asked, steps]));
    for (const { steps } of client.calls) expect(steps?.end ?? AT).toBe(AT);
    expect(steps.get('averages')).toEqual({ start: AT - DAY + 1440, end: AT, step: 1440 });
    expect(steps.get('quarters')).toEqual({ start: AT - (3 * DAY) / 4, end: AT, step: DAY / 4 });
    expect(steps.get('slow')).toEqual({ start: AT - 7 * DAY + 10_800, end: AT, step: 10_800 });
  });

  it.each([
    [6, 360],
    [24, 1440],
    [48, 1800],
    [7 * 24, 1800],
    [31 * 24, 7971],
  ])('averages a window of %i h over %i s at a time: half an hour at most, up to a week', async (hours, step) => {
    const client = createCannedClient({ scope: oneSeries });
    const windows = { ...scope.windows, window: hours * 3600 };
    await measure(client, { ...scope, windows }, createFakeLog());
    expect(client.calls.find(({ asked }) => asked === 'averages')?.steps?.step).toBe(step);
  });

  it('asks no more than seventeen queries when everything there is to ask is asked', async () => {
    const row = { labels: labelsOf('a', 'p', { __name__: WORKING_SET }), value: 1 };
    const jvm = [{ labels: labelsOf('a', 'p', { __name__: 'jvm_threads_current' }), value: 1 }];
    const { client } = await measureOne({ now: [row], oomCounts: [row], jvm });
    expect(client.calls).toHaveLength(16);
  });

  it('lets renamed labels win row by row, and leaves out what is of no inspected container', async () => {
    const { measurements } = await measureOne({
      peak: [
        {
          labels: {
            ...labelsOf('monitoring', 'ksm'),
            exported_namespace: 'a',
            exported_pod: 'p',
            exported_container: 'c',
          },
          value: 10,
        },
        { labels: { namespace: 'monitoring', pod: 'p', container: 'c', exported_namespace: 'a' }, value: 30 },
        { labels: { namespace: 'a', pod: 'p', container: 'c' }, value: 20 },
        { labels: labelsOf('elsewhere', 'p'), value: 1 },
        { labels: labelsOf('a', 'p', { container: '' }), value: 1 },
        { labels: labelsOf('a', 'p', { container: 'POD' }), value: 1 },
      ],
    });
    expect(measurements).toHaveLength(1);
    expect(measurements[0]).toMatchObject({ namespace: 'a', pod: 'p', container: 'c', peak: 30 });
  });

  it('takes the running container for "now", not the one that lingers after a restart', async () => {
    const row = (name: string, value: number, more = {}) => ({
      labels: labelsOf('a', 'p', { __name__: name, ...more }),
      value,
    });
    const { first } = await measureOne({
      now: [row(WORKING_SET, 900), row('container_memory_rss', 800), row(START, AT - 60)],
      lingering: [
        row(WORKING_SET, 900, { id: 'old' }),
        row('container_memory_rss', 800, { id: 'old' }),
        row(START, 500, { id: 'old' }),
        row(WORKING_SET, 100, { id: 'new' }),
        row('container_memory_rss', 90, { id: 'new' }),
        row(START, AT - 60, { id: 'new' }),
      ],
    });
    expect(first?.now).toEqual({ workingSet: 100, rss: 90, startedAt: AT - 60 });
  });

  it('tells the running container by its newest sample where no start is known', async () => {
    const row = (id: string, value: number, part?: string) => ({
      labels: labelsOf('a', 'p', part ? { id, part } : { id, __name__: WORKING_SET }),
      value,
    });
    const { first } = await measureOne({
      now: [{ labels: labelsOf('a', 'p', { __name__: WORKING_SET }), value: 900 }],
      lingering: [row('old', 900), row('old', AT - 200, 'seen'), row('new', 100), row('new', AT - 5, 'seen')],
    });
    expect(first?.now).toEqual({ workingSet: 100 });
  });

  it('takes memory pressure as shares of time, and swap', async () => {
    const row = (part: string, ...values: number[]) => ({
      labels: labelsOf('a', 'p', { part }),
      samples: values.map((v, index) => ({ t: AT - DAY + index, v })),
    });
    const { first, client } = await measureOne({
      pressure: [row('waiting', 0, 0.123456, 1.05), row('stalled', -1, 7, Number.NaN), row('other', 0.5)],
      now: [{ labels: labelsOf('a', 'p', { __name__: 'container_memory_swap' }), value: 4096 }],
    });
    expect(first?.pressure).toEqual({
      waiting: [0, 0.1235, 1].map((v, index) => ({ t: AT - DAY + index, v })),
      stalled: [],
    });
    expect(first?.now).toEqual({ swap: 4096 });
    expect(client.calls.find(({ asked }) => asked === 'pressure')?.steps?.step).toBe(DAY / 4);
    expect((await measureOne({ peak: [{ labels: labelsOf('a', 'p'), value: 1 }] })).first?.pressure).toBeUndefined();
  });

  it('keeps the limit of a pod that is gone apart from that of its successor', async () => {
    const limit = (value: number, more: Record<string, string>) => ({ labels: labelsOf('a', 'p', more), value });
    const { first } = await measureOne({
      resources: [
        limit(640, { __name__: 'kube_pod_container_resource_limits', uid: 'new' }),
        limit(512, { part: 'former', uid: 'old' }),
      ],
    });
    expect(first).toMatchObject({ limit: 640, formerLimit: 512, uid: 'new' });
  });

  it('tells apart the pods of one name by the cgroups of their containers, whatever driver names them', async () => {
    const old =
      '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0a1b2c3d_0000_4000_8000_00000000000a.slice/cri-containerd-';
    const young = '/kubepods/burstable/pod0a1b2c3d-0000-4000-8000-00000000000b/';
    const row = (id: string, value: number, pod = 'db-0') => ({ labels: labelsOf('a', pod, { id }), value });
    const { measurements, client } = await measureOne({
      starts: [
        row(`${old}1`, AT - 9 * DAY),
        row(`${old}2`, AT - 7200),
        row(`${young}3`, AT - 3600),
        row(`${old}4`, 5, 'web'),
        row(`${old}5`, 6, 'web'),
      ],
      instancePeaks: [row(`${old}1`, 700), row(`${old}2`, 900), row(`${young}3`, 100), row(`${old}4`, 5, 'web')],
    });
    const instances = Object.fromEntries(measurements.map(({ pod, instances }) => [pod, instances]));
    expect(instances).toEqual({
      'db-0': [
        { uid: '0a1b2c3d-0000-4000-8000-00000000000a', startedAt: AT - 9 * DAY, peak: 900 },
        { uid: '0a1b2c3d-0000-4000-8000-00000000000b', startedAt: AT - 3600, peak: 100 },
      ],
      web: undefined,
    });
    expect(client.calls.filter(({ asked }) => asked === 'instancePeaks')).toHaveLength(1);
  });

  it('counts OOM events of a container that was born in the window from 0', async () => {
    const event = (pod: string, value: number) => ({ labels: labelsOf('a', pod, { id: pod }), value });
    const { measurements } = await measureOne({
      starts: [event('young', AT - 3600), event('old', AT - 30 * DAY)],
      oomCounts: [event('young', 2), event('old', 4), event('grown', 3)],
      oomGrowth: [event('young', 1.01), event('grown', 1.01)],
    });
    const counted = Object.fromEntries(measurements.map(({ pod, oomEvents }) => [pod, oomEvents]));
    expect(counted).toEqual({ young: 2, old: undefined, grown: 1 });
  });

  it('gives the distinct starts, and the restarts around their changes', async () => {
    const { first } = await measureOne({
      starts: [
        { labels: labelsOf('a', 'p', { id: '1' }), value: AT - 2 * DAY },
        { labels: labelsOf('a', 'p', { id: '2' }), value: AT - 2700 },
        { labels: labelsOf('a', 'p', { id: '2b' }), value: AT - 2699 },
      ],
      restarts: [{ labels: labelsOf('a', 'p'), samples: [3, 3, 3, 4, 4, 4].map((v, index) => ({ t: index, v })) }],
    });
    expect(first?.starts).toEqual([
      { t: AT - DAY + 1440, v: AT - 2 * DAY },
      { t: AT - 1440, v: AT - 2700 },
    ]);
    expect(first?.restarts.map(({ t }) => t)).toEqual([0, 2, 3, 5]);
  });

  it('drops the reason that still stands for a moment after a restart for another reason', async () => {
    const samples = (...times: number[]) => times.map((t) => ({ t, v: 1 }));
    const { measurements } = await measureOne({
      reasons: [
        { labels: labelsOf('a', 'ended'), samples: samples(AT - 1500, AT - 1200, AT - 900) },
        { labels: labelsOf('a', 'brief'), samples: samples(AT - 1500) },
        { labels: labelsOf('a', 'still'), samples: samples(AT - 300, AT) },
      ],
    });
    const times = Object.fromEntries(measurements.map(({ pod, oomReason }) => [pod, oomReason.map(({ t }) => AT - t)]));
    expect(times).toEqual({ ended: [1500, 1200], brief: [1500], still: [300, 0] });
  });

  it('keeps limit and request, and takes neither while two pods of one name are reported', async () => {
    const row = (pod: string, kind: string, uid: string, value: number) => ({
      labels: labelsOf('a', pod, { __name__: `kube_pod_container_resource_${kind}`, uid }),
      value,
    });
    const { measurements, availability } = await measureOne({
      resources: [
        row('p', 'limits', 'u', 200),
        row('p', 'requests', 'u', 100),
        row('db-0', 'limits', 'u1', 5),
        row('db-0', 'limits', 'u2', 6),
      ],
    });
    expect(measurements[0]).toMatchObject({ pod: 'db-0', limit: undefined, uid: undefined });
    expect(measurements[1]).toMatchObject({ pod: 'p', limit: 200, request: 100, uid: 'u' });
    expect(availability.exporter).toBe(true);
  });
});

describe('measure, without the series it needs', () => {
  it('fails where there are none in the window', async () => {
    const failing = measure(createCannedClient({}), { ...scope, matchers: 'cluster="x"' }, createFakeLog());
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(/no memory series .*namespaces a, b .*2023-11-15T00:00:00Z.*cluster="x"/);
  });

  it('notes that there are only older ones', async () => {
    const client = createCannedClient({ peak: [{ labels: labelsOf('a', 'p'), value: 1 }] });
    const { notes } = await measure(client, scope, createFakeLog());
    expect(notes[0]).toMatchObject({ kind: 'incomplete', text: expect.stringMatching(/only older values/) });
  });

  it('notes that the exporter is missing', async () => {
    const { notes, availability } = await measureOne({});
    expect(availability.exporter).toBe(false);
    expect(notes).toEqual([{ kind: 'info', text: expect.stringMatching(/kube-state-metrics/) }]);
  });

  it('stops at several clusters, naming them', async () => {
    const rows = ['prod', 'stage', ''].map((cluster) => ({ labels: { namespace: 'a', cluster }, value: 1 }));
    const failing = measure(createCannedClient({ scope: rows }), scope, createFakeLog());
    await expect(failing).rejects.toThrow(
      /3 clusters \(label cluster: \(none\), "prod", "stage"\).*prometheus-matchers/,
    );
  });
});

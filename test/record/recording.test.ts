import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { decodeRecording, encodeRecording } from '../../src/record/recording.ts';
import { measureOf } from '../checks/fixtures.ts';
import { observationOf, peaksOf, podOf, workloadOf } from '../judge/fixtures.ts';

const observation = observationOf([workloadOf([podOf('cart-0')])], [measureOf(() => 800)], {
  histories: [peaksOf(900, 3)],
});
const plain = JSON.parse(Buffer.from(encodeRecording(observation, 'r.json')).toString('utf8'));

describe('a recording', () => {
  it.each(['r.json', 'r.json.gz'])('in %s gives back what was observed, and the same bytes each time', (path) => {
    const bytes = encodeRecording(observation, path);
    expect(decodeRecording(bytes, path)).toEqual(observation);
    expect(encodeRecording(observation, path)).toEqual(bytes);
  });

  it('keeps what objects say of ignoring them', () => {
    const marked = observationOf([workloadOf([podOf('cart-0')], { ignoreMarks: [{ text: 'known' }] })], []);
    expect(decodeRecording(encodeRecording(marked, 'r.json'), 'r.json')).toEqual(marked);
  });

  it('keeps what holds a merged change up', () => {
    const rollout = { observed: true, pods: 2, updated: 1, ready: 1, refused: 'exceeded quota: small' };
    const trouble = { reason: 'ImagePullBackOff', message: 'no such image' };
    const open = workloadOf([podOf('cart-0', [], { trouble })], { rollout });
    const said = { by: 'Flux', object: 'Kustomization flux-system/shop', status: 'suspended', settled: false } as const;
    const held = observationOf([open], [], { deliveries: [{ workload: open.ref, ...said }] });
    const written = encodeRecording(held, 'r.json');
    expect(decodeRecording(written, 'r.json')).toEqual(held);
    const foreign = Buffer.from(Buffer.from(written).toString('utf8').replace('"exceeded quota: small"', '7'));
    expect(() => decodeRecording(foreign, 'r.json')).toThrow(UserError);
  });

  it('may be of nothing', () => {
    const nothing = observationOf([], []);
    expect(decodeRecording(encodeRecording(nothing, 'r.json'), 'r.json')).toEqual(nothing);
  });

  it.each([
    ['cut', '{"format":1,"head":{'],
    ['another file', '{"name":"x"}'],
    ['a list', '[]'],
    ['another format', JSON.stringify({ ...plain, head: { ...plain.head, format: 2 } })],
    ['without pods', JSON.stringify({ ...plain, workloads: [{ ...plain.workloads[0], pods: undefined }] })],
    ['without averages', JSON.stringify({ ...plain, measurements: [{ ...plain.measurements[0], averages: 1 }] })],
    ['without bounds', JSON.stringify({ ...plain, head: { ...plain.head, cluster: { namespaces: [] } } })],
  ])('that is damaged (%s) is named in one sentence', (_, text) => {
    const decode = () => decodeRecording(Buffer.from(text), 'r.json');
    expect(decode).toThrow(UserError);
    expect(decode).toThrow(/"r\.json" is not a recording of format 1/);
  });
});

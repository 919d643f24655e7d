import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import type { Workload } from '../../src/model/workload.ts';
import { lookAtFollowed } from '../../src/observe/look-at-followed.ts';
import { mi, set } from '../checks/fixtures.ts';
import { type Answers, groupsOf, kubectlAnswering } from '../cluster/path-answers.ts';
import { observationOf, podOf, templateOf, workloadOf } from '../judge/fixtures.ts';

const EVENTS =
  '/api/v1/namespaces/shop/events?fieldSelector=involvedObject.kind=StatefulSet,involvedObject.name=cart,reason=FailedCreate';
const hints = { fluxKustomization: 'flux-system/shop' };

async function look(workload: Workload, answers: Answers, targets = [workload.ref]) {
  const { kubectl, asked } = kubectlAnswering({
    '/apis': groupsOf({ 'kustomize.toolkit.fluxcd.io': ['v1beta2'] }),
    ...answers,
  });
  const followed = targets.map((ref) => ({
    workload: ref,
    container: 'app',
    values: [{ field: 'limit' as const, from: mi(2000), to: mi(3000) }],
  }));
  const seen: Observation = observationOf([workload], []);
  return { seen, looked: await lookAtFollowed(kubectl, seen, followed), asked };
}

describe('what followed changes wait for', () => {
  const applied = { containers: [templateOf({ limit: set(3000) })], hints };
  const lacking = { ...applied, replicas: 2, rollout: { observed: true, pods: 1, updated: 0, ready: 1 } };

  it('is not asked for where nothing is followed, or what is followed lacks nothing', async () => {
    const complete = workloadOf([podOf('cart-0')], applied);
    expect(await look(complete, {}, [])).toMatchObject({ asked: [] });
    const { looked, asked } = await look(complete, {});
    expect(asked).toEqual([]);
    expect(looked.deliveries).toEqual([]);
    expect((await look(complete, {}, [{ ...complete.ref, name: 'other' }])).asked).toEqual([]);
  });

  it('is the object that has not applied it', async () => {
    const path = '/apis/kustomize.toolkit.fluxcd.io/v1beta2/namespaces/flux-system/kustomizations/shop';
    const { looked, asked } = await look(workloadOf([podOf('cart-0')], { hints }), {
      [path]: { spec: { suspend: true } },
    });
    expect(asked).toEqual(['/apis', path]);
    expect(looked.deliveries).toMatchObject([{ object: 'Kustomization flux-system/shop' }]);
  });

  it('is what the last event says of a StatefulSet that lacks pods', async () => {
    const events = [
      { message: 'create Pod cart-1 failed: the newer one', lastTimestamp: '2026-11-28T00:10:00Z' },
      { message: 'the older one', lastTimestamp: null, eventTime: '2026-11-28T00:05:00Z' },
    ];
    const { looked } = await look(workloadOf([podOf('cart-0')], lacking), { [EVENTS]: { items: events } });
    expect(looked.cluster.workloads[0]?.rollout?.refused).toBe('create Pod cart-1 failed: the newer one');
  });

  it.each(['Forbidden', 'not JSON'] as const)('is not known where events are %s', async (answer) => {
    const { seen, looked, asked } = await look(workloadOf([podOf('cart-0')], lacking), { [EVENTS]: answer });
    expect(asked).toEqual([EVENTS]);
    expect(looked.cluster).toEqual(seen.cluster);
  });
});

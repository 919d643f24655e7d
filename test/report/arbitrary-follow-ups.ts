import fc from 'fast-check';
import { bytes } from '../../src/bytes.ts';
import type {
  FollowedChange,
  FollowedContainer,
  Look,
  Rollout,
  RolloutObstacle,
  UseOverTime,
  Verdict,
} from '../../src/model/follow-up.ts';

const size = fc.integer({ min: 0, max: 2 ** 45 }).map(bytes);
const time = fc.integer({ min: 0, max: 4_000_000_000 });
const few = fc.nat({ max: 5000 });
const number = fc.integer({ min: 1, max: 1_000_000 });

/** A record without the keys that are not there. */
function some<Value>(required: object, optional: object): fc.Arbitrary<Value> {
  const all = { ...required, ...optional } as Record<string, fc.Arbitrary<unknown>>;
  return fc.record(all, { requiredKeys: Object.keys(required) }) as unknown as fc.Arbitrary<Value>;
}

const uses = {
  used: size,
  peak: size,
  limit: size,
  restarts: few,
  oomKills: few,
  days: fc.integer({ min: 0, max: 31 }),
};
const use = some<UseOverTime>({}, uses);
const look = some<Look>({ after: fc.constantFrom(3600, 86_400, 7 * 86_400), at: time }, uses);

function obstacleOf(text: fc.Arbitrary<string>): fc.Arbitrary<RolloutObstacle> {
  const kind = (one: RolloutObstacle['kind']) => fc.constant(one);
  const message = { message: text };
  const by = fc.constantFrom('Argo CD', 'Flux');
  return fc.oneof(
    some<RolloutObstacle>({ kind: kind('not synced'), by, object: text, status: text }, message),
    some<RolloutObstacle>({ kind: kind('not applied') }, {}),
    some<RolloutObstacle>({ kind: kind('stuck'), reason: text }, { pod: text, ...message }),
    some<RolloutObstacle>({ kind: kind('on delete'), pods: few }, {}),
    some<RolloutObstacle>({ kind: kind('refused'), ...message }, {}),
    some<RolloutObstacle>({ kind: kind('unschedulable'), pod: text, ...message }, {}),
    some<RolloutObstacle>({ kind: kind('resize'), state: text, pods: few }, message),
    some<RolloutObstacle>({ kind: kind('steered'), by: text }, {}),
    some<RolloutObstacle>({ kind: kind('under way'), done: few, pods: few }, {}),
  );
}

const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constantFrom<Verdict>({ kind: 'open' }, { kind: 'replaced' }, { kind: 'gone' }),
  some<Verdict>({ kind: fc.constant('confirmed') }, { backtestHeld: fc.boolean() }),
  some<Verdict>(
    {
      kind: fc.constant('not confirmed'),
      why: fc.constantFrom('still over the red line', 'not measured', 'killed since'),
    },
    {},
  ),
  some<Verdict>(
    { kind: fc.constant('worse'), why: fc.constantFrom('killed after lowering', 'still killed after raising') },
    { killedAt: time },
  ),
  some<Verdict>({ kind: fc.constant('reverted') }, { by: number }),
);

function containerOf(text: fc.Arbitrary<string>): fc.Arbitrary<FollowedContainer> {
  const rollout: fc.Arbitrary<Rollout> = fc.oneof(
    some<Rollout>({ state: fc.constant('rolled out'), at: time }, {}),
    some<Rollout>({ state: fc.constant('waiting'), obstacle: obstacleOf(text) }, {}),
    some<Rollout>({ state: fc.constantFrom('replaced', 'gone', 'idle', 'not seen') }, {}),
  );
  const field = fc.constantFrom('limit', 'request');
  const value = some<FollowedContainer['values'][number]>({ field, to: size }, { from: size });
  return some<FollowedContainer>(
    {
      workload: fc.record({ namespace: text, group: fc.constantFrom('apps', ''), kind: text, name: text }),
      container: text,
      direction: fc.constantFrom('raise', 'lower'),
      values: fc.uniqueArray(value, { minLength: 1, maxLength: 2, selector: (one) => one.field }),
      rollout,
      looks: fc.array(look, { maxLength: 3 }),
      verdict,
    },
    { before: use, after: use },
  );
}

/** Any change; its texts are made by `text`. */
export function changeOf(text: fc.Arbitrary<string>): fc.Arbitrary<FollowedChange> {
  return some<FollowedChange>(
    {
      how: fc.constantFrom('merged', 'by hand'),
      at: time,
      containers: fc.array(containerOf(text), { minLength: 1, maxLength: 4 }),
      settled: fc.boolean(),
    },
    { number, url: number.map((one) => `https://example.invalid/pull/${one}`), reverts: number },
  );
}

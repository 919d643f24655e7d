import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bytes, MIB } from '../../src/bytes.ts';
import { judge } from '../../src/judge/judge.ts';
import type { ContainerChange, GateVerdict } from '../../src/model/gate.ts';
import { bySeverity, type Level } from '../../src/model/level.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Setting, Workload } from '../../src/model/workload.ts';
import { evidenceOfObservation } from '../../src/weigh/evidence-of-observation.ts';
import { weigh } from '../../src/weigh/weigh.ts';
import { set } from '../checks/fixtures.ts';
import { changeOf, findingOf, valueChange } from './fixtures.ts';
import { isSame, mebi, type Scene, scenes, setting } from './scenes.ts';

const runs = { numRuns: 1000 };

function weighIn({ observation, settings }: Scene, changes: readonly ContainerChange[]): GateVerdict {
  return weigh({ containers: changes, unread: [] }, evidenceOfObservation(observation, settings), settings);
}

function changeIn({ limit, request }: Scene, to: { limit?: Setting; request?: Setting }): ContainerChange {
  return changeOf({
    limit: valueChange(limit, to.limit ?? limit),
    request: valueChange(request, to.request ?? request),
  });
}

/** What the next inspection sees of the merged state: all pods have the new limit, and no kill happened at it. */
function merged({ observation }: Scene, limit: Setting): Observation {
  const { cluster } = observation;
  const workloads = cluster.workloads.map(
    (workload): Workload => ({
      ...workload,
      containers: workload.containers.map((one) => ({ ...one, limit })),
      pods: workload.pods.map((pod) => ({
        ...pod,
        containers: pod.containers.map((one) => ({ ...one, limit, lastTermination: undefined })),
      })),
    }),
  );
  const histories = observation.histories.map(({ oomReason, restarts, starts, limits, ...one }) => one);
  return { ...observation, cluster: { ...cluster, workloads }, histories };
}

test('never calls green what the next inspection of the merged state would call red by usage', () => {
  fc.assert(
    fc.property(scenes, mebi, (scene, to) => {
      const limit = set(to);
      const { verdict } = weighIn(scene, [changeIn(scene, { limit })]);
      const next = judge(merged(scene, limit), scene.settings).workloads[0]?.containers[0];
      if (next?.worst.usage?.finding.level === 'red' && !isSame(limit, scene.limit)) {
        expect(verdict).not.toBe('green');
      }
    }),
    runs,
  );
});

test('what the action suggests is green', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      const judged = judge(scene.observation, scene.settings).workloads[0]?.containers[0];
      const { limit, request } = judged?.suggestion ?? {};
      if (limit === undefined && request === undefined) return;
      const of = (value: { readonly to: Bytes } | undefined): Setting | undefined =>
        value && { state: 'set', bytes: value.to };
      const change = changeIn(scene, { limit: of(limit), request: of(request) });
      const { changes } = weighIn(scene, [change]);
      expect(changes[0]?.findings.filter(({ level }) => level !== 'green')).toEqual([]);
    }),
    runs,
  );
});

test('raising a limit more never makes what is said of it worse', () => {
  fc.assert(
    fc.property(scenes, mebi, mebi, (scene, a, b) => {
      const levelAt = (to: number): Level => {
        const { changes } = weighIn(scene, [changeIn(scene, { limit: set(to) })]);
        return findingOf(changes[0]?.findings ?? [], 'limit')?.level ?? 'green';
      };
      const from = scene.limit.state === 'set' ? scene.limit.bytes / MIB : 0;
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      if (less <= from) return;
      expect(bySeverity(levelAt(less), levelAt(more))).toBeLessThanOrEqual(0);
    }),
    runs,
  );
});

test('what is said to be enough is green', () => {
  fc.assert(
    fc.property(scenes, mebi, (scene, to) => {
      const limitAt = (limit: Setting) =>
        findingOf(weighIn(scene, [changeIn(scene, { limit })]).changes[0]?.findings ?? [], 'limit');
      const enough = limitAt(set(to))?.fact.enough;
      if (enough === undefined) return;
      expect(limitAt({ state: 'set', bytes: enough })?.level ?? 'green').toBe('green');
    }),
    runs,
  );
});

test('the order of the changes changes nothing', () => {
  const targets = fc.array(fc.record({ limit: setting, request: setting, way: fc.constantFrom('plain', 'helm') }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(scenes, targets, (scene, all) => {
      const changes = all.map(({ way, ...to }, index): ContainerChange => {
        const application = { way: way as 'plain' | 'helm', name: `app-${index % 3}`, path: `app-${index % 3}/x.yaml` };
        return { ...changeIn(scene, to), application };
      });
      const verdict = weighIn(scene, changes);
      expect(weighIn(scene, changes.toReversed())).toEqual(verdict);
      expect(weighIn(scene, changes)).toEqual(verdict);
    }),
    { numRuns: 300 },
  );
});

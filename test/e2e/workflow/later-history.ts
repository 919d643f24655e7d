import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { facts, kubectl } from '../facts.ts';
import { healthy, stories } from '../pigo/stories.mjs';
import { writeHistory } from '../testbed/history.mjs';
import { podPasts } from '../testbed/pasts.mjs';
import { startPrometheus } from '../testbed/prometheus.mjs';
import { podSeries } from '../testbed/series.mjs';

const HOUR = 3600;

/**
 * A second Prometheus, with the day up to `at` (seconds since the epoch) of the pods that one namespace has now. The pods
 * of `rolledOut` (`namespace/workload`) started `hoursAgo` and use what their predecessors used.
 */
export async function startLaterPrometheus(options: {
  readonly at: number;
  readonly namespace: string;
  readonly rolledOut: string;
  readonly hoursAgo: number;
}) {
  const { at, namespace, rolledOut, hoursAgo } = options;
  const list = async (resource: string) => {
    const answer = await kubectl(['get', resource, '-n', namespace, '-o', 'json'], facts.adminKubeconfig);
    return JSON.parse(answer.stdout).items;
  };
  const told = { ...stories, [rolledOut]: { ...stories[rolledOut], runs: [{ from: -hoursAgo, to: 0 }] } };
  const pasts = podPasts(await list('pods'), await list('replicasets'), { at, stories: told, healthy });
  const directory = await mkdtemp(join(facts.directory, 'later-'));
  const data = join(directory, 'data');
  await writeHistory(pasts.flatMap(podSeries), [{ from: at - 26 * HOUR, to: at + 60, step: 60, block: 2 * HOUR }], {
    data,
  });
  return startPrometheus({ directory, data });
}

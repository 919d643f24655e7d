import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePrograms } from '../test/e2e/testbed/programs.mjs';
import { compare } from './action.mjs';
import { startApiStandIn } from './api-stand-in.mjs';
import { AT, namespacesOf, startHistory, startRealCluster } from './bed.mjs';

/** @typedef {(line: string) => void} Log */

/**
 * 1,000 pods of a real API server, with 24 hours and with 8 days of history;
 * then 1,000 and 10,000 of a stand-in, to see how time and memory grow.
 *
 * @param {{ log: Log, pods?: number, many?: number }} options
 */
export async function benchInspection({ log, pods = 1000, many = 10_000 }) {
  const directory = await mkdtemp(join(tmpdir(), 'memory-inspector-bench-'));
  try {
    const samples = await benchReal({ log, pods, directory });
    if (many > 0) await benchMany({ log, pods, many, samples, directory });
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {{ log: Log, pods: number, directory: string }} options */
async function benchReal({ log, pods: count, directory }) {
  const { kubectl } = requirePrograms(['kubectl']);
  const { cluster, pods, replicaSets } = await startRealCluster({ pods: count, directory });
  try {
    for (const days of [1, 8]) {
      const history = await startHistory({ pods, replicaSets, days, directory });
      try {
        const result = await compare({
          inputs,
          kubeconfig: cluster.kubeconfig,
          kubectl,
          prometheus: history.url,
          directory,
        });
        log(line(`${count} pods, ${days === 1 ? '24 h' : `${days} days`}`, result));
      } finally {
        await history.stop();
      }
    }
    const deployments = await cluster.kubectl(['get', 'deployments', '-n', namespacesOf(1)[0] ?? '', '-o', 'json']);
    return { pod: pods[0], replicaSet: replicaSets[0], deployment: JSON.parse(deployments.stdout).items[0] };
  } finally {
    await cluster.stop();
  }
}

/** @param {{ log: Log, pods: number, many: number, samples: import('./api-stand-in.mjs').Samples, directory: string }} options */
async function benchMany({ log, pods, many, samples, directory }) {
  const few = await benchStandIn({ log, pods, samples, directory });
  const all = await benchStandIn({ log, pods: many, samples, directory });
  const growth = (/** @type {'seconds' | 'peak'} */ what) => (all[what] / few[what]).toFixed(1);
  log(`${many / pods} times the pods: ${growth('seconds')} times the time, ${growth('peak')} times the memory`);
}

/** @param {{ log: Log, pods: number, samples: import('./api-stand-in.mjs').Samples, directory: string }} options */
async function benchStandIn({ log, pods, samples, directory }) {
  const { kubectl } = requirePrograms(['kubectl']);
  const api = await startApiStandIn({ pods, samples });
  try {
    const history = await startHistory({ pods: api.pods(), replicaSets: api.replicaSets(), days: 1, directory });
    try {
      const kubeconfig = join(directory, 'stand-in.kubeconfig');
      await writeFile(kubeconfig, JSON.stringify(api.kubeconfig));
      const result = await compare({ inputs, kubeconfig, kubectl, prometheus: history.url, directory });
      log(line(`${pods} pods, stand-in`, result));
      return result;
    } finally {
      await history.stop();
    }
  } finally {
    await api.stop();
  }
}

// The whole cluster, as an administrator's workflow inspects it: one list a kind, not one a namespace.
const inputs = { at: AT, 'prometheus-access': 'direct', 'fail-on': 'never', 'dry-run': 'true' };

/**
 * @param {string} what
 * @param {Awaited<ReturnType<typeof compare>>} result
 */
function line(what, { seconds, peak, queries, lists, curl, kubectl, ratio }) {
  const plain = `curl ${curl.toFixed(2)} s + kubectl ${kubectl.toFixed(2)} s`;
  return `${what}: ${queries} queries, ${lists} lists, ${seconds.toFixed(2)} s = ${ratio.toFixed(2)} x (${plain}), peak ${Math.round(peak / 1e6)} MB`;
}

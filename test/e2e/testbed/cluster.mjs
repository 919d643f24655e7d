import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, run, until } from './processes.mjs';
import { requirePrograms } from './programs.mjs';

/** @typedef {Awaited<ReturnType<typeof startCluster>>} Cluster */

/**
 * Starts a real API server with its controllers, scheduler and RBAC; kwok lets
 * pods run with no node behind them, and `kubectl exec` runs on this machine.
 *
 * @param {{ directory: string, proxyPort: number, nodes?: number }} options
 *   everything is kept below `directory`; commands in pods get `proxyPort` as their `http_proxy`
 */
export async function startCluster({ directory, proxyPort, nodes = 3 }) {
  const programs = requirePrograms([
    'kwokctl',
    'kwok',
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kubectl',
  ]);
  const name = `inspector-${randomBytes(4).toString('hex')}`;
  const kubeconfig = join(directory, 'admin.kubeconfig');
  const workdir = join(directory, 'kwok');
  const config = join(directory, 'kwokctl.yaml');
  await mkdir(workdir, { recursive: true });
  await writeFile(config, configuration(programs, proxyPort, await freePort()));
  const { no_proxy, NO_PROXY, http_proxy, HTTP_PROXY, ...clean } = process.env;
  const env = { ...clean, KWOK_WORKDIR: workdir, KUBECONFIG: kubeconfig };

  /**
   * Runs kubectl as the cluster's administrator.
   *
   * @param {string[]} args
   * @param {{ input?: string, mayFail?: boolean, kubeconfig?: string }} [options] `kubeconfig` for another identity
   */
  const kubectl = (args, options = {}) =>
    run(programs.kubectl, args, { ...options, env: { ...env, KUBECONFIG: options.kubeconfig ?? kubeconfig } });

  const stop = async () => {
    await run(programs.kwokctl, ['delete', 'cluster', '--name', name], { env, mayFail: true });
  };
  try {
    await run(programs.kwokctl, ['create', 'cluster', '--name', name, '--config', config, '--wait', '60s'], { env });
    await run(programs.kwokctl, ['scale', 'node', '--name', name, '--replicas', String(nodes)], { env });
    await chmod(kubeconfig, 0o600);
    await until('the default service account', async () => {
      return (await kubectl(['get', 'serviceaccount', 'default', '-n', 'default'], { mayFail: true })).code === 0;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { name, kubeconfig, kubectl, stop };
}

/**
 * @param {Record<string, string>} programs
 * @param {number} proxyPort
 * @param {number} apiPort
 */
function configuration(programs, proxyPort, apiPort) {
  return `kind: KwokctlConfiguration
apiVersion: config.kwok.x-k8s.io/v1alpha1
options:
  kubeVersion: v1.34.4
  runtime: binary
  kubeApiserverPort: ${apiPort}
  etcdBinary: ${programs.etcd}
  kubeApiserverBinary: ${programs['kube-apiserver']}
  kubeControllerManagerBinary: ${programs['kube-controller-manager']}
  kubeSchedulerBinary: ${programs['kube-scheduler']}
  kwokControllerBinary: ${programs.kwok}
  kubectlBinary: ${programs.kubectl}
  kubeAuthorization: true
componentsPatches:
  - name: kube-controller-manager
    extraArgs:
      - {key: kube-api-qps, value: "300"}
      - {key: kube-api-burst, value: "600"}
  - name: kube-scheduler
    extraArgs:
      - {key: kube-api-qps, value: "300"}
      - {key: kube-api-burst, value: "600"}
---
kind: ClusterExec
apiVersion: kwok.x-k8s.io/v1alpha1
metadata: {name: local}
spec:
  execs:
    - local:
        workDir: /
        envs:
          - {name: http_proxy, value: "http://127.0.0.1:${proxyPort}"}
          - {name: no_proxy, value: ""}
`;
}

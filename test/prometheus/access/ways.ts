import type { Kubectl } from '../../../src/kubectl/kubectl.ts';
import type { Workload } from '../../../src/model/workload.ts';
import { type ConnectOptions, connectPrometheus } from '../../../src/prometheus/access/connect.ts';
import { createFakeLog } from '../fake-log.ts';

/** A Deployment with ready pods of one container each. */
export function deployment(namespace: string, name: string, pods: readonly string[], image = `${name}:1`): Workload {
  const setting = { state: 'absent' } as const;
  const container = { name: 'app', kind: 'container', limit: setting, request: setting } as const;
  return {
    ref: { namespace, group: 'apps', kind: 'Deployment', name },
    edit: { allowed: true },
    containers: [{ ...container, image }],
    vpa: 'none',
    memoryHpa: 'none',
    hints: {},
    pods: pods.map((pod) => ({
      name: pod,
      uid: pod,
      phase: 'Running',
      ready: true,
      deleting: false,
      containers: [{ ...container, injected: false, running: true, restarts: 0 }],
    })),
  };
}

/** No cluster at all: whatever is asked fails as without any right. */
export const forbiddingKubectl: Kubectl = {
  run: async (args) => ({
    exitCode: 1,
    stdout: '',
    stderr: `Error from server (Forbidden): User "u" cannot do that: ${args[0]}`,
  }),
};

/** Connects as a run does, without waiting between attempts. */
export function connect(
  options: Partial<ConnectOptions>,
  deps: {
    kubectl?: Kubectl;
    workloads?: readonly Workload[];
    fetch?: typeof fetch;
    wait?: (milliseconds: number) => Promise<unknown>;
  } = {},
) {
  const log = createFakeLog();
  const connecting = connectPrometheus(
    { access: 'auto', headers: {}, timeoutSeconds: 5, ...options },
    {
      kubectl: deps.kubectl ?? forbiddingKubectl,
      workloads: async () => deps.workloads ?? [],
      fetch: deps.fetch ?? fetch,
      log,
      wait: deps.wait ?? (async () => undefined),
    },
  );
  return Object.assign(connecting, { log });
}

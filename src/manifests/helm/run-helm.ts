import { dirname } from 'node:path';
import type { Budget } from '../rendering/budget.ts';
import { splitRendered } from '../rendering/rendered.ts';
import type { Rendering } from '../rendering/rendering.ts';
import { type ClosedProgram, runClosed } from '../rendering/run-closed.ts';
import type { Scratch } from '../rendering/scratch.ts';
import { explainHelm } from './explain-helm.ts';

/** What to render: absolute paths of a chart and of values files, lowest layer first; `set` as for `--set`. */
export interface TemplateRequest {
  readonly release: string;
  readonly namespace: string;
  readonly chart: string;
  readonly values: readonly string[];
  readonly set?: readonly string[];
  readonly kubeVersion?: string;
}

/** Renders charts. Failures are results, not errors. */
export interface Helm {
  template(request: TemplateRequest): Promise<Rendering>;
}

export interface HelmOptions {
  /** helm; absent where it is not installed. */
  readonly helm?: ClosedProgram;
  readonly scratch: Scratch;
  readonly budget: Budget;
  /** The cluster's version, for charts that ask; a release may name its own. */
  readonly kubeVersion?: string;
}

/** Charts refuse a Kubernetes that is too old for them, and a helm that was built from source believes in a very old one. */
const CURRENT_KUBERNETES = '1.34.0';

/** `helm template` without a shell, plugins, cluster or network, ended when it takes too much. */
export function createHelm({ helm, scratch, budget, kubeVersion = CURRENT_KUBERNETES }: HelmOptions): Helm {
  return {
    async template(request) {
      if (helm === undefined) return { state: 'missing' };
      const spent = budget.take();
      if (spent) return { state: 'over', why: spent.why };
      const result = await runClosed(helm, argumentsOf({ kubeVersion, ...request }), scratch);
      if (result.state === 'done') return { state: 'rendered', documents: splitRendered(result.output) };
      return result.state === 'over'
        ? result
        : { state: 'failed', why: explainHelm(result.said, request, dirname(scratch.home)) };
    },
  };
}

function argumentsOf({ release, namespace, chart, values, set = [], kubeVersion }: TemplateRequest): string[] {
  return [
    'template',
    `--namespace=${namespace}`,
    `--kube-version=${kubeVersion}`,
    // A schema may name others by address, and helm would fetch them.
    '--skip-schema-validation',
    ...values.map((path) => `--values=${path}`),
    ...set.map((pair) => `--set=${pair}`),
    '--',
    release,
    chart,
  ];
}

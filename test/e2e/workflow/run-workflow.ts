import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended } from '../facts.ts';
import { runAct, userWorkflow } from './run-act.ts';

const WORKFLOW = '.github/workflows/memory-inspection.yml';

/** What differs from run to run of the example workflow. */
export interface WorkflowRun {
  /** The user's repository, checked out; the workflow is put there. */
  readonly checkout: string;
  readonly at: string;
  readonly namespaces: readonly string[];
  readonly prometheusUrl: string;
  readonly kubeconfig: string;
  /** GitHub's API, and the repository there as `owner/name`. */
  readonly api: string;
  readonly repository: string;
  readonly dryRun?: boolean;
}

/** Puts the example workflow into a user's repository the way its first comment says. */
export async function addWorkflow(checkout: string): Promise<void> {
  await mkdir(join(checkout, '.github/workflows'), { recursive: true });
  await writeFile(join(checkout, WORKFLOW), await userWorkflow(WORKFLOW));
}

/** Runs the example workflow with act on this machine, the action being the committed bundle. */
export async function runWorkflow(run: WorkflowRun): Promise<Ended> {
  return runAct('workflow_dispatch', {
    ...run,
    args: ['--input', `at=${run.at}`, '--input', `dry-run=${run.dryRun ?? false}`],
    variables: { MEMORY_NAMESPACES: run.namespaces.join(', '), PROMETHEUS_URL: run.prometheusUrl },
  });
}

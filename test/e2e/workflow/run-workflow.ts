import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, facts } from '../facts.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const WORKFLOW = '.github/workflows/memory-inspection.yml';
const ACTION = 'OWNER/kubernetes-memory-inspector@v1';

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

/**
 * Puts the example workflow into a user's repository the way its first comment says: with the published action in place of
 * `./`.
 */
export async function addWorkflow(checkout: string): Promise<void> {
  const workflow = await readFile(join(root, WORKFLOW), 'utf8');
  await mkdir(join(checkout, '.github/workflows'), { recursive: true });
  await writeFile(join(checkout, WORKFLOW), workflow.replace(/^( *uses: )\.\/(?= |$)/m, `$1${ACTION}`));
}

/** Runs the example workflow with act on this machine, the action being the committed bundle. */
export async function runWorkflow(run: WorkflowRun): Promise<Ended> {
  const scratch = await mkdtemp(join(facts.directory, 'act-'));
  const action = join(scratch, 'action');
  await mkdir(action);
  for (const part of ['action.yml', 'dist']) await cp(join(root, part), join(action, part), { recursive: true });
  const secrets = join(scratch, 'secrets');
  const kubeconfig = JSON.stringify(await readFile(run.kubeconfig, 'utf8'));
  await writeFile(secrets, `KUBECONFIG=${kubeconfig}\nGITHUB_TOKEN=e2e-token\n`, { mode: 0o600 });
  const args = [
    'workflow_dispatch',
    ...['-P', 'ubuntu-latest=-self-hosted', '--local-repository', `${ACTION}=${action}`],
    ...['--secret-file', secrets, '--input', `at=${run.at}`, '--input', `dry-run=${run.dryRun ?? false}`],
    ...['--var', `MEMORY_NAMESPACES=${run.namespaces.join(', ')}`, '--var', `PROMETHEUS_URL=${run.prometheusUrl}`],
    ...['--env', `GITHUB_API_URL=${run.api}`, '--env', `GITHUB_GRAPHQL_URL=${run.api}/graphql`],
    ...['--env', `GITHUB_REPOSITORY=${run.repository}`, '--env', 'MEMORY_INSPECTOR_PACE=immediate'],
  ];
  const path = [facts.binDirectory, join(root, 'node_modules/.bin'), process.env.PATH].join(':');
  const env = { PATH: path, HOME: scratch, XDG_CACHE_HOME: join(scratch, 'cache') };
  try {
    return await new Promise((resolve) => {
      execFile('act', args, { cwd: run.checkout, env, maxBuffer: 1 << 27 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
      });
    });
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

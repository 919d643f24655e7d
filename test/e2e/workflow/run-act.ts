import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, facts } from '../facts.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const ACTION = 'OWNER/kubernetes-memory-inspector@v1';

/** An example workflow as its first comment says that a user has it: with the published action in place of `./`. */
export async function userWorkflow(path: string): Promise<string> {
  const workflow = await readFile(join(root, path), 'utf8');
  return workflow.replace(/^( *uses: )\.\/(?= |$)/m, `$1${ACTION}`);
}

export interface ActRun {
  /** The user's repository, checked out, with the workflow in it. */
  readonly checkout: string;
  /** Without one, the job sees no secret but its token. */
  readonly kubeconfig?: string;
  /** GitHub's API, and the repository there as `owner/name`. */
  readonly api: string;
  readonly repository: string;
  /** The repository's variables. */
  readonly variables: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** Runs what an event starts with act on this machine, the action being the committed bundle. */
export async function runAct(event: string, run: ActRun): Promise<Ended> {
  const scratch = await mkdtemp(join(facts.directory, 'act-'));
  const action = join(scratch, 'action');
  await mkdir(action);
  for (const part of ['action.yml', 'dist']) await cp(join(root, part), join(action, part), { recursive: true });
  const secrets = join(scratch, 'secrets');
  const kubeconfig = run.kubeconfig && `KUBECONFIG=${JSON.stringify(await readFile(run.kubeconfig, 'utf8'))}\n`;
  await writeFile(secrets, `${kubeconfig ?? ''}GITHUB_TOKEN=e2e-token\n`, { mode: 0o600 });
  const given = (flag: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const env = {
    GITHUB_API_URL: run.api,
    GITHUB_GRAPHQL_URL: `${run.api}/graphql`,
    GITHUB_REPOSITORY: run.repository,
    MEMORY_INSPECTOR_PACE: 'immediate',
    ...run.env,
  };
  const args = [
    event,
    ...['-P', 'ubuntu-latest=-self-hosted', '--local-repository', `${ACTION}=${action}`, '--secret-file', secrets],
    ...given('--var', run.variables),
    ...given('--env', env),
    ...(run.args ?? []),
  ];
  const path = [facts.binDirectory, join(root, 'node_modules/.bin'), process.env.PATH].join(':');
  const around = { PATH: path, HOME: scratch, XDG_CACHE_HOME: join(scratch, 'cache') };
  try {
    return await new Promise((resolve) => {
      execFile('act', args, { cwd: run.checkout, env: around, maxBuffer: 1 << 27 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
      });
    });
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

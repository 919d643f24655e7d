import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What to render: absolute paths of a chart and of values files, lowest layer first; `set` as for `--set`. */
export interface TemplateRequest {
  readonly release: string;
  readonly namespace: string;
  readonly chart: string;
  readonly values: readonly string[];
  readonly set?: readonly string[];
  readonly kubeVersion?: string;
}

export type TemplateResult =
  | { readonly state: 'rendered'; readonly text: string }
  | { readonly state: 'missing' }
  | { readonly state: 'failed'; readonly why: string };

/** Renders charts. `home` is a private directory for whatever helm writes. Failures are results, not errors. */
export interface Helm {
  template(request: TemplateRequest, home: string): Promise<TemplateResult>;
}

export interface HelmOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The program to run, looked for on the PATH of `env`. */
  readonly binary?: string;
  readonly timeoutSeconds?: number;
}

const DEFAULT_TIMEOUT_SECONDS = 30;
const LARGEST_OUTPUT = 64 * 1024 * 1024;
const NO_ONE_LISTENS = 'http://127.0.0.1:9';

/** `helm template` without a shell, plugins, cluster or network, ended when it takes too long. */
export function createHelm({ env, binary = 'helm', timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: HelmOptions): Helm {
  return {
    async template(request, home) {
      const plugins = join(home, 'plugins');
      await mkdir(plugins, { recursive: true });
      const closed = closedEnvironment(env.PATH ?? '', home, plugins);
      return run(binary, argumentsOf(request), { env: closed, cwd: home, timeout: timeoutSeconds * 1000 });
    },
  };
}

function argumentsOf({ release, namespace, chart, values, set = [], kubeVersion }: TemplateRequest): string[] {
  return [
    'template',
    `--namespace=${namespace}`,
    ...values.map((path) => `--values=${path}`),
    ...set.map((pair) => `--set=${pair}`),
    ...(kubeVersion === undefined ? [] : [`--kube-version=${kubeVersion}`]),
    '--',
    release,
    chart,
  ];
}

function closedEnvironment(path: string, home: string, plugins: string): NodeJS.ProcessEnv {
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
  return {
    PATH: path,
    HOME: home,
    TMPDIR: home,
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_DATA_HOME: join(home, 'data'),
    HELM_PLUGINS: plugins,
    HELM_REPOSITORY_CONFIG: join(home, 'repositories.yaml'),
    HELM_REPOSITORY_CACHE: join(home, 'repository'),
    HELM_REGISTRY_CONFIG: join(home, 'registry.json'),
    KUBECONFIG: join(home, 'no-kubeconfig'),
    GIT_ALLOW_PROTOCOL: 'none',
    ...Object.fromEntries(proxies.map((name) => [name, NO_ONE_LISTENS])),
  };
}

function run(
  binary: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string; readonly timeout: number },
): Promise<TemplateResult> {
  return new Promise((resolve) => {
    const limits = { maxBuffer: LARGEST_OUTPUT, killSignal: 'SIGKILL', windowsHide: true } as const;
    execFile(binary, args, { ...options, ...limits }, (error, stdout, stderr) => {
      if (error === null) return resolve({ state: 'rendered', text: stdout });
      if (error.code === 'ENOENT' || error.code === 'EACCES') return resolve({ state: 'missing' });
      const ended = error.killed ? `helm was ended after ${options.timeout / 1000} s` : undefined;
      return resolve({ state: 'failed', why: ended ?? explain(stderr, options.cwd) });
    });
  });
}

/** Helm's own words on one line, without the scratch directory's name. */
function explain(stderr: string, home: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('WARNING'));
  const said = lines
    .join(' ')
    .replaceAll(`${home}/`, '')
    .replace(/^Error: /, '')
    .replace(/\s+/g, ' ')
    .trim();
  const cut = said.replace(/ Use --debug flag.*$/, '');
  return cut === '' ? 'helm gave no reason' : cut.length > 300 ? `${cut.slice(0, 300)}…` : cut;
}

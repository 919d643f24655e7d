import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export type Rendering = { readonly text: string } | { readonly failed: string };

/** Renders a folder of the files given, and of nothing else. */
export interface Renderer {
  render(files: ReadonlyMap<string, Uint8Array | string>, folder: string): Promise<Rendering>;
}

export interface KustomizeOptions {
  /** A private folder; each rendering has a copy of the files below it, removed afterwards. */
  readonly scratch: string;
  readonly path: string;
  readonly binary?: string;
  readonly timeoutSeconds?: number;
}

const LARGEST_OUTPUT = 64 * 1024 * 1024;

/**
 * `kubectl kustomize` on a scratch copy, without plugins, functions, Helm, a kubeconfig or a network: it would fetch
 * remote resources whatever its flags say, so proxies lead nowhere and git may use no protocol.
 */
export function createKustomize(options: KustomizeOptions): Renderer {
  return {
    async render(files, folder) {
      mkdirSync(options.scratch, { recursive: true, mode: 0o700 });
      const copy = mkdtempSync(join(options.scratch, 'kustomize-'));
      try {
        for (const [path, content] of files) writeBelow(copy, path, content);
        return await runKustomize(options, copy, join(copy, folder));
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    },
  };
}

function writeBelow(copy: string, path: string, content: Uint8Array | string): void {
  const target = join(copy, path);
  const way = relative(copy, target);
  if (way === '' || way.startsWith('..') || way.startsWith(sep))
    throw new RangeError(`${path} leaves the scratch copy`);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content, { mode: 0o600, flag: 'wx' });
}

function runKustomize(options: KustomizeOptions, copy: string, folder: string): Promise<Rendering> {
  const nowhere = 'http://127.0.0.1:9';
  const env = {
    PATH: options.path,
    HOME: copy,
    KUBECONFIG: '/dev/null',
    HTTPS_PROXY: nowhere,
    HTTP_PROXY: nowhere,
    NO_PROXY: '',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
  };
  const limits = {
    timeout: (options.timeoutSeconds ?? 20) * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: LARGEST_OUTPUT,
  } as const;
  return new Promise((resolve) => {
    execFile(
      options.binary ?? 'kubectl',
      ['kustomize', folder],
      { env, cwd: copy, ...limits },
      (error, stdout, stderr) => {
        if (!error) resolve({ text: stdout });
        else if (error.code === 'ENOENT') resolve({ failed: 'kubectl is not installed' });
        else if (error.killed) resolve({ failed: 'rendering took too long' });
        else resolve({ failed: stderr.replaceAll(`${copy}${sep}`, '').trim().slice(0, 500) });
      },
    );
  });
}

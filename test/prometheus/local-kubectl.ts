import { spawn, spawnSync } from 'node:child_process';
import type { Kubectl, KubectlResult } from '../../src/kubectl/kubectl.ts';

export interface ExecCall {
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly namespace: string;
  readonly target: string;
  readonly argv: readonly string[];
}

/**
 * A kubectl whose exec runs the command on this machine, unless `intercept` answers for the container first. Fails as
 * a kubelet does.
 */
export function createLocalKubectl(
  intercept: (call: ExecCall) => Partial<KubectlResult> | undefined = () => undefined,
): Kubectl & { readonly calls: ExecCall[] } {
  const calls: ExecCall[] = [];
  return {
    calls,
    async run(args, options) {
      const split = args.indexOf('--');
      const namespace = args[args.indexOf('-n') + 1] ?? '';
      const call = {
        args,
        stdin: options?.stdin,
        namespace,
        target: args[args.indexOf('-n') + 2] ?? '',
        argv: args.slice(split + 1),
      };
      calls.push(call);
      const answer = intercept(call);
      if (answer) return { exitCode: 0, stdout: '', stderr: '', ...answer };
      return runHere(call.argv, options?.stdin);
    },
  };
}

function runHere(argv: readonly string[], stdin = ''): Promise<KubectlResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0] ?? '', argv.slice(1), { env: { PATH: process.env.PATH } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const said = code === 0 ? stderr : `${stderr}command terminated with exit code ${code}\n`;
      resolve({ exitCode: code ?? 1, stdout, stderr: said });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
}

/** What a kubelet says where the image has no such program. */
export function noSuchProgram(program: string): Partial<KubectlResult> {
  return {
    exitCode: 1,
    stderr: `error: Internal error occurred: OCI runtime exec failed: exec: "${program}": executable file not found in $PATH: unknown\n`,
  };
}

/** Whether the program is on the PATH here; tests that need it are skipped otherwise, and say so. */
export function has(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

import type { Kubectl, KubectlResult } from '../../src/kubectl/kubectl.ts';
import { createListApi, type ListApi, type ListApiOptions } from './list-api.ts';

/** kubectl in front of the list API without a process and without a network, with the real one's words for failures. */
export function kubectlFor(options: ListApiOptions): { readonly kubectl: Kubectl; readonly api: ListApi } {
  const api = createListApi(options);
  const run = async (args: readonly string[]): Promise<KubectlResult> => {
    const { status, body } = api.answer(args[args.indexOf('--raw') + 1] ?? '');
    if (status === 200) return { exitCode: 0, stdout: body, stderr: '' };
    const { reason, message } = JSON.parse(body);
    return { exitCode: 1, stdout: '', stderr: `Error from server (${reason}): ${message}\n` };
  };
  return { kubectl: { run }, api };
}

/** kubectl that fails with the same words each time. */
export function failingKubectl(stderr: string): Kubectl {
  return { run: async () => ({ exitCode: 1, stdout: '', stderr }) };
}

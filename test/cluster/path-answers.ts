import type { Kubectl, KubectlResult } from '../../src/kubectl/kubectl.ts';

/** What an API server answers to a path: an object, or the reason of a refusal. */
export type Answers = Readonly<Record<string, object | 'Forbidden' | 'NotFound' | 'not JSON'>>;

/** kubectl that has exactly these answers, in the real one's words, and what it was asked for in order. */
export function kubectlAnswering(answers: Answers): { readonly kubectl: Kubectl; readonly asked: string[] } {
  const asked: string[] = [];
  const run = async (args: readonly string[]): Promise<KubectlResult> => {
    const path = decodeURIComponent(args[args.indexOf('--raw') + 1] ?? '').replace('limit=500&', '');
    asked.push(path);
    const answer = answers[path] ?? 'NotFound';
    if (typeof answer === 'object') return { exitCode: 0, stdout: JSON.stringify(answer), stderr: '' };
    if (answer === 'not JSON') return { exitCode: 0, stdout: '<html>', stderr: '' };
    return { exitCode: 1, stdout: '', stderr: `Error from server (${answer}): no\n` };
  };
  return { kubectl: { run }, asked };
}

/** The answer to `/apis` of a server that has these groups. */
export function groupsOf(groups: Readonly<Record<string, readonly string[]>>): object {
  return {
    kind: 'APIGroupList',
    groups: Object.entries(groups).map(([name, versions]) => ({
      name,
      versions: versions.map((version) => ({ version })),
    })),
  };
}

import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { openStage, type Stage } from './whole-run.ts';

/** Upon one of four branches, a file written or removed, or another branch merged. */
const STEP = fc.record({
  branch: fc.integer({ min: 0, max: 3 }),
  path: fc.constantFrom('a.txt', 'b/a.txt', 'b.txt', 'b/c/d.txt', 'README.md'),
  text: fc.constantFrom('one\n', 'two\n', 'three\n', null),
  merge: fc.option(fc.integer({ min: 0, max: 3 })),
});

const open: Stage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

type Step = typeof STEP extends fc.Arbitrary<infer T> ? T : never;

async function openHistory(steps: readonly Step[]): Promise<Stage> {
  const stage = await openStage({ 'README.md': 'Hello\n', 'b/a.txt': 'one\n', 'z/z.txt': 'z\n' }, 0);
  open.push(stage);
  const { server } = stage;
  const main = await server.git.ref('refs/heads/main');
  const nameOf = (branch: number) => (branch === 0 ? 'main' : `topic/${branch}`);
  for (const { branch, path, text, merge } of steps) {
    const name = nameOf(branch);
    const parent = (await server.git.ref(`refs/heads/${name}`)) ?? main;
    await server.commitFiles(name, { [path]: text }, { parent });
    if (merge === null || merge === branch) continue;
    const other = await server.git.ref(`refs/heads/${nameOf(merge)}`);
    if (other === undefined) continue;
    const head = await server.git.ref(`refs/heads/${name}`);
    const merges = await server.git.text(['merge-tree', '--write-tree', `${head}`, other]).catch(() => undefined);
    const pull = await server.openPull({ head: nameOf(merge), base: name });
    if (merges !== undefined) await server.mergePull(pull.number);
  }
  return stage;
}

interface Comparison {
  readonly commits: readonly { readonly sha: string }[];
  readonly merge_base_commit: { readonly sha: string };
  readonly files: readonly { readonly filename: string }[];
}

async function compare({ server }: Stage, branch: string): Promise<Comparison> {
  const path = `/repos/${server.owner}/${server.repo}/compare/main...${encodeURIComponent(branch)}`;
  const answer = await fetch(server.url + path, { headers: { authorization: 'token any' } });
  return (await answer.json()) as Comparison;
}

test('what works without processes makes a repository that git finds whole, and sees the same in it as git', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { maxLength: 8 }), async (steps) => {
      const stage = await openHistory(steps);
      const { server, quick } = stage;
      const { git } = server;
      await git.run(['fsck', '--strict', '--no-dangling']);
      const refs = (await git.text(['for-each-ref', '--format=%(refname:short)', 'refs/heads'])).split('\n');
      for (const branch of refs) {
        const listed = await git.text(['ls-tree', '-r', '--name-only', branch]);
        expect([...(await quick.readFiles(branch)).keys()].sort().join('\n')).toBe(
          listed.split('\n').sort().join('\n'),
        );
        const [base, head] = [await git.ref('refs/heads/main'), await git.ref(`refs/heads/${branch}`)];
        const between = await git.text(['rev-list', `${base}..${head}`]);
        const told = await compare(stage, branch);
        expect(told.commits.map(({ sha }) => sha).sort()).toEqual(between.split('\n').filter(Boolean).sort());
        const bases = await git.text(['merge-base', '--all', `${base}`, `${head}`]);
        expect(bases.split('\n')).toContain(told.merge_base_commit.sha);
        const from = told.merge_base_commit.sha;
        const changed = await git.text(['diff-tree', '-r', '--no-renames', '--name-only', from, `${head}`]);
        expect(told.files.map(({ filename }) => filename).join('\n')).toBe(changed);
      }
    }),
    { numRuns: 30 },
  );
}, 120_000);

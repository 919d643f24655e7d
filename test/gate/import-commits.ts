import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Files by path: a text, or where a symbolic link leads. */
export type Tree = Readonly<Record<string, string | { readonly link: string }>>;

export interface NewCommit {
  readonly ref: string;
  readonly tree: Tree;
  /** By their place in the list, or by name. */
  readonly parents: readonly (number | string)[];
}

/** Writes commits into a repository, all in one go, and gives their names. The same commits have the same names. */
export function importCommits(gitDir: string, commits: readonly NewCommit[]): readonly string[] {
  const marks = join(gitDir, 'imported-marks');
  const input = commits.map(streamOf).join('\n');
  execFileSync('git', ['--git-dir', gitDir, 'fast-import', '--quiet', '--force', `--export-marks=${marks}`], { input });
  const names = new Map(
    readFileSync(marks, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  rmSync(marks);
  return commits.map((_, index) => names.get(`:${index + 1}`) ?? '');
}

function streamOf({ ref, tree, parents }: NewCommit, index: number): string {
  const named = parents.map((parent) => (typeof parent === 'number' ? `:${parent + 1}` : parent));
  const [first, ...others] = named;
  return [
    `commit ${ref}`,
    `mark :${index + 1}`,
    `committer Jo Doe <jo@example.invalid> ${1_766_600_000 + index} +0000`,
    data(`Commit ${index}`),
    ...(first === undefined ? [] : [`from ${first}`]),
    ...others.map((other) => `merge ${other}`),
    'deleteall',
    ...Object.entries(tree).flatMap(([path, entry]) =>
      typeof entry === 'string'
        ? [`M 100644 inline ${path}`, data(entry)]
        : [`M 120000 inline ${path}`, data(entry.link)],
    ),
    '',
  ].join('\n');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

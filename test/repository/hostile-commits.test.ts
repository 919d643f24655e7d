import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { FileTooLarge, UserError } from '../../src/errors.ts';
import { openCommitTree } from '../../src/repository/commit-tree.ts';
import { type Commits, openCommits } from '../../src/repository/commits.ts';
import {
  checkOut,
  createRepository,
  type Entry,
  RAW,
  removeFolders,
  runGit,
  temporaryFolder,
} from './git-repository.ts';

const open: Commits[] = [];
afterEach(() => {
  for (const commits of open.splice(0)) commits.close();
});
afterAll(removeFolders);

async function openIn(root: string) {
  const environment = { path: process.env.PATH, home: root, inherited: {} };
  const commits = await openCommits({ root, environment, trigger: { kind: 'other' } });
  open.push(commits);
  return commits;
}

/** A commit with these files upon one with those. */
async function openFiles(after: Readonly<Record<string, Entry>>, before: Readonly<Record<string, Entry>> = {}) {
  const repository = createRepository();
  const head = repository.commit(after, repository.commit(before));
  return openIn(checkOut(repository.url, head, 1));
}

describe('what a commit holds', () => {
  test('is as git holds it: line ends, bytes, whatever the attributes ask for', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x80]);
    const { head } = await openFiles({
      'crlf.yaml': 'a\r\nb\r\n',
      'id.txt': '$Id$\n',
      'bytes.bin': bytes,
      empty: '',
      '.gitattributes': '* text eol=lf ident working-tree-encoding=UTF-16\n',
    });
    expect(await head.read('crlf.yaml')).toBe('a\r\nb\r\n');
    expect(await head.read('id.txt')).toBe('$Id$\n');
    expect(await head.read('empty')).toBe('');
    expect(Buffer.from(await head.files.read('bytes.bin'))).toEqual(bytes);
  });

  test('has a size each, and symlinks and submodules are told apart', async () => {
    const { head, changed } = await openFiles({
      'k8s/web.yaml': 'four',
      link: { mode: '120000', content: 'k8s/web.yaml' },
      run: { mode: '100755', content: '#!' },
      sub: { mode: '160000', content: 'a'.repeat(40) },
    });
    expect(await head.files.list()).toEqual([
      { path: 'k8s/web.yaml', size: 4, type: 'file' },
      { path: 'link', size: 12, type: 'symlink' },
      { path: 'run', size: 2, type: 'file' },
      { path: 'sub', size: 0, type: 'submodule' },
    ]);
    expect([...changed].sort()).toEqual(['k8s/web.yaml', 'link', 'run', 'sub']);
    await expect(head.read('link')).rejects.toThrow(UserError);
    expect(await head.read('sub')).toBeUndefined();
    await expect(head.files.read('sub')).rejects.toThrow(/not a file/);
    await expect(head.files.read('none')).rejects.toThrow(/not a file/);
  });

  test('is listed by folder, and read up to a size', async () => {
    const { head } = await openFiles({ 'r/m/a.json': '{}', 'r/m/b/c.json': '{}', 'r/d.md': 'text', top: 't' });
    expect(await head.list('r/m')).toEqual(['r/m/a.json']);
    expect(await head.list('./r/m/')).toEqual(['r/m/a.json']);
    expect(await head.list('')).toEqual(['top']);
    expect(await head.list('.')).toEqual(['top']);
    expect(await head.list('r/none')).toEqual([]);
    expect(await head.list('../r')).toEqual([]);
    expect(await head.read('./r/d.md', 4)).toBe('text');
    await expect(head.read('r/d.md', 3)).rejects.toThrow(FileTooLarge);
    for (const path of ['r', 'none', '../top', '/top', '']) expect(await head.read(path)).toBeUndefined();
  });

  test('is not read at all where it is larger than anything that is read', async () => {
    const size = 256 * 1024 ** 2 + 1;
    const tree = new Map([['large.bin', { mode: '100644', sha: 'a' }]]);
    const read = () => Promise.reject(new Error('read all the same'));
    const { files, ...commit } = openCommitTree('c', tree, new Map([['a', size]]), { read, close: () => undefined });
    expect(await files.list()).toEqual([{ path: 'large.bin', size, type: 'file' }]);
    await expect(files.read('large.bin')).rejects.toThrow(/"large\.bin" is larger than 256 MB/);
    await expect(commit.read('large.bin', size)).rejects.toThrow(FileTooLarge);
  });

  test('changes with content, mode or kind, and not with a commit alone', async () => {
    const same = { same: 's', 'k8s/same': 's' };
    const { changed } = await openFiles(
      { ...same, mode: { mode: '100755', content: 'm' }, kind: { mode: '120000', content: 'k' }, new: 'n', moved: 'x' },
      { ...same, mode: 'm', kind: 'k', old: 'o', 'k8s/moved': 'x' },
    );
    expect([...changed].sort()).toEqual(['k8s/moved', 'kind', 'mode', 'moved', 'new', 'old']);
  });
});

describe('paths', () => {
  const odd = [
    '--output=x',
    '-rf',
    '$(touch x)',
    'a b',
    'ta\tb',
    'new\nline',
    'quo"te',
    'back\\slash',
    'ü/🔥.yaml',
    ':(top)',
    '*',
  ];

  test('of any kind are names and nothing else', async () => {
    const files = Object.fromEntries(odd.map((path) => [path, path]));
    const { head } = await openFiles(files);
    for (const path of odd) {
      expect(await head.read(path)).toBe(path);
      expect(Buffer.from(await head.files.read(path)).toString()).toBe(path);
    }
    expect((await head.files.list()).map(({ path }) => path).sort()).toEqual([...odd].sort());
  });

  test('that are no UTF-8 are told apart', async () => {
    const { head, changed } = await openFiles({
      [`${RAW}a\xff.yaml`]: '1',
      [`${RAW}a\xfe.yaml`]: '2',
      [`${RAW}a\xe4`]: '3',
    });
    expect([...changed].sort()).toEqual(['a\\xe4', 'a\\xfe.yaml', 'a\\xff.yaml']);
    expect(await head.read('a\\xfe.yaml')).toBe('2');
  });

  test('that pass for another end the run', async () => {
    await expect(openFiles({ [`${RAW}a\xff`]: '1', 'a\\xff': '2' })).rejects.toThrow(/path "a\\\\xff" twice/);
  });

  test('that git would not check out end the run', async () => {
    const repository = createRepository();
    const blob = runGit(repository.folder, ['hash-object', '-w', '--stdin'], Buffer.from('x'));
    for (const name of ['..', '.git', '.GIT']) {
      const root = temporaryFolder();
      runGit(root, ['init', '--quiet']);
      runGit(root, ['hash-object', '-w', '--stdin'], Buffer.from('x'));
      const tree = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')]);
      const hash = ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'];
      const commit = runGit(root, ['commit-tree', '-m', 'x', runGit(root, hash, tree)]);
      runGit(root, ['update-ref', 'HEAD', commit]);
      await expect(openIn(root)).rejects.toThrow(/git would not check it out/);
    }
  });

  test('whatever git takes is read as it is', async () => {
    const part = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/[\0/]|^\.{1,2}$|^\.git/i.test(text) && text.isWellFormed());
    const files = fc.dictionary(part, fc.string({ unit: 'binary' }), {
      minKeys: 1,
      maxKeys: 20,
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const { head } = await openFiles(given);
        const listed = (await head.files.list()).map(({ path, size }) => [path, size]);
        expect(new Map(listed as [string, number][])).toEqual(
          new Map(Object.entries(given).map(([path, text]) => [path, Buffer.byteLength(text)])),
        );
        for (const [path, text] of Object.entries(given)) {
          expect(Buffer.from(await head.files.read(path))).toEqual(Buffer.from(text));
        }
      }),
      { numRuns: 8 },
    );
  });
});

/** A program that leaves a trace of having been run. */
function trap(): { readonly command: string; readonly trace: string } {
  const folder = temporaryFolder();
  const trace = join(folder, 'trace');
  const command = join(folder, 'trap');
  writeFileSync(command, `#!/bin/sh\necho "$0 $*" >> ${trace}\ncat\n`);
  chmodSync(command, 0o755);
  return { command, trace };
}

test('nothing of the repository runs: filters, diffs, hooks, monitors', async () => {
  const { command, trace } = trap();
  const repository = createRepository();
  const attributes = '* filter=evil diff=evil merge=evil\n';
  const base = repository.commit({ '.gitattributes': attributes, a: 'a' });
  const head = repository.commit({ '.gitattributes': attributes, a: 'b' }, base);
  const root = checkOut(repository.url, head, 1);
  for (const name of [
    ...['filter.evil.clean', 'filter.evil.smudge', 'filter.evil.process', 'diff.evil.textconv', 'diff.evil.command'],
    ...['diff.external', 'merge.evil.driver', 'core.fsmonitor', 'core.pager', 'pager.cat-file', 'core.editor'],
    ...['gc.recentObjectsHook', 'core.alternateRefsCommand', 'credential.helper'],
  ]) {
    runGit(root, ['config', name, name === 'credential.helper' ? `!${command}` : command]);
  }
  const hooks = join(root, '.git/hooks');
  rmSync(hooks, { recursive: true, force: true });
  mkdirSync(hooks);
  const names = ['reference-transaction', 'post-checkout', 'pre-auto-gc', 'post-index-change', 'fsmonitor-watchman'];
  for (const name of names) {
    writeFileSync(join(hooks, name), readFileSync(command), { mode: 0o755 });
  }
  const commits = await openIn(root);
  expect(commits.base.sha).toBe(base);
  expect(await commits.head.read('a')).toBe('b');
  expect(await commits.base.read('a')).toBe('a');
  expect(await commits.shownLine('a', 1)).toBe(1);
  expect(existsSync(trace) ? readFileSync(trace, 'utf8') : '').toBe('');
  // The trap is one: what reads with filters steps into it.
  runGit(root, ['cat-file', '--textconv', 'HEAD:a']);
  expect(existsSync(trace)).toBe(true);
});

test('what both commits hold is read once, and nothing after the end', async () => {
  const commits = await openFiles({ a: 'x', b: 'y' }, { c: 'x' });
  expect(await commits.base.files.read('c')).toBe(await commits.head.files.read('a'));
  commits.close();
  commits.close();
  await expect(commits.head.files.read('b')).rejects.toThrow(/closed/);
});

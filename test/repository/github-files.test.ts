import { expect, test } from 'vitest';
import { type LocalBytes, readBaseFiles } from '../../src/repository/github-files.ts';
import { git, openScene } from '../deliver/scene.ts';

const FILES = {
  'a.yaml': 'a: 1\n',
  'k8s/b.yaml': 'b: 2\n',
  'k8s/deep/er/c.yaml': 'c: ä\n',
  'z.bin': new Uint8Array([0xff, 0, 1]),
};
const NOWHERE: LocalBytes = { readBytes: () => undefined };

function localFiles(files: Readonly<Record<string, string>>): LocalBytes {
  return { readBytes: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])) };
}

test('bytes come from the workspace where they are the same, and from GitHub where they are not', async () => {
  const scene = await openScene(FILES);
  // A checkout that converts line ends, one of another commit, and one as it should be.
  const base = await readBaseFiles(scene.github, localFiles({ 'a.yaml': 'a: 1\r\n', 'k8s/b.yaml': 'b: 2\n' }));
  const read = async (path: string) => Buffer.from(await base.files.read(path));
  expect((await read('a.yaml')).toString()).toBe('a: 1\n');
  expect((await read('k8s/b.yaml')).toString()).toBe('b: 2\n');
  expect((await read('k8s/deep/er/c.yaml')).toString()).toBe('c: ä\n');
  expect([...(await read('z.bin'))]).toEqual([0xff, 0, 1]);
  expect(scene.server.requests.filter(({ path }) => path.includes('/git/blobs/'))).toHaveLength(3);
  expect(base).toMatchObject({
    branch: 'main',
    commit: git(scene, 'rev-parse', 'main'),
    tree: git(scene, 'rev-parse', 'main^{tree}'),
  });
});

test('a tree that GitHub cuts off is read folder by folder', async () => {
  const scene = await openScene(FILES);
  const whole = await readBaseFiles(scene.github, NOWHERE);
  scene.server.state.treeLimit = 1;
  const pieces = await readBaseFiles(scene.github, NOWHERE);
  const paths = async (base: typeof whole) =>
    (await base.files.list()).map(({ path, size }) => `${path} ${size}`).sort();
  expect(await paths(pieces)).toEqual(await paths(whole));
  expect(pieces.tree).toBe(whole.tree);
});

test('symlinks and submodules are told from files, and a link is not followed on disk', async () => {
  const commit = 'a'.repeat(40);
  const scene = await openScene({
    'a.yaml': 'a',
    link: { mode: '120000', content: '/etc/passwd' },
    sub: { mode: '160000', sha: commit },
  });
  const base = await readBaseFiles(scene.github, {
    readBytes: () => {
      throw new Error('a symbolic link');
    },
  });
  expect((await base.files.list()).map(({ path, type }) => `${path} ${type}`)).toEqual([
    'a.yaml file',
    'link symlink',
    'sub submodule',
  ]);
  expect(Buffer.from(await base.files.read('a.yaml')).toString()).toBe('a');
});

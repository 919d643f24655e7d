import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { openWorkspace } from '../../src/repository/workspace.ts';

function scratch() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-')));
  return { root, workspace: openWorkspace(root) };
}

describe('a workspace', () => {
  it('writes a file whole, with its folders, and leaves nothing else behind', () => {
    const { root, workspace } = scratch();
    workspace.write('reports/memory/2026-11-24.md', 'text');
    workspace.write('reports/memory/2026-11-24.md', 'newer');
    expect(readFileSync(join(root, 'reports/memory/2026-11-24.md'), 'utf8')).toBe('newer');
    expect(readdirSync(join(root, 'reports/memory'))).toEqual(['2026-11-24.md']);
  });

  it.each(['../outside.md', '/tmp/outside.md', 'a/../../outside.md', '..'])('refuses %s', (path) => {
    const { root, workspace } = scratch();
    expect(() => workspace.write(path, 'text')).toThrow(UserError);
    expect(() => workspace.read(path)).toThrow(UserError);
    expect(existsSync(join(root, '../outside.md'))).toBe(false);
  });

  it('names a path that is taken by a file or a folder', () => {
    const { root, workspace } = scratch();
    mkdirSync(join(root, 'folder'));
    writeFileSync(join(root, 'file'), '');
    expect(() => workspace.write('folder', 'text')).toThrow(/"folder".*is a folder/);
    expect(() => workspace.write('file/below', 'text')).toThrow(/"file\/below".*a file, not a folder/);
    expect(() => workspace.read('file/below')).toThrow(UserError);
    expect(readdirSync(root)).toEqual(['file', 'folder']);
  });

  it('says so of a link that leads nowhere, too', () => {
    const { root, workspace } = scratch();
    symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
    for (const path of ['dangling', 'dangling/a.md']) {
      expect(() => workspace.write(path, 'text')).toThrow(UserError);
      expect(() => workspace.read(path)).toThrow(/symbolic link/);
    }
    expect(existsSync(join(root, 'nowhere'))).toBe(false);
  });

  it('refuses to go through a symbolic link', () => {
    const { root, workspace } = scratch();
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync(outside, join(root, 'reports'));
    symlinkSync(join(outside, 'secret'), join(root, 'link'));
    expect(() => workspace.write('reports/a.md', 'text')).toThrow(/symbolic link/);
    expect(() => workspace.read('link')).toThrow(/symbolic link/);
    expect(readdirSync(outside)).toEqual(['secret']);
  });

  it('follows no link that was planted where a half-written file might lie', () => {
    const { root, workspace } = scratch();
    const target = join(mkdtempSync(join(tmpdir(), 'outside-')), 'target');
    writeFileSync(target, 'precious');
    symlinkSync(target, join(root, `.${process.pid}.half-written`));
    workspace.write('a.md', 'text');
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(lstatSync(join(root, 'a.md')).isSymbolicLink()).toBe(false);
    expect(readFileSync(join(root, 'a.md'), 'utf8')).toBe('text');
  });

  it('leaves nothing half-written behind where the place turns out to be taken', () => {
    const { root, workspace } = scratch();
    mkdirSync(join(root, 'reports/a.md/b'), { recursive: true });
    expect(() => workspace.write('reports/a.md', 'text')).toThrow(UserError);
    expect(readdirSync(join(root, 'reports'))).toEqual(['a.md']);
  });

  it('lists files only, and nothing for what is not a folder', () => {
    const { root, workspace } = scratch();
    mkdirSync(join(root, 'reports/folder'), { recursive: true });
    writeFileSync(join(root, 'reports/b.json'), '');
    writeFileSync(join(root, 'reports/a.json'), '');
    expect(workspace.list('reports')).toEqual(['a.json', 'b.json']);
    expect(workspace.list('nowhere')).toEqual([]);
    expect(workspace.read('nowhere')).toBeUndefined();
  });
});

import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openObjects } from '../github-server/objects.mjs';

const NONE = '0'.repeat(40);

/** Objects by name, for each folder that holds them: they never change, and copies of a repository share them. */
const stores = new Map();

function openStore(folder) {
  if (!stores.has(folder)) stores.set(folder, { known: new Map(), commits: new Map() });
  return stores.get(folder);
}

/**
 * Lets the plumbing of a fake GitHub's repository work without a process for each step, for plays of thousands of runs. Only for
 * repositories that nothing has packed; what needs more than objects and refs (merges within a file) is still left to git.
 */
export function quickenGit(git, gitDir) {
  const objects = openObjects(gitDir);
  const { known, commits } = openStore(realpathSync(`${gitDir}/objects`));
  const slow = { ...git };

  async function read(sha) {
    const found = known.get(sha) ?? (await objects.read(sha));
    if (found !== undefined) known.set(sha, found);
    return found;
  }

  async function write(type, bytes) {
    const content = Buffer.from(bytes);
    const sha = createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
    if (known.has(sha)) return sha;
    known.set(sha, { type, content });
    return objects.write(type, content);
  }

  async function commit(sha) {
    const found = commits.get(sha) ?? (await slow.commit(sha));
    commits.set(sha, found);
    return found;
  }

  async function entriesOf(tree) {
    const { content } = await read(tree);
    const entries = [];
    for (let at = 0; at < content.length; ) {
      const space = content.indexOf(32, at);
      const end = content.indexOf(0, space);
      const mode = content.subarray(at, space).toString().padStart(6, '0');
      const name = content.subarray(space + 1, end).toString();
      entries.push({ mode, name, sha: content.subarray(end + 1, end + 21).toString('hex') });
      at = end + 21;
    }
    return entries;
  }

  async function treeOf(revision) {
    const found = await read(revision);
    return found?.type === 'commit' ? (await commit(revision)).tree : revision;
  }

  /** Blobs by path, of a tree or commit. */
  async function flatten(revision, prefix = '') {
    const files = new Map();
    if (revision === undefined) return files;
    for (const { mode, name, sha } of await entriesOf(await treeOf(revision))) {
      if (mode !== '040000') files.set(prefix + name, { mode, sha });
      else for (const [path, file] of await flatten(sha, `${prefix}${name}/`)) files.set(path, file);
    }
    return files;
  }

  async function writeFlat(files) {
    const folders = new Map();
    const entries = [];
    for (const [path, file] of files) {
      const slash = path.indexOf('/');
      if (slash < 0) entries.push({ name: path, ...file });
      else {
        const folder = path.slice(0, slash);
        if (!folders.has(folder)) folders.set(folder, new Map());
        folders.get(folder).set(path.slice(slash + 1), file);
      }
    }
    for (const [name, below] of folders) entries.push({ name, mode: '040000', sha: await writeFlat(below) });
    const key = ({ name, mode }) => (mode === '040000' ? `${name}/` : name);
    entries.sort((a, b) => Buffer.compare(Buffer.from(key(a)), Buffer.from(key(b))));
    const parts = entries.flatMap(({ mode, name, sha }) => [
      Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
      Buffer.from(sha, 'hex'),
    ]);
    return write('tree', Buffer.concat(parts));
  }

  async function ancestorsOf(sha) {
    const seen = new Set();
    const left = [sha];
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      if (seen.has(next)) continue;
      seen.add(next);
      left.push(...(await commit(next)).parents);
    }
    return seen;
  }

  async function changedFiles(from, to) {
    const [before, after] = [await flatten(from), await flatten(to)];
    return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((filename) => {
      const [was, is] = [before.get(filename), after.get(filename)];
      if (was?.sha === is?.sha && was?.mode === is?.mode) return [];
      return [{ filename, sha: is?.sha ?? null, status: was === undefined ? 'A' : is === undefined ? 'D' : 'M' }];
    });
  }

  async function mergeBase(a, b) {
    const [of, other] = [await ancestorsOf(a), await ancestorsOf(b)];
    const common = [...of].filter((sha) => other.has(sha));
    // After merges to and fro a near one may be an ancestor of another, which git takes.
    const older = new Set();
    for (const sha of common) for (const one of await ancestorsOf(sha)) if (one !== sha) older.add(one);
    return common.find((sha) => !older.has(sha));
  }

  /** Every commit has its parents after it, so the first parents of a short history are in order when reversed. */
  async function commitsBetween(from, to) {
    const without = await ancestorsOf(from);
    const done = new Set();
    const ordered = [];
    async function visit(sha) {
      if (without.has(sha) || done.has(sha)) return;
      done.add(sha);
      for (const parent of (await commit(sha)).parents) await visit(parent);
      ordered.push(sha);
    }
    await visit(to);
    return ordered;
  }

  async function updateRef(name, after, before) {
    const file = `${gitDir}/${name}`;
    const now = (await git.ref(name)) ?? NONE;
    if (before !== undefined && before !== now)
      throw new Error(`cannot lock ref '${name}': is at ${now} but expected ${before}`);
    if (after !== NONE) {
      await mkdir(dirname(file), { recursive: true });
      return void (await writeFile(file, `${after}\n`));
    }
    await rm(file);
    for (let folder = dirname(file); folder !== `${gitDir}/refs/heads`; folder = dirname(folder)) {
      if (
        !(await rmdir(folder).then(
          () => true,
          () => false,
        ))
      )
        break;
    }
  }

  async function listRefs(folder) {
    const entries = await readdir(`${gitDir}/${folder}`, { withFileTypes: true }).catch(() => []);
    const found = [];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const ref = `${folder}/${entry.name}`;
      if (entry.isDirectory()) found.push(...(await listRefs(ref)));
      else found.push({ ref, sha: (await readFile(`${gitDir}/${ref}`, 'utf8')).trim() });
    }
    return found;
  }

  async function resolve(expression) {
    const [, revision, rest = ''] = /^([0-9a-f]{40})(\^\{tree\}|:.+)?$/.exec(expression) ?? [];
    if (revision === undefined) return slow.resolve(expression);
    if ((await read(revision)) === undefined) return undefined;
    if (rest === '') return revision;
    if (rest === '^{tree}') return treeOf(revision);
    let sha = await treeOf(revision);
    for (const name of rest.slice(1).split('/')) {
      const entry =
        (await read(sha))?.type === 'tree' ? (await entriesOf(sha)).find((one) => one.name === name) : undefined;
      if (entry === undefined) return undefined;
      sha = entry.sha;
    }
    return sha;
  }

  async function tree(revision, recursive, prefix = '') {
    const listed = [];
    for (const { mode, name, sha } of await entriesOf(await treeOf(revision))) {
      const isTree = mode === '040000';
      const size = isTree ? undefined : (await read(sha))?.content.length;
      listed.push({ mode, type: isTree ? 'tree' : 'blob', sha, size, path: prefix + name });
      if (isTree && recursive) listed.push(...(await tree(sha, true, `${prefix}${name}/`)));
    }
    return listed;
  }

  async function writeTree(base, entries) {
    const files = await flatten(base);
    for (const { path, mode, sha } of entries) {
      if (sha === null) files.delete(path);
      else files.set(path, { mode, sha });
    }
    return writeFlat(files);
  }

  /** Both sides' files where they changed different ones. */
  async function mergeTree(a, b) {
    const base = await mergeBase(a, b);
    if (base === undefined) return slow.mergeTree(a, b);
    const [ours, theirs] = [await changedFiles(base, a), await changedFiles(base, b)];
    const touched = new Set(ours.map(({ filename }) => filename));
    if (theirs.some(({ filename }) => touched.has(filename))) return slow.mergeTree(a, b);
    const [files, their] = [await flatten(a), await flatten(b)];
    for (const { filename, sha } of theirs) {
      if (sha === null) files.delete(filename);
      else files.set(filename, their.get(filename));
    }
    return writeFlat(files);
  }

  async function run(args, options = {}) {
    if (args.join(' ') !== 'update-ref --stdin') return slow.run(args, options);
    for (const line of options.input.split('\n')) {
      const [what, name, ...shas] = line.split(' ');
      if (what === 'update') await updateRef(name, ...shas);
      if (what === 'delete') await updateRef(name, NONE, ...shas);
    }
    return Buffer.alloc(0);
  }

  Object.assign(git, {
    run,
    resolve,
    refs: async (pattern) =>
      (await listRefs('refs/heads')).filter(({ ref }) => `${ref}/`.startsWith(`${pattern}/`) || ref === pattern),
    updateRef,
    commit,
    writeBlob: (bytes) => write('blob', bytes),
    tree,
    writeTree,
    mergeBase,
    isAncestor: async (a, b) => (await ancestorsOf(b)).has(a),
    mergeTree,
    commitsBetween,
    changedFiles,
    type: async (sha) => (await read(sha))?.type,
    blob: async (sha) => (await read(sha))?.content ?? slow.blob(sha),
    log: async (start, path, limit) =>
      path ? slow.log(start, path, limit) : [...(await ancestorsOf(start))].slice(0, limit),
  });

  return {
    async readFiles(branch) {
      const files = await flatten(await git.ref(`refs/heads/${branch}`));
      const read = async ([path, { sha }]) => [path, await git.blob(sha)];
      return new Map(await Promise.all([...files].map(read)));
    },
  };
}

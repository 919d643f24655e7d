import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { openObjects } from './objects.mjs';

const ENVIRONMENT = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  LC_ALL: 'C',
};

export const ZERO = '0'.repeat(40);
export const BOT = { name: 'github-actions[bot]', email: '41898282+github-actions[bot]@users.noreply.github.com' };
const GITHUB = { name: 'GitHub', email: 'noreply@github.com' };

/** Plumbing over one bare repository. Every method rejects with git's own words. */
export function openGit(gitDir) {
  function run(args, { input, env } = {}) {
    return new Promise((resolve, reject) => {
      const child = spawn('git', ['--git-dir', gitDir, ...args], { env: { ...ENVIRONMENT, ...env } });
      const out = [];
      const err = [];
      child.stdout.on('data', (chunk) => out.push(chunk));
      child.stderr.on('data', (chunk) => err.push(chunk));
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve(Buffer.concat(out));
        else reject(Object.assign(new Error(Buffer.concat(err).toString().trim()), { code, out: Buffer.concat(out) }));
      });
      child.stdin.on('error', () => {});
      child.stdin.end(input ?? '');
    });
  }
  const text = async (args, options) => (await run(args, options)).toString().trimEnd();
  const quiet = (args) => text(args).catch(() => undefined);

  // What is asked of full object names never changes, and a process for each question would be most of a test's time.
  const known = new Map();
  const once = (ask) => async (args) => {
    const key = args.join(' ');
    if (known.has(key)) return known.get(key);
    const answer = await ask(args);
    const names = args.filter((arg) => /[0-9a-f]{4}|:/.test(arg));
    const isFixed = (name) => /^[0-9a-f]{40}(\^\{tree\}|:.*|\.\.[0-9a-f]{40})?$/.test(name);
    const fixed = names.length > 0 && names.every(isFixed);
    if (fixed && answer !== undefined) known.set(key, answer);
    return answer;
  };
  const objects = openObjects(gitDir);
  const fixedText = once(text);
  const fixedQuiet = once(quiet);

  /** A loose ref is a file; only packed ones are asked of git. */
  const readRef = async (name) => {
    const ask = () => quiet(['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
    if (!name.startsWith('refs/')) return (await objects.read(name))?.type === 'commit' ? name : ask();
    const content = await readFile(`${gitDir}/${name}`, 'utf8').catch(() => '');
    if (/^[0-9a-f]{40}\n$/.test(content)) return content.trim();
    const packed = await readFile(`${gitDir}/packed-refs`, 'utf8').catch(() => '');
    return packed.includes(` ${name}\n`) ? ask() : undefined;
  };

  const git = {
    run,
    text,
    ref: readRef,
    resolve: (expression) => fixedQuiet(['rev-parse', '--verify', '--quiet', expression]),
    type: async (sha) => (await objects.read(sha))?.type ?? fixedQuiet(['cat-file', '-t', sha]),
    refs: async (pattern) => {
      const lines = await text(['for-each-ref', '--format=%(objectname) %(refname)', pattern]);
      return lines === '' ? [] : lines.split('\n').map((line) => ({ sha: line.slice(0, 40), ref: line.slice(41) }));
    },
    updateRef: (name, after, before) =>
      after === ZERO
        ? text(['update-ref', '-d', name, before])
        : text(['update-ref', name, after, ...(before === undefined ? [] : [before])]),
    blob: async (sha) => (await objects.read(sha))?.content ?? run(['cat-file', 'blob', sha]),
    writeBlob: (bytes) => objects.write('blob', bytes),
    tree: async (sha, recursive) => {
      const out = await fixedText(['ls-tree', '-l', '-z', ...(recursive ? ['-r', '-t'] : []), sha]);
      return out
        .split('\0')
        .filter((line) => line !== '')
        .map((line) => {
          const tab = line.indexOf('\t');
          const [mode, type, id, size] = line.slice(0, tab).split(/ +/);
          return { mode, type, sha: id, size: size === '-' ? undefined : Number(size), path: line.slice(tab + 1) };
        });
    },
    commit: async (sha) =>
      parseCommit(
        sha,
        (await objects.read(sha))?.content.toString('utf8') ?? (await fixedText(['cat-file', 'commit', sha])),
      ),
    /** Entries `{path, mode, sha}` laid over a tree; `sha: null` removes. */
    async writeTree(baseTree, entries) {
      const env = { GIT_INDEX_FILE: `${gitDir}/index-${process.pid}-${Math.random().toString(36).slice(2)}` };
      await run(['read-tree', ...(baseTree === undefined ? ['--empty'] : [baseTree])], { env });
      const lines = entries.map((entry) =>
        entry.sha === null ? `0 ${ZERO}\t${entry.path}\0` : `${entry.mode} ${entry.sha}\t${entry.path}\0`,
      );
      await run(['update-index', '-z', '--index-info'], { env, input: lines.join('') });
      const tree = await text(['write-tree'], { env });
      await rm(env.GIT_INDEX_FILE, { force: true });
      return tree;
    },
    writeCommit: ({ tree, parents, message, author = BOT, committer = GITHUB }) => {
      const now = Math.floor((author.date === undefined ? Date.now() : Date.parse(author.date)) / 1000);
      const person = ({ name, email }) => `${name} <${email}> ${now} +0000`;
      const lines = [
        `tree ${tree}`,
        ...parents.map((parent) => `parent ${parent}`),
        `author ${person(author)}`,
        `committer ${person(committer)}`,
        '',
        message,
      ];
      return objects.write('commit', lines.join('\n'));
    },
    mergeBase: (a, b) => fixedQuiet(['merge-base', a, b]),
    isAncestor: async (a, b) => a === b || (await git.mergeBase(a, b)) === a,
    /** The tree of a merge, or undefined where it conflicts. */
    mergeTree: async (a, b) => (await fixedQuiet(['merge-tree', '--write-tree', a, b]))?.split('\n')[0],
    commitsBetween: async (from, to) => {
      const out = await fixedText(['rev-list', '--reverse', '--topo-order', `${from}..${to}`]);
      return out === '' ? [] : out.split('\n');
    },
    changedFiles: async (from, to) => {
      const parts = (await fixedText(['diff-tree', '-r', '-z', '--no-renames', from, to])).split('\0');
      const files = [];
      for (let i = 0; i + 1 < parts.length; i += 2) {
        const [, , , after, status] = parts[i].split(' ');
        files.push({ filename: parts[i + 1], sha: after === ZERO ? null : after, status: status[0] });
      }
      return files;
    },
    log: async (start, path, limit) => {
      const out = await text(['rev-list', `--max-count=${limit}`, start, ...(path ? ['--', path] : [])]);
      return out === '' ? [] : out.split('\n');
    },
  };
  return git;
}

function parseCommit(sha, raw) {
  const end = raw.indexOf('\n\n');
  const headers = raw.slice(0, end).split('\n');
  const all = (name) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    sha,
    tree: all('tree')[0],
    parents: all('parent'),
    author: parsePerson(all('author')[0]),
    committer: parsePerson(all('committer')[0]),
    message: raw.slice(end + 2),
  };
}

function parsePerson(line) {
  const match = /^(.*) <(.*)> (\d+) /.exec(line);
  return { name: match[1], email: match[2], date: new Date(Number(match[3]) * 1000).toISOString().replace('.000', '') };
}

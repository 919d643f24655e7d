import { ZERO } from './git.mjs';

const PERSON = { name: 'Jo Doe', email: 'jo@example.invalid' };

/** What people and other programs do to the repository while a run is under way or between runs. */
export function createPeople({ git, state, changed, now }) {
  const refOf = (branch) => `refs/heads/${branch}`;

  async function commitFiles(branch, files, { message = 'Change by hand', author = PERSON, parent } = {}) {
    const head = await git.ref(refOf(branch));
    const base = parent === undefined ? head : parent;
    const entries = [];
    for (const [path, file] of Object.entries(files)) {
      if (file === null) entries.push({ path, mode: '0', sha: null });
      else if (typeof file === 'string' || file instanceof Uint8Array)
        entries.push({ path, mode: '100644', sha: await git.writeBlob(file) });
      else entries.push({ path, mode: file.mode, sha: file.sha ?? (await git.writeBlob(file.content)) });
    }
    const tree = await git.writeTree(base, entries);
    const sha = await git.writeCommit({
      tree,
      parents: base === undefined ? [] : [base],
      message,
      author,
      committer: author,
    });
    await git.updateRef(refOf(branch), sha, head ?? ZERO);
    await changed(refOf(branch));
    return sha;
  }

  const find = (number) => {
    const pull = state.pulls.find((one) => one.number === number);
    if (pull === undefined) throw new Error(`no pull request ${number}`);
    return pull;
  };

  async function merge(pull, base, method) {
    const tree = await git.mergeTree(base, pull.headSha);
    const parents = method === 'squash' ? [base] : [base, pull.headSha];
    return git.writeCommit({ tree, parents, message: `${pull.title} (#${pull.number})`, author: PERSON });
  }

  /**
   * GitHub makes new commits even where the base has not moved: "always updates the committer information and creates new
   * commit SHAs" (docs.github.com, About pull request merges). Message and author stay.
   */
  async function rebase(pull, base) {
    let onto = base;
    for (const sha of await git.commitsBetween(base, pull.headSha)) {
      const { message, author, parents } = await git.commit(sha);
      if (parents.length > 1) continue;
      const tree = await git.mergeTree(onto, sha);
      onto = await git.writeCommit({ tree, parents: [onto], message, author, committer: PERSON });
    }
    return onto;
  }

  return {
    /** Files `path: text | bytes | {mode, content} | {mode, sha} | null (removed)` as a new commit on a branch. */
    commitFiles,
    /** Replaces the head commit of a branch by one with these changes: `git commit --amend`, then a forced push. */
    async amend(branch, files, message) {
      const head = await git.commit(await git.ref(refOf(branch)));
      const entries = [];
      for (const [path, text] of Object.entries(files))
        entries.push({ path, mode: '100644', sha: await git.writeBlob(text) });
      const tree = await git.writeTree(head.sha, entries);
      const sha = await git.writeCommit({
        tree,
        parents: head.parents,
        message: message ?? head.message,
        author: head.author,
        committer: PERSON,
      });
      await git.updateRef(refOf(branch), sha, head.sha);
      await changed(refOf(branch));
      return sha;
    },
    /** The button "Update branch": merges the base into the head. */
    async updateBranch(number) {
      const pull = find(number);
      const base = await git.ref(refOf(pull.base));
      const tree = await git.mergeTree(pull.headSha, base);
      const sha = await git.writeCommit({
        tree,
        parents: [pull.headSha, base],
        message: `Merge branch '${pull.base}' into ${pull.head}`,
        author: PERSON,
      });
      await git.updateRef(refOf(pull.head), sha, pull.headSha);
      await changed(refOf(pull.head));
      return sha;
    },
    /**
     * Opens a pull request. With `forkIsGone` it comes from a fork that has been deleted since; a fork within the
     * organisation has the same owner, which is all that the filter `head` of the list looks at.
     */
    async openPull({ head, base = 'main', title = 'By hand', body = null, user = 'jo', forkIsGone = false }) {
      const at = now();
      const pull = {
        number: state.nextNumber++,
        state: 'open',
        title,
        body,
        head,
        base,
        headSha: await git.ref(refOf(forkIsGone ? base : head)),
        baseSha: await git.ref(refOf(base)),
        draft: false,
        user,
        labels: [],
        assignees: [],
        reviewers: [],
        teams: [],
        comments: [],
        createdAt: at,
        updatedAt: at,
        forkIsGone,
      };
      state.pulls.push(pull);
      return pull;
    },
    comment(number, body, user = 'jo') {
      const at = now();
      find(number).comments.push({ id: state.nextComment++, body, user, createdAt: at, updatedAt: at });
    },
    label(number, name) {
      const pull = find(number);
      pull.labels.push(name);
      pull.labelledAt = { ...pull.labelledAt, [name]: now() };
      pull.updatedAt = now();
    },
    closePull(number) {
      Object.assign(find(number), { state: 'closed', closedAt: now(), updatedAt: now(), closedBy: 'jo' });
    },
    /** `method`: `merge`, `squash` or `rebase`. */
    async mergePull(number, { method = 'merge', deleteBranch = false } = {}) {
      const pull = find(number);
      const base = await git.ref(refOf(pull.base));
      const sha = method === 'rebase' ? await rebase(pull, base) : await merge(pull, base, method);
      await git.updateRef(refOf(pull.base), sha, base);
      const at = now();
      Object.assign(pull, { state: 'closed', closedAt: at, mergedAt: at, updatedAt: at, mergeCommit: sha });
      if (deleteBranch) await git.updateRef(refOf(pull.head), ZERO, pull.headSha);
      await changed(refOf(pull.base));
      return sha;
    },
    async moveBranch(branch, sha) {
      await git.updateRef(refOf(branch), sha);
      await changed(refOf(branch));
    },
    async deleteBranch(branch) {
      await git.updateRef(refOf(branch), ZERO, await git.ref(refOf(branch)));
      await changed(refOf(branch));
    },
    /** The text of a file at a branch or commit; undefined where there is none. */
    async readText(revision, path) {
      const sha = await git.resolve(`${revision}:${path}`);
      return sha === undefined ? undefined : (await git.blob(sha)).toString('utf8');
    },
  };
}

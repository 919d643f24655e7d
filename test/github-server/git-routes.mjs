import { Answer, notFound, validationFailed } from './answer.mjs';
import { ZERO } from './git.mjs';

const authorOf = (viewer) => {
  if (viewer.endsWith('[bot]')) return {};
  const author = { name: viewer, email: `${viewer}@users.noreply.github.com` };
  return { author, committer: author };
};

/**
 * How many entries a recursive listing has: "100,000 entries with a maximum size of 7 MB when using the recursive parameter"
 * (docs.github.com/en/rest/git/trees#get-a-tree). Whether GitHub counts bytes as here is not documented.
 */
function fitting(entries, { treeLimit, treeBytes }) {
  let bytes = 0;
  const over = entries.findIndex((entry, index) => {
    bytes += entry.path.length + 200;
    return index >= treeLimit || bytes > treeBytes;
  });
  return over === -1 ? entries.length : over;
}

/** REST: refs, commits, trees, blobs, compare, contents and rules. */
export function gitRoutes({ git, shapes, state, changed, replica }) {
  const refuseEmpty = async () => {
    if ((await git.refs('refs/heads')).length === 0) throw new Answer(409, { message: 'Git Repository is empty.' });
  };
  const commitOf = async (name) => {
    const sha =
      (await git.ref(`refs/heads/${name}`)) ?? (/^[0-9a-f]{40}$/.test(name) ? await git.ref(name) : undefined);
    if (sha === undefined) throw notFound();
    return sha;
  };

  async function getRef([ref]) {
    await refuseEmpty();
    const name = `refs/${ref}`;
    const sha = replica.refShown(name, await git.ref(name));
    if (sha === undefined) throw notFound();
    return { body: shapes.reference({ ref: `refs/${ref}`, sha }) };
  }

  async function matchingRefs([prefix]) {
    await refuseEmpty();
    const refs = await git.refs('refs/heads');
    return { body: refs.filter(({ ref }) => ref.startsWith(`refs/${prefix}`)).map(shapes.reference) };
  }

  async function createRef(_, __, body) {
    await refuseEmpty();
    if (!body.ref?.startsWith('refs/heads/')) throw validationFailed('Reference name must start with refs/heads/');
    if ((await git.ref(body.ref)) !== undefined) throw new Answer(422, { message: 'Reference already exists' });
    if ((await git.type(body.sha)) !== 'commit') throw new Answer(422, { message: 'Object does not exist' });
    await git.updateRef(body.ref, body.sha, ZERO);
    await changed(body.ref);
    return { status: 201, body: shapes.reference({ ref: body.ref, sha: body.sha }) };
  }

  async function getCommit([sha]) {
    if ((await git.type(sha)) !== 'commit') throw notFound();
    return { body: shapes.gitCommit(await git.commit(sha)) };
  }

  /**
   * GitHub signs a commit without author and committer that an App makes (docs: about-commit-signature-verification, "bots");
   * a person's token leaves it unsigned, in the person's name.
   */
  async function createCommit(_, __, body, viewer) {
    await refuseEmpty();
    if ((await git.type(body.tree)) !== 'tree') throw new Answer(422, { message: 'Tree SHA does not exist' });
    for (const parent of body.parents ?? [])
      if ((await git.type(parent)) !== 'commit') throw new Answer(422, { message: 'Parent SHA does not exist' });
    const sha = await git.writeCommit({
      tree: body.tree,
      parents: body.parents ?? [],
      message: body.message,
      ...authorOf(viewer),
    });
    return { status: 201, body: shapes.gitCommit(await git.commit(sha)) };
  }

  const treeUrl = (entry) => `${shapes.repoUrl}/git/${entry.type === 'tree' ? 'trees' : 'blobs'}/${entry.sha}`;
  async function treeBody(sha, recursive) {
    const entries = await git.tree(sha, recursive);
    const kept = recursive ? entries.slice(0, fitting(entries, state)) : entries;
    return {
      sha: await git.resolve(`${sha}^{tree}`),
      url: `${shapes.repoUrl}/git/trees/${sha}`,
      tree: kept.map((entry) => (entry.type === 'commit' ? entry : { ...entry, url: treeUrl(entry) })),
      truncated: kept.length < entries.length,
    };
  }

  async function getTree([sha], query) {
    await refuseEmpty();
    if ((await git.resolve(`${sha}^{tree}`)) === undefined) throw notFound();
    return { body: await treeBody(sha, query.has('recursive')) };
  }

  async function createTree(_, __, body) {
    await refuseEmpty();
    const entries = [];
    for (const entry of body.tree) {
      if (entry.path.startsWith('/') || entry.path.split('/').includes('..'))
        throw new Answer(422, { message: 'tree.path contains a malformed path component' });
      const sha = entry.content === undefined ? entry.sha : await git.writeBlob(Buffer.from(entry.content, 'utf8'));
      entries.push({ path: entry.path, mode: entry.mode, sha });
    }
    if (body.base_tree !== undefined && (await git.resolve(`${body.base_tree}^{tree}`)) === undefined)
      throw new Answer(422, { message: 'base_tree is not a valid tree oid' });
    return { status: 201, body: await treeBody(await git.writeTree(body.base_tree, entries), false) };
  }

  async function getBlob([sha]) {
    if ((await git.type(sha)) !== 'blob') throw notFound();
    const bytes = await git.blob(sha);
    const content = bytes.toString('base64').replace(/(.{60})/g, '$1\n');
    const url = `${shapes.repoUrl}/git/blobs/${sha}`;
    return { body: { sha, node_id: `B_${sha}`, size: bytes.length, url, content, encoding: 'base64' } };
  }

  async function createBlob(_, __, body) {
    await refuseEmpty();
    const sha = await git.writeBlob(Buffer.from(body.content, body.encoding === 'base64' ? 'base64' : 'utf8'));
    return { status: 201, body: { sha, url: `${shapes.repoUrl}/git/blobs/${sha}` } };
  }

  /**
   * docs.github.com/en/rest/commits/commits#compare-two-commits: up to 250 commits, and more by `page`; files on the first page
   * only, and at most 300 of them.
   */
  async function compare([basehead], query) {
    const [base, head] = basehead.split('...');
    const [from, to] = [await commitOf(base), await commitOf(head)];
    const mergeBase = await git.mergeBase(from, to);
    if (mergeBase === undefined) throw new Answer(404, { message: `No common ancestor between ${base} and ${head}.` });
    const commits = [];
    const between = await git.commitsBetween(from, to);
    const [page, size] = [Number(query.get('page') ?? 1), Math.min(250, Number(query.get('per_page') ?? 250))];
    for (const sha of between.slice((page - 1) * size, page * size)) commits.push(shapes.commit(await git.commit(sha)));
    const files = page === 1 ? (await git.changedFiles(mergeBase, to)).slice(0, 300) : [];
    const behind = (await git.commitsBetween(to, from)).length;
    const url = `${shapes.htmlUrl}/compare/${basehead}`;
    const NAMES = { A: 'added', D: 'removed', M: 'modified', T: 'changed' };
    return {
      body: {
        url: `${shapes.repoUrl}/compare/${basehead}`,
        html_url: url,
        permalink_url: url,
        diff_url: `${url}.diff`,
        patch_url: `${url}.patch`,
        base_commit: shapes.commit(await git.commit(from)),
        merge_base_commit: shapes.commit(await git.commit(mergeBase)),
        status: between.length === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged',
        ahead_by: between.length,
        behind_by: behind,
        total_commits: between.length,
        commits,
        files: files.map((file) => ({
          sha: file.sha,
          filename: file.filename,
          status: NAMES[file.status] ?? 'modified',
          additions: 1,
          deletions: 1,
          changes: 2,
          blob_url: `${shapes.htmlUrl}/blob/${to}/${file.filename}`,
          raw_url: `${shapes.htmlUrl}/raw/${to}/${file.filename}`,
          contents_url: `${shapes.repoUrl}/contents/${encodeURIComponent(file.filename)}?ref=${to}`,
        })),
      },
    };
  }

  async function listCommits(_, query) {
    await refuseEmpty();
    const start = await commitOf(query.get('sha') ?? state.defaultBranch);
    const shas = await git.log(start, query.get('path'), Number(query.get('per_page') ?? 30));
    return { body: await Promise.all(shas.map(async (sha) => shapes.commit(await git.commit(sha)))) };
  }

  async function putContents([path], _, body) {
    const branch = `refs/heads/${body.branch ?? state.defaultBranch}`;
    const head = await git.ref(branch);
    const any = await git.refs('refs/heads');
    if (head === undefined && any.length > 0) throw new Answer(404, { message: `Branch ${body.branch} not found` });
    const old = head === undefined ? undefined : await git.resolve(`${head}:${path}`);
    if (old !== undefined && body.sha === undefined)
      throw new Answer(422, { message: `Invalid request.\n\n"sha" wasn't supplied.` });
    if (old !== body.sha) throw new Answer(409, { message: `${path} does not match ${body.sha}` });
    const blob = await git.writeBlob(Buffer.from(body.content, 'base64'));
    const tree = await git.writeTree(head, [{ path, mode: '100644', sha: blob }]);
    const sha = await git.writeCommit({ tree, parents: head === undefined ? [] : [head], message: body.message });
    await git.updateRef(branch, sha, head ?? ZERO);
    await changed(branch);
    return {
      status: old === undefined ? 201 : 200,
      body: { content: null, commit: shapes.gitCommit(await git.commit(sha)) },
    };
  }

  const rules = ([branch]) => ({
    body:
      state.protections.get(branch) === 'ruleset'
        ? [{ type: 'pull_request', ruleset_source_type: 'Repository', ruleset_source: 'o/r', ruleset_id: 1 }]
        : [],
  });

  return [
    ['GET', /^\/git\/ref\/(.+)$/, getRef],
    ['GET', /^\/git\/matching-refs\/(.+)$/, matchingRefs],
    ['POST', /^\/git\/refs$/, createRef],
    ['GET', /^\/git\/commits\/([^/]+)$/, getCommit],
    ['POST', /^\/git\/commits$/, createCommit],
    ['GET', /^\/git\/trees\/(.+)$/, getTree],
    ['POST', /^\/git\/trees$/, createTree],
    ['GET', /^\/git\/blobs\/([^/]+)$/, getBlob],
    ['POST', /^\/git\/blobs$/, createBlob],
    ['GET', /^\/compare\/(.+)$/, compare],
    ['GET', /^\/commits$/, listCommits],
    ['PUT', /^\/contents\/(.+)$/, putContents],
    ['GET', /^\/rules\/branches\/(.+)$/, rules],
  ];
}

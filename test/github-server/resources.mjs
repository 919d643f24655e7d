/** The shapes in which GitHub's REST API answers, filled as its published description demands. */
export function resources({ url, owner, repo, defaultBranch, state }) {
  const repoUrl = `${url}/repos/${owner}/${repo}`;
  const htmlUrl = `${url}/${owner}/${repo}`;

  /** REST knows an App's account as `github-actions[bot]`, of the type Bot (docs.github.com, Get a user). */
  function user(login, id = login.length + 1000) {
    const self = `${url}/users/${encodeURIComponent(login)}`;
    return {
      login,
      id,
      node_id: `U_${id}`,
      avatar_url: `${url}/avatars/${id}`,
      gravatar_id: '',
      url: self,
      html_url: `${url}/${encodeURIComponent(login)}`,
      followers_url: `${self}/followers`,
      following_url: `${self}/following{/other_user}`,
      gists_url: `${self}/gists{/gist_id}`,
      starred_url: `${self}/starred{/owner}{/repo}`,
      subscriptions_url: `${self}/subscriptions`,
      organizations_url: `${self}/orgs`,
      repos_url: `${self}/repos`,
      events_url: `${self}/events{/privacy}`,
      received_events_url: `${self}/received_events`,
      type: login.endsWith('[bot]') ? 'Bot' : 'User',
      site_admin: false,
    };
  }

  const REPOSITORY_URLS = [
    'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads',
    'events forks git_commits git_refs git_tags issue_comment issue_events issues keys labels languages merges milestones',
    'notifications pulls releases stargazers statuses subscribers subscription tags teams trees hooks',
  ]
    .join(' ')
    .split(' ');

  function repository() {
    const date = '2025-01-01T00:00:00Z';
    return {
      id: 4711,
      node_id: 'R_kgDOAAASZw',
      name: repo,
      full_name: `${owner}/${repo}`,
      owner: user(owner, 1),
      private: true,
      html_url: htmlUrl,
      description: null,
      fork: false,
      url: repoUrl,
      ...Object.fromEntries(REPOSITORY_URLS.map((name) => [`${name}_url`, `${repoUrl}/${name}`])),
      git_url: `git://example.invalid/${owner}/${repo}.git`,
      ssh_url: `git@example.invalid:${owner}/${repo}.git`,
      clone_url: `${htmlUrl}.git`,
      svn_url: htmlUrl,
      mirror_url: null,
      homepage: null,
      language: null,
      forks_count: 0,
      stargazers_count: 0,
      watchers_count: 0,
      size: 1,
      default_branch: defaultBranch,
      open_issues_count: 0,
      is_template: false,
      topics: [],
      has_issues: true,
      has_projects: false,
      has_wiki: false,
      has_pages: false,
      has_downloads: false,
      has_discussions: false,
      archived: state.archived,
      disabled: false,
      visibility: 'private',
      pushed_at: date,
      created_at: date,
      updated_at: date,
      permissions: { admin: false, push: true, pull: true },
      allow_rebase_merge: true,
      allow_squash_merge: true,
      allow_merge_commit: true,
      subscribers_count: 0,
      network_count: 0,
      license: null,
      forks: 0,
      open_issues: 0,
      watchers: 0,
    };
  }

  const verification = (verified) => ({
    verified,
    reason: verified ? 'valid' : 'unsigned',
    signature: null,
    payload: null,
    verified_at: null,
  });

  function gitCommit(commit) {
    return {
      sha: commit.sha,
      node_id: `C_${commit.sha}`,
      url: `${repoUrl}/git/commits/${commit.sha}`,
      html_url: `${htmlUrl}/commit/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      tree: { sha: commit.tree, url: `${repoUrl}/git/trees/${commit.tree}` },
      message: commit.message.trimEnd(),
      parents: commit.parents.map((sha) => ({
        sha,
        url: `${repoUrl}/git/commits/${sha}`,
        html_url: `${htmlUrl}/commit/${sha}`,
      })),
      verification: verification(commit.committer.email === 'noreply@github.com'),
    };
  }

  function commit(raw) {
    const git = gitCommit(raw);
    return {
      sha: raw.sha,
      node_id: git.node_id,
      url: `${repoUrl}/commits/${raw.sha}`,
      html_url: git.html_url,
      comments_url: `${repoUrl}/commits/${raw.sha}/comments`,
      commit: {
        url: git.url,
        author: raw.author,
        committer: raw.committer,
        message: git.message,
        comment_count: 0,
        tree: git.tree,
        verification: git.verification,
      },
      author: user(raw.author.name),
      committer: user('web-flow'),
      parents: git.parents,
    };
  }

  const reference = ({ ref, sha }) => ({
    ref,
    node_id: `REF_${Buffer.from(ref).toString('base64url')}`,
    url: `${repoUrl}/git/${ref}`,
    object: { type: 'commit', sha, url: `${repoUrl}/git/commits/${sha}` },
  });

  const label = (name, id = 1) => ({
    id,
    node_id: `LA_${id}`,
    url: `${repoUrl}/labels/${encodeURIComponent(name)}`,
    name,
    description: '',
    color: 'ededed',
    default: false,
  });

  const comment = (entry, number) => ({
    id: entry.id,
    node_id: `IC_${entry.id}`,
    url: `${repoUrl}/issues/comments/${entry.id}`,
    html_url: `${htmlUrl}/pull/${number}#issuecomment-${entry.id}`,
    body: entry.body,
    user: user(entry.user),
    created_at: entry.createdAt,
    updated_at: entry.updatedAt,
    issue_url: `${repoUrl}/issues/${number}`,
    author_association: 'CONTRIBUTOR',
  });

  function side(ref, sha) {
    return { label: `${owner}:${ref}`, ref, sha, user: user(owner, 1), repo: repository() };
  }

  /** Once a fork is deleted, `repo` is null, against the published description (github/rest-api-description#1811). */
  function headOf(entry) {
    const head = side(entry.head, entry.headSha);
    return entry.forkIsGone ? { ...head, repo: null } : head;
  }

  function pull(entry) {
    const self = `${repoUrl}/pulls/${entry.number}`;
    const html = `${htmlUrl}/pull/${entry.number}`;
    const issue = `${repoUrl}/issues/${entry.number}`;
    return {
      url: self,
      id: 100000 + entry.number,
      node_id: `PR_${entry.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      issue_url: issue,
      commits_url: `${self}/commits`,
      review_comments_url: `${self}/comments`,
      review_comment_url: `${self}/comments{/number}`,
      comments_url: `${issue}/comments`,
      statuses_url: `${repoUrl}/statuses/${entry.headSha}`,
      number: entry.number,
      state: entry.state,
      locked: false,
      title: entry.title,
      user: user(entry.user),
      body: entry.body,
      labels: entry.labels.map((name, index) => label(name, index + 1)),
      milestone: null,
      created_at: entry.createdAt,
      updated_at: entry.updatedAt,
      closed_at: entry.closedAt ?? null,
      merged_at: entry.mergedAt ?? null,
      merge_commit_sha: entry.mergeCommit ?? null,
      assignee: entry.assignees.length === 0 ? null : user(entry.assignees[0]),
      assignees: entry.assignees.map((login) => user(login)),
      requested_reviewers: entry.reviewers.map((login) => user(login)),
      requested_teams: [],
      head: headOf(entry),
      base: side(entry.base, entry.baseSha),
      _links: Object.fromEntries(
        ['comments', 'commits', 'statuses', 'html', 'issue', 'review_comments', 'review_comment', 'self'].map(
          (name) => [name, { href: `${self}/${name}` }],
        ),
      ),
      author_association: 'CONTRIBUTOR',
      auto_merge: entry.autoMerge
        ? { enabled_by: user(entry.user), merge_method: 'merge', commit_title: '', commit_message: '' }
        : null,
      draft: entry.draft,
    };
  }

  function fullPull(entry, { mergeable, state, counts }) {
    return {
      ...pull(entry),
      merged: entry.mergedAt !== undefined,
      mergeable,
      rebaseable: mergeable,
      mergeable_state: state,
      merged_by: entry.mergedAt === undefined ? null : user(entry.mergedBy ?? 'person'),
      comments: entry.comments.length,
      review_comments: 0,
      maintainer_can_modify: false,
      ...counts,
    };
  }

  function issue(entry) {
    const self = `${repoUrl}/issues/${entry.number}`;
    return {
      id: 200000 + entry.number,
      node_id: `I_${entry.number}`,
      url: self,
      repository_url: repoUrl,
      labels_url: `${self}/labels{/name}`,
      comments_url: `${self}/comments`,
      events_url: `${self}/events`,
      html_url: `${htmlUrl}/pull/${entry.number}`,
      number: entry.number,
      state: entry.state,
      title: entry.title,
      body: entry.body,
      user: user(entry.user),
      labels: entry.labels.map((name, index) => label(name, index + 1)),
      assignee: entry.assignees.length === 0 ? null : user(entry.assignees[0]),
      assignees: entry.assignees.map((login) => user(login)),
      milestone: null,
      locked: false,
      comments: entry.comments.length,
      closed_at: entry.closedAt ?? null,
      created_at: entry.createdAt,
      updated_at: entry.updatedAt,
      author_association: 'CONTRIBUTOR',
      state_reason: null,
    };
  }

  return { repoUrl, htmlUrl, user, repository, gitCommit, commit, reference, label, comment, pull, fullPull, issue };
}

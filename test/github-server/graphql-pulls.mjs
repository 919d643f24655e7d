/**
 * Pull requests as GraphQL tells them: the connection of a repository, and one by its id. Lists come from the replica, which
 * may be behind; a pull request by its id is the live one.
 */
export function graphqlPulls({ git, shapes, state, replica, mergeable }) {
  const STATES = { open: 'OPEN', closed: 'CLOSED' };
  const stateOf = (pull) => (pull.mergedAt === undefined ? STATES[pull.state] : 'MERGED');

  /** An App's account has no "[bot]" here, but the type Bot (GraphQL schema: Actor, Bot). */
  const actor = (login) =>
    login === undefined ? null : { login: login.replace(/\[bot\]$/, ''), __typename: isBot(login) ? 'Bot' : 'User' };
  const isBot = (login) => login.endsWith('[bot]');

  const connection = (nodes) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });

  function timelineOf(pull) {
    const closed = pull.closedAt === undefined || pull.mergedAt !== undefined ? [] : [closing(pull)];
    const labelled = pull.labels.map((name) => ({
      __typename: 'LabeledEvent',
      createdAt: pull.labelledAt?.[name] ?? pull.createdAt,
      label: { name },
    }));
    return [...closed, ...labelled];
  }

  const closing = (pull) => ({ __typename: 'ClosedEvent', createdAt: pull.closedAt, actor: actor(pull.closedBy) });

  async function headCommit(pull) {
    const commit = await git.commit(pull.headSha);
    return {
      commit: {
        oid: commit.sha,
        message: commit.message.trimEnd(),
        tree: { oid: commit.tree },
        parents: ({ first }) => connection(commit.parents.slice(0, first).map((oid) => ({ oid }))),
      },
    };
  }

  function show(pull, viewer) {
    return {
      __typename: 'PullRequest',
      id: `PR_${pull.number}`,
      number: pull.number,
      url: `${shapes.htmlUrl}/pull/${pull.number}`,
      state: stateOf(pull),
      title: pull.title,
      body: pull.body ?? '',
      viewerDidAuthor: pull.user === viewer,
      headRefName: pull.head,
      headRefOid: pull.headSha,
      headRepository: pull.forkIsGone ? null : { id: shapes.repository().node_id },
      baseRefName: pull.base,
      createdAt: pull.createdAt,
      closedAt: pull.closedAt ?? null,
      mergedAt: pull.mergedAt ?? null,
      author: actor(pull.user),
      mergeable: () => mergeable.ask(pull),
      autoMergeRequest: pull.autoMerge ? { enabledAt: pull.updatedAt } : null,
      labels: ({ first }) => connection(pull.labels.slice(0, first).map((name) => ({ name }))),
      commits: async () => connection([await headCommit(pull)]),
      timelineItems: ({ last, itemTypes }) => {
        const types = { CLOSED_EVENT: 'ClosedEvent', LABELED_EVENT: 'LabeledEvent' };
        const wanted = itemTypes.map((type) => types[type]);
        return connection(
          timelineOf(pull)
            .filter((one) => wanted.includes(one.__typename))
            .slice(-last),
        );
      },
    };
  }

  const KEYS = { CREATED_AT: 'createdAt', UPDATED_AT: 'updatedAt' };

  return {
    /** `Repository.pullRequests`; the cursor is a number here. */
    list({ first, after, states, headRefName, orderBy }, viewer) {
      const found = replica
        .listed()
        .filter(
          (pull) =>
            (states === undefined || states === null || states.includes(stateOf(pull))) &&
            (headRefName === undefined || headRefName === null || headRefName === pull.head),
        );
      const key = KEYS[orderBy?.field ?? 'CREATED_AT'];
      found.sort((a, b) => a[key].localeCompare(b[key]) || a.number - b.number);
      if (orderBy?.direction === 'DESC') found.reverse();
      const start = Number(after ?? 0);
      const end = Math.min(start + first, found.length);
      return {
        nodes: found.slice(start, end).map((pull) => show(pull, viewer)),
        pageInfo: { hasNextPage: end < found.length, endCursor: String(end) },
      };
    },
    /** `Query.nodes` */
    nodes: ({ ids }, viewer) =>
      ids.map((id) => {
        const pull = state.pulls.find(({ number }) => id === `PR_${number}`);
        return pull === undefined ? null : show(pull, viewer);
      }),
  };
}

import { Answer, notFound, validationFailed } from './answer.mjs';

/** REST: pull requests, and their labels, comments, reviewers and assignees. */
export function pullRoutes({ git, shapes, state, owner, now, replica, mergeable }) {
  const find = (number) => {
    const pull = state.pulls.find((one) => one.number === Number(number));
    if (pull === undefined) throw notFound();
    return pull;
  };
  const commentsOf = (number) => {
    const listed = replica.listed().find((one) => one.number === Number(number));
    if (listed === undefined) throw notFound();
    return listed.comments;
  };
  const touch = (pull) => {
    pull.updatedAt = now();
  };
  const page = (items, query) => {
    const size = Number(query.get('per_page') ?? 30);
    const start = (Number(query.get('page') ?? 1) - 1) * size;
    return items.slice(start, start + size);
  };
  const checkBody = (body) => {
    if (typeof body === 'string' && body.length > 65536)
      throw validationFailed('body is too long (maximum is 65536 characters)', 'body');
  };

  function list(_, query) {
    const wanted = query.get('state') ?? 'open';
    const head = query.get('head');
    const base = query.get('base');
    const found = replica
      .listed()
      .filter(
        (pull) =>
          (wanted === 'all' || pull.state === wanted) &&
          (head === null || head === `${owner}:${pull.head}`) &&
          (base === null || base === pull.base),
      );
    const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
    found.sort((a, b) => a[key].localeCompare(b[key]) || a.number - b.number);
    if ((query.get('direction') ?? 'desc') === 'desc') found.reverse();
    return { body: page(found, query).map(shapes.pull) };
  }

  async function full(pull, known) {
    const base = await git.ref(`refs/heads/${pull.base}`);
    const head = pull.headSha;
    const commits = base === undefined ? [] : await git.commitsBetween(base, head);
    return shapes.fullPull(pull, {
      mergeable: known === 'UNKNOWN' ? null : known === 'MERGEABLE',
      state: { UNKNOWN: 'unknown', MERGEABLE: 'clean', CONFLICTING: 'dirty' }[known],
      counts: { commits: commits.length, additions: 1, deletions: 1, changed_files: 1 },
    });
  }

  async function get([number]) {
    const pull = find(number);
    return { body: await full(pull, await mergeable.ask(pull)) };
  }

  async function create(_, __, body, viewer) {
    checkBody(body.body);
    if (!state.mayCreatePulls)
      throw new Answer(403, { message: 'GitHub Actions is not permitted to create or approve pull requests.' });
    if (body.draft && !state.draftsAllowed)
      throw validationFailed('Draft pull requests are not supported in this repository.');
    const [headSha, baseSha] = [await git.ref(`refs/heads/${body.head}`), await git.ref(`refs/heads/${body.base}`)];
    if (headSha === undefined) throw validationFailed('head is invalid', 'head');
    if (baseSha === undefined) throw validationFailed('base is invalid', 'base');
    const same = (one) => one.state === 'open' && one.head === body.head && one.base === body.base;
    if (state.pulls.some((one) => same(one) && !one.forkIsGone))
      throw validationFailed(`A pull request already exists for ${owner}:${body.head}.`);
    if ((await git.commitsBetween(baseSha, headSha)).length === 0)
      throw validationFailed(`No commits between ${body.base} and ${body.head}`);
    const pull = {
      number: state.nextNumber++,
      state: 'open',
      title: body.title,
      body: body.body ?? null,
      head: body.head,
      base: body.base,
      headSha,
      baseSha,
      draft: body.draft ?? false,
      user: viewer,
      labels: [],
      assignees: [],
      reviewers: [],
      teams: [],
      comments: [],
      createdAt: now(),
      updatedAt: now(),
    };
    state.pulls.push(pull);
    return { status: 201, body: await full(pull, await mergeable.peek(pull)) };
  }

  async function update([number], _, body, viewer) {
    const pull = find(number);
    checkBody(body.body);
    for (const key of ['title', 'body', 'base']) if (body[key] !== undefined) pull[key] = body[key];
    if (body.state === 'closed' && pull.state === 'open') {
      pull.state = 'closed';
      pull.closedAt = now();
      pull.closedBy = viewer;
    }
    touch(pull);
    return { body: await full(pull, await mergeable.peek(pull)) };
  }

  function addLabels([number], _, body) {
    const pull = find(number);
    for (const name of body.labels.filter((one) => !pull.labels.includes(one))) {
      pull.labels.push(name);
      pull.labelledAt = { ...pull.labelledAt, [name]: now() };
    }
    touch(pull);
    return { body: pull.labels.map((name, index) => shapes.label(name, index + 1)) };
  }

  function removeLabel([number, name]) {
    const pull = find(number);
    if (!pull.labels.includes(name)) throw new Answer(404, { message: 'Label does not exist' });
    pull.labels = pull.labels.filter((one) => one !== name);
    touch(pull);
    return { body: pull.labels.map((one, index) => shapes.label(one, index + 1)) };
  }

  /** Whoever may not be assigned is left out without a word (docs.github.com/en/rest/issues/assignees#add-assignees-to-an-issue). */
  function addAssignees([number], _, body) {
    const pull = find(number);
    for (const login of body.assignees)
      if (!pull.assignees.includes(login) && !login.startsWith('unknown')) pull.assignees.push(login);
    touch(pull);
    return { status: 201, body: shapes.issue(pull) };
  }

  /**
   * Refused are people from outside (docs.github.com/en/rest/pulls/review-requests: 422 "if user is not a collaborator"), the
   * author (not documented), and teams that the token cannot see (peter-evans/create-pull-request#155).
   */
  function requestReviewers([number], _, body) {
    const pull = find(number);
    const people = body.reviewers ?? [];
    if (people.includes(pull.user))
      throw new Answer(422, { message: 'Review cannot be requested from pull request author.' });
    if (people.some((login) => login.startsWith('unknown')))
      throw new Answer(422, {
        message:
          'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.',
      });
    if ((body.team_reviewers ?? []).length > 0 && !state.teamsVisible)
      throw new Answer(422, { message: `Could not resolve to a node with the global id of 'T_1'.` });
    for (const login of people) if (!pull.reviewers.includes(login)) pull.reviewers.push(login);
    for (const team of body.team_reviewers ?? []) if (!pull.teams.includes(team)) pull.teams.push(team);
    touch(pull);
    return { status: 201, body: shapes.pull(pull) };
  }

  /** Its words: probot/stale#25, renovatebot/renovate#6215; not documented, nor whether a comment there may be edited. */
  const refuseLocked = ({ locked }) => {
    if (locked) throw new Answer(403, { message: 'Unable to create comment because issue is locked.' });
  };
  const findComment = (id) => {
    const pull = state.pulls.find(({ comments }) => comments.some((one) => one.id === Number(id)));
    if (pull === undefined) throw notFound();
    return { pull, entry: pull.comments.find((one) => one.id === Number(id)) };
  };

  function createComment([number], _, body, viewer) {
    const pull = find(number);
    refuseLocked(pull);
    checkBody(body.body);
    const entry = { id: state.nextComment++, body: body.body, user: viewer, createdAt: now(), updatedAt: now() };
    pull.comments.push(entry);
    touch(pull);
    return { status: 201, body: shapes.comment(entry, pull.number) };
  }

  function updateComment([id], _, body) {
    const { pull, entry } = findComment(id);
    checkBody(body.body);
    Object.assign(entry, { body: body.body, updatedAt: now() });
    touch(pull);
    return { body: shapes.comment(entry, pull.number) };
  }

  function deleteComment([id]) {
    const { pull, entry } = findComment(id);
    pull.comments = pull.comments.filter((one) => one !== entry);
    touch(pull);
    return { status: 204 };
  }

  return [
    ['GET', /^\/pulls$/, list],
    ['POST', /^\/pulls$/, create],
    ['GET', /^\/pulls\/(\d+)$/, get],
    ['PATCH', /^\/pulls\/(\d+)$/, update],
    ['POST', /^\/pulls\/(\d+)\/requested_reviewers$/, requestReviewers],
    ['POST', /^\/issues\/(\d+)\/labels$/, addLabels],
    ['DELETE', /^\/issues\/(\d+)\/labels\/(.+)$/, removeLabel],
    ['POST', /^\/issues\/(\d+)\/assignees$/, addAssignees],
    ['GET', /^\/issues\/(\d+)$/, ([number]) => ({ body: shapes.issue(find(number)) })],
    [
      'GET',
      /^\/issues\/(\d+)\/comments$/,
      ([number], query) => ({ body: page(commentsOf(number), query).map((one) => shapes.comment(one, number)) }),
    ],
    ['POST', /^\/issues\/(\d+)\/comments$/, createComment],
    ['PATCH', /^\/issues\/comments\/(\d+)$/, updateComment],
    ['DELETE', /^\/issues\/comments\/(\d+)$/, deleteComment],
  ];
}

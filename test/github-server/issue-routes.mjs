import { Answer, notFound, validationFailed } from './answer.mjs';

/** REST: issues that are no pull requests. They live in `state.issues`. */
export function issueRoutes({ state, now }) {
  const find = (number) => {
    const issue = state.issues.find((one) => one.number === Number(number));
    if (issue === undefined) throw notFound();
    return issue;
  };
  const checkTitle = ({ title }) => {
    if (typeof title === 'string' && title.length > 256)
      throw validationFailed('title is too long (maximum is 256 characters)', 'title');
  };

  function list(_, query) {
    const wanted = query.get('state') ?? 'open';
    const labels = query.get('labels')?.split(',') ?? [];
    const size = Number(query.get('per_page') ?? 30);
    const start = (Number(query.get('page') ?? 1) - 1) * size;
    const found = state.issues.filter(
      (issue) =>
        (wanted === 'all' || issue.state === wanted) &&
        labels.every((name) => issue.labels.some((one) => one.name === name)),
    );
    const next = new URLSearchParams(query);
    next.set('page', String(start / size + 2));
    const link = `</repos/acme/infra/issues?${next}>; rel="next"`;
    return {
      body: found.toReversed().slice(start, start + size),
      headers: start + size < found.length ? { link } : {},
    };
  }

  function create(_, __, body, viewer) {
    if (typeof body.title !== 'string') throw validationFailed('title is missing', 'title');
    checkTitle(body);
    const issue = {
      number: state.nextNumber++,
      title: body.title,
      body: body.body ?? null,
      state: 'open',
      state_reason: null,
      labels: (body.labels ?? []).map((name) => ({ name })),
      user: { login: viewer, type: viewer.endsWith('[bot]') ? 'Bot' : 'User' },
      created_at: now(),
      updated_at: now(),
    };
    state.issues.push(issue);
    return { status: 201, body: issue };
  }

  function update([number], _, body) {
    const issue = find(number);
    checkTitle(body);
    if (body.state !== undefined && !['open', 'closed'].includes(body.state))
      throw new Answer(422, { message: 'Validation Failed' });
    const reopened = body.state === 'open' && issue.state === 'closed' ? { state_reason: 'reopened' } : {};
    Object.assign(issue, reopened, body, { updated_at: now() });
    return { body: issue };
  }

  return [
    ['GET', /^\/issues$/, list],
    ['POST', /^\/issues$/, create],
    ['PATCH', /^\/issues\/(\d+)$/, update],
  ];
}

const DOCUMENTATION = 'https://docs.github.com/rest';

/** An answer that is thrown to leave a handler early. */
export class Answer extends Error {
  constructor(status, body, headers = {}) {
    super(body?.message ?? String(status));
    this.status = status;
    this.body = { documentation_url: DOCUMENTATION, status: String(status), ...body };
    this.headers = headers;
  }
}

export const notFound = () => new Answer(404, { message: 'Not Found' });

export function validationFailed(message, field) {
  const error =
    field === undefined
      ? { resource: 'PullRequest', code: 'custom', message }
      : { resource: 'PullRequest', field, code: 'invalid', message };
  return new Answer(422, { message: 'Validation Failed', errors: [error] });
}

export const forbidden = (permissions) =>
  new Answer(
    403,
    { message: 'Resource not accessible by integration' },
    { 'x-accepted-github-permissions': permissions },
  );

import { messageOf } from '../errors.ts';

/** What was being done, for the sentence: "the report could not be committed to main". */
export interface Attempt {
  /** "open the pull request" */
  readonly doing: string;
  readonly branch?: string;
  /** The option that leads around a refused branch. */
  readonly branchOption?: 'report-branch' | 'pull-request-branch-prefix';
  /** The permission that this needs: `contents: write`. */
  readonly permission: string;
}

/** The parts of an octokit error that matter. `types` are the types of a GraphQL answer's errors. */
export interface GithubFailure {
  readonly status?: number;
  readonly message: string;
  readonly types: readonly string[];
  readonly acceptedPermissions?: string;
  /** The connection failed: octokit gives such an error the status 500, and no response. */
  readonly unreached?: boolean;
}

/** Reads a thrown RequestError or GraphqlResponseError; the text holds all messages that GitHub gave. */
export function readFailure(thrown: unknown): GithubFailure {
  const error = asRecord(thrown);
  const response = asRecord(error.response);
  const data = asRecord(response.data);
  const listed = Array.isArray(error.errors) ? error.errors : Array.isArray(data.errors) ? data.errors : [];
  const details = listed.map(asRecord);
  const texts = [
    typeof data.message === 'string' ? data.message : messageOf(thrown),
    ...details.map((detail) => (typeof detail.message === 'string' ? detail.message : fieldOf(detail))),
  ];
  // A GraphQL failure comes with HTTP 200 and bare headers in place of a response.
  const headers = asRecord(response.headers ?? error.headers);
  const accepted = headers['x-accepted-github-permissions'];
  return {
    status: typeof error.status === 'number' ? error.status : undefined,
    message: [...new Set(texts.filter((text) => text !== ''))].join(' · ').replace(/\s+/g, ' ').trim(),
    types: details.flatMap((detail) => (typeof detail.type === 'string' ? [detail.type] : [])),
    ...(error.status === 500 && error.response === undefined ? { unreached: true } : {}),
    acceptedPermissions: typeof accepted === 'string' ? accepted : undefined,
  };
}

/** Whether a branch refuses direct pushes, by a protection or by a ruleset. */
export function isRefusedByRules(failure: GithubFailure): boolean {
  return (
    failure.types.includes('BRANCH_PROTECTION_RULE_VIOLATION') ||
    /rule violations? found|protected branch|through a pull request|must have verified signatures|cannot force-push|merge queue/i.test(
      failure.message,
    )
  );
}

/** Whether the switch "Allow GitHub Actions to create and approve pull requests" is off. */
export function isNotPermittedToCreate(failure: GithubFailure): boolean {
  return /not permitted to create or approve pull requests/i.test(failure.message);
}

/** One sentence for the user: what failed, and the setting, permission or option to change. */
export function explainGithubError(thrown: unknown, attempt: Attempt): string {
  const failure = readFailure(thrown);
  const what = `Could not ${attempt.doing}`;
  return `${what}: ${reasonOf(failure, attempt)}`;
}

function reasonOf(failure: GithubFailure, attempt: Attempt): string {
  const { status, message, types } = failure;
  const branch = attempt.branch === undefined ? 'the branch' : `the branch ${attempt.branch}`;
  const said = `GitHub says "${clip(message)}"`;
  if (isNotPermittedToCreate(failure))
    return 'GitHub Actions is not permitted to create pull requests. Turn on Settings → Actions → General → "Allow GitHub Actions to create and approve pull requests" (in an organisation, its own setting comes first), or set github-token to the token of a GitHub App.';
  if (isRefusedByRules(failure))
    return `${branch} is protected by a branch protection rule or a ruleset. ${aroundRules(attempt)} ${said}.`;
  if (status === 401) return 'the token is wrong or has expired. Check github-token.';
  if (/rate limit|abuse detection/i.test(message) || types.includes('RATE_LIMITED'))
    return `the rate limit of the token is used up. Try again later, or use the token of a GitHub App. ${said}.`;
  if (/Resource not accessible/i.test(message) || types.includes('FORBIDDEN') || status === 403) {
    const accepted =
      failure.acceptedPermissions === undefined ? '' : ` (GitHub accepts ${failure.acceptedPermissions})`;
    return `the token lacks a permission${accepted}. Add "${attempt.permission}" to the job's permissions; a run for a fork or by Dependabot has a read-only token. ${said}.`;
  }
  if (/repository is empty/i.test(message)) return 'the repository is empty. Push a first commit.';
  if (status === 404 || types.includes('NOT_FOUND'))
    return `GitHub cannot find the repository or ${branch}, or the token has no access to it. Check github-token and "${attempt.permission}". ${said}.`;
  if (/Reference update failed/i.test(message))
    return `${branch} could not be written; usually a ruleset restricts creating branches or their names. ${aroundRules(attempt)} ${said}.`;
  if (failure.unreached)
    return `GitHub could not be reached (${clip(message)}). Behind a proxy, set HTTPS_PROXY (and NO_PROXY) in the step's env.`;
  if (status !== undefined && status >= 500) return `GitHub failed (HTTP ${status}). Try again later. ${said}.`;
  return `${said}${status === undefined ? '' : ` (HTTP ${status})`}.`;
}

function aroundRules(attempt: Attempt): string {
  if (attempt.branchOption === 'report-branch')
    return 'Set report-branch to a branch that accepts pushes, or let the token bypass the rule.';
  if (attempt.branchOption === 'pull-request-branch-prefix')
    return 'Set pull-request-branch-prefix to a prefix that the rules allow, or let the token bypass the rule.';
  return 'Let the token bypass the rule.';
}

function fieldOf(detail: Readonly<Record<string, unknown>>): string {
  return typeof detail.field === 'string' && typeof detail.code === 'string' ? `${detail.field} is ${detail.code}` : '';
}

function clip(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

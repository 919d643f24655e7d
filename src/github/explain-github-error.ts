import { type GithubFailure, readFailure } from './read-failure.ts';

export { type GithubFailure, readFailure } from './read-failure.ts';

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

/** One line for the user: what failed, GitHub's own words, and the setting, permission or option to change. */
export function explainGithubError(thrown: unknown, attempt: Attempt): string {
  const failure = readFailure(thrown);
  return [`Could not ${attempt.doing}: ${wordsOf(failure)}.`, adviceFor(failure, attempt)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** What was said, and by whom: not every answer is GitHub's. */
function wordsOf({ status, message, unanswered, unreached, isPage, redirectsTo }: GithubFailure): string {
  if (unanswered) return message;
  if (unreached) return `GitHub could not be reached (${message})`;
  const http = status === undefined ? '' : ` (HTTP ${status})`;
  const titled = message === '' ? '' : ` titled "${message}"`;
  if (isPage) return `a page${titled} came in place of an answer${http}`;
  if (redirectsTo !== undefined) return `the answer redirects to another host, ${redirectsTo}${http}`;
  return message === '' ? `GitHub gave no reason${http}` : `GitHub says "${message}"${http}`;
}

type Advice = (attempt: Attempt, failure: GithubFailure) => string;

/** The first whose condition holds is what to do. Messages come before states: a 403 has a dozen reasons. */
const ADVICE: readonly (readonly [applies: (failure: GithubFailure) => boolean, advice: Advice])[] = [
  [
    (failure) => failure.unanswered === true,
    () => 'Try again later; where a proxy is in between, check HTTPS_PROXY and NO_PROXY.',
  ],
  [(failure) => failure.unreached === true, () => "Behind a proxy, set HTTPS_PROXY (and NO_PROXY) in the step's env."],
  [
    ({ isPage, status = 0, redirectsTo }) => (isPage === true || redirectsTo !== undefined) && status < 500,
    () =>
      "A proxy or a login page answered in GitHub's place, or it has another address: check GITHUB_API_URL, HTTPS_PROXY and NO_PROXY.",
  ],
  [
    isNotPermittedToCreate,
    () =>
      'Turn on Settings → Actions → General → "Allow GitHub Actions to create and approve pull requests" (in an organisation, its own setting comes first), or set github-token to the token of a GitHub App.',
  ],
  [
    // A repository or a branch may be named after it, without a space.
    (failure) => failure.authorizeUrl !== undefined || says(/SAML (?:enforcement|SSO)|single sign-on/i)(failure),
    (_, { authorizeUrl }) => adviseOnSaml(authorizeUrl),
  ],
  [
    says(/IP allow list|IP address is not permitted/i),
    () =>
      "Run the job on a self-hosted runner whose address is in the organisation's IP allow list, or add the runner's address to it.",
  ],
  [
    says(/archived so is read-only|repository (?:has been|was|is) archived/i),
    () => 'Unarchive the repository, or set commit-report and open-pull-requests to false.',
  ],
  [
    says(/verified signatures|must be signed/i),
    (attempt) =>
      `The branch takes signed commits only, and GitHub signs those of the workflow's own token and of GitHub Apps, not those of a personal token: leave out github-token, or set it to the token of an App. ${aroundRules(attempt)}`,
  ],
  [isRefusedByRules, (attempt) => `${branchOf(attempt)} is protected by a rule or a ruleset. ${aroundRules(attempt)}`],
  [({ status }) => status === 401, () => 'The token is wrong or has expired. Check github-token.'],
  [
    (failure) => says(/rate limit|abuse detection/i)(failure) || failure.types.includes('RATE_LIMITED'),
    () => "The token's rate limit is used up. Try again later, or use the token of a GitHub App.",
  ],
  [
    ({ status, message }) => status === 410 || /issues are disabled/i.test(message),
    () => 'Turn on Settings → General → Features → Issues, or leave this out.',
  ],
  [
    (failure) => failure.status === 403 && says(/actions (?:is|are|has been) disabled/i)(failure),
    () =>
      'Turn on Settings → Actions → General → "Allow all actions", or set github-token to the token of a GitHub App.',
  ],
  [says(/issue is locked/i), () => 'Its conversation is locked: unlock it, or set comment to never.'],
  [says(/repository is empty/i), () => 'The repository is empty. Push a first commit.'],
  [
    (failure) =>
      failure.status === 403 || failure.types.includes('FORBIDDEN') || says(/Resource not accessible/i)(failure),
    ({ permission }, { acceptedPermissions }) => {
      const accepted = acceptedPermissions === undefined ? '' : ` (GitHub accepts ${acceptedPermissions})`;
      return `The token lacks a permission${accepted}. Add "${permission}" to the job's permissions; a run for a fork or by Dependabot has a read-only token.`;
    },
  ],
  [
    ({ status, types }) => status === 404 || types.includes('NOT_FOUND'),
    (attempt) =>
      `GitHub cannot find the repository or ${branchOf(attempt, 'the')}, or the token has no access to it. Check github-token and "${attempt.permission}".`,
  ],
  [
    says(/Reference update failed/i),
    (attempt) => `Usually a ruleset restricts creating branches or their names. ${aroundRules(attempt)}`,
  ],
  [
    (failure) => failure.types.includes('STALE_DATA') || says(/cannot lock ref|Reference cannot be updated/i)(failure),
    () => 'Something else was writing to the branch at the same time. Run it again.',
  ],
  [
    says(/(?:Tree|Parent) SHA does not exist|Could not resolve to a node/i),
    () => 'GitHub may not see yet what it has just created. Run it again.',
  ],
  [({ status = 0 }) => status >= 500, () => 'GitHub failed. Try again later.'],
];

function adviceFor(failure: GithubFailure, attempt: Attempt): string {
  const found = ADVICE.find(([applies]) => applies(failure));
  return found === undefined ? '' : found[1](attempt, failure);
}

function says(pattern: RegExp): (failure: GithubFailure) => boolean {
  return ({ message }) => pattern.test(message);
}

function adviseOnSaml(url: string | undefined): string {
  const where = url === undefined ? "under the token's settings (Configure SSO)" : `at ${url}`;
  return `Authorize the token for the organisation ${where}, or leave out github-token to use the workflow's own.`;
}

function branchOf({ branch }: Attempt, article = 'The'): string {
  return branch === undefined ? `${article} branch` : `${article} branch ${branch}`;
}

function aroundRules(attempt: Attempt): string {
  if (attempt.branchOption === 'report-branch')
    return 'Set report-branch to a branch that accepts pushes, or let the token bypass the rule.';
  if (attempt.branchOption === 'pull-request-branch-prefix')
    return 'Set pull-request-branch-prefix to a prefix that the rules allow, or let the token bypass the rule.';
  return 'Let the token bypass the rule.';
}

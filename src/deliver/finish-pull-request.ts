import type { Github } from '../github/create-github.ts';
import { explainGithubError, readFailure } from '../github/explain-github-error.ts';
import { untilThere } from '../github/until-there.ts';
import type { Recipients } from '../model/owner.ts';
import { joinSome } from '../text/format.ts';
import { FINISH_STEPS, type FinishStep, type Marker } from './marker.ts';

/** So many runs try what GitHub has not taken, before it counts as refused. */
const MOST_RUNS = 3;

/** More reviewers GitHub takes for no pull request. */
const MOST_REVIEWERS = 15;

/** What became of the labels and people: what is left for the next run, and sentences about what did not go through. */
export interface Finished {
  readonly left: Marker['left'];
  readonly said: readonly string[];
}

/** The steps that a new pull request needs; undefined where it needs none. */
export function stepsOf(recipients: Recipients): Marker['left'] {
  const steps = FINISH_STEPS.filter((step) => namesOf(recipients, step).length > 0);
  return steps.length === 0 ? undefined : { steps, runs: 0 };
}

/** Asks for what is left of labels, reviewers, teams and assignees. What GitHub refuses for good is said and not asked again. */
export async function finishPullRequest(
  github: Github,
  number: number,
  recipients: Recipients,
  { steps, runs }: NonNullable<Marker['left']>,
): Promise<Finished> {
  const left: FinishStep[] = [];
  const said: string[] = [];
  const isLast = runs + 1 >= MOST_RUNS;
  for (const step of steps) {
    const end = await tryStep(github, number, step, namesOf(recipients, step));
    if (end === undefined) continue;
    if (!end.final && !isLast) left.push(step);
    said.push(`${end.why}${end.final || isLast ? '' : ' The next run tries again.'}`);
  }
  return { left: left.length === 0 ? undefined : { steps: left, runs: runs + 1 }, said };
}

function namesOf(recipients: Recipients, step: FinishStep): readonly string[] {
  return step === 'team-reviewers' ? recipients.teamReviewers : recipients[step];
}

type Refused = { readonly final: boolean; readonly why: string };

async function tryStep(
  github: Github,
  number: number,
  step: FinishStep,
  names: readonly string[],
): Promise<Refused | undefined> {
  if (names.length === 0) return undefined;
  try {
    const missing = await untilThere(github, () => ask(github, number, step, names));
    if (missing.length === 0) return undefined;
    const who = missing.join(', ');
    return { final: true, why: `GitHub did not take ${who} as ${step} of #${number}: check who may be assigned.` };
  } catch (error) {
    const refused = refusalOf(error, { step, number, names });
    const isForOne = refused.final && names.length > 1 && step.endsWith('reviewers');
    return isForOne ? tryEach(github, number, step, names) : refused;
  }
}

/** GitHub refuses all reviewers for one that it does not take: each is asked for alone. */
async function tryEach(
  github: Github,
  number: number,
  step: FinishStep,
  names: readonly string[],
): Promise<Refused | undefined> {
  const refused: Refused[] = [];
  const rest = [...names];
  for (let taken = 0; taken < MOST_REVIEWERS && refused.length < MOST_REVIEWERS; ) {
    const name = rest.shift();
    if (name === undefined) break;
    const end = await tryStep(github, number, step, [name]);
    if (end === undefined) taken++;
    else refused.push(end);
    if (end?.final === false) return { final: false, why: joinWhys(refused) };
  }
  if (rest.length > 0) refused.push({ final: true, why: sayNotAsked(rest, step, number) });
  return refused.length === 0 ? undefined : { final: true, why: joinWhys(refused) };
}

function joinWhys(refused: readonly Refused[]): string {
  return refused.map(({ why }) => why).join(' ');
}

function sayNotAsked(names: readonly string[], step: FinishStep, number: number): string {
  return `GitHub was not asked for ${joinSome(names, 10)} as ${step} of #${number}: a pull request has at most ${MOST_REVIEWERS}.`;
}

/** Gives the names that GitHub passed over in silence. */
async function ask(
  { owner, repo, request }: Github,
  number: number,
  step: FinishStep,
  names: readonly string[],
): Promise<readonly string[]> {
  const issue = { owner, repo, issue_number: number };
  const pull = { owner, repo, pull_number: number };
  const reviewers = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers';
  if (step === 'labels') {
    await request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...issue, labels: [...names] });
  } else if (step === 'reviewers') {
    await request(reviewers, { ...pull, reviewers: [...names] });
  } else if (step === 'team-reviewers') {
    await request(reviewers, { ...pull, team_reviewers: [...names] });
  } else {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees';
    const { data } = await request(route, { ...issue, assignees: [...names] });
    const taken = new Set((data.assignees ?? []).map(({ login }) => login.toLowerCase()));
    return names.filter((name) => !taken.has(name.toLowerCase()));
  }
  return [];
}

/** GitHub knows a pull request in some of its parts before it does in others. */
function isNotThereYet(error: unknown): boolean {
  const { status, message } = readFailure(error);
  return status === 404 || (status === 422 && /Could not resolve to a node/i.test(message));
}

function refusalOf(
  error: unknown,
  { step, number, names }: { readonly step: FinishStep; readonly number: number; readonly names: readonly string[] },
): Refused {
  const { status = 500, message, isPage } = readFailure(error);
  const isPassing = isPage === true || isNotThereYet(error) || /rate limit/i.test(message);
  const final = [410, 422].includes(status) && !isPassing;
  const teams =
    step === 'team-reviewers' && status < 500
      ? ' GITHUB_TOKEN cannot see teams: set github-token to the token of a GitHub App.'
      : '';
  const who = names.length === 1 ? ` (${names[0]})` : '';
  const attempt = { doing: `set the ${step} of pull request #${number}${who}`, permission: 'pull-requests: write' };
  return { final, why: explainGithubError(error, attempt) + teams };
}

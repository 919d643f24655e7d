import { z } from 'zod';
import { UserError } from '../errors.ts';
import { parseJson } from '../text/json-scan.ts';
import type { PullRequestTrigger, Trigger } from './trigger.ts';

/** These run on the merge of the pull request, and with its author's rights: one of a fork gets no secrets. */
const ON_A_PULL_REQUEST: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
]);
const DEPENDABOT = 'dependabot[bot]';

const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const name = z.string().min(1).max(1024);
const login = z.object({ login: name }).nullish();
const repository = z.object({ full_name: name }).nullish();

const pullRequestEvent = z.object({
  action: name.optional(),
  pull_request: z.object({
    number: z.int().positive(),
    state: name.optional(),
    base: z.object({ ref: name, sha, repo: repository }),
    head: z.object({ sha, repo: repository }),
    user: login,
  }),
  repository,
  sender: login,
});

const mergeGroupEvent = z.object({
  action: name.optional(),
  merge_group: z.object({ head_sha: sha, base_sha: sha, base_ref: name.optional() }),
});

const pushEvent = z.object({ before: sha });

const workflowRunEvent = z.object({
  workflow_run: z.object({ event: name, head_repository: z.object({ full_name: name }) }),
  repository: z.object({ full_name: name }),
});

/** Whether the event's payload decides what may be done: a run that was started otherwise does not need it. */
export function decidesByPayload(eventName: string | undefined): boolean {
  if (eventName === undefined) return false;
  return ON_A_PULL_REQUEST.has(eventName) || eventName === 'merge_group' || eventName === 'workflow_run';
}

/**
 * What started the job: by the event's name, the text of its payload and the login that GitHub decides by whether the job
 * gets secrets (`GITHUB_ACTOR`). Pure. Throws a `UserError` where a pull request or a merge group does not say which
 * commits it is about.
 */
export function readTrigger(eventName: string | undefined, payload: string | undefined, actor?: string): Trigger {
  if (eventName === 'pull_request_target') return { kind: 'refused', why: WHY_NO_TARGET };
  if (eventName === 'workflow_run') return readWorkflowRun(payload);
  if (eventName === 'merge_group') return readMergeGroup(payload);
  if (eventName === 'push') return readPush(payload);
  return eventName !== undefined && ON_A_PULL_REQUEST.has(eventName)
    ? readPullRequest(eventName, payload, actor)
    : { kind: 'other' };
}

const WHY_NO_TARGET =
  'pull_request_target runs with the secrets and the rights of the base branch, on what the author of the pull request ' +
  'may have written. Start the workflow by pull_request instead: a pull request of this repository is judged the same, and ' +
  'one of a fork by the newest report, for which no secret is needed.';
const WHY_NO_WORKFLOW_RUN =
  'This workflow_run follows a run for a pull request. It has the secrets and the rights of the base branch, whatever the ' +
  "pull request's author wrote. Start the workflow by pull_request instead, or let it follow only runs of your own " +
  'branches (on.workflow_run.branches).';

function readPullRequest(eventName: string, payload: string | undefined, actor: string | undefined): Trigger {
  const { pull_request: pull, ...event } = readRequired(eventName, pullRequestEvent, payload);
  if (pull.state === 'closed') {
    return {
      kind: 'other',
      why: `Pull request #${pull.number} is closed: there is nothing to judge before it merges.`,
    };
  }
  const ownName = pull.base.repo?.full_name ?? event.repository?.full_name;
  const isOwn = ownName !== undefined && pull.head.repo?.full_name === ownName;
  // Whoever pushes to Dependabot's branch gets secrets, and its own run that a person repeats does not: the actor decides.
  const startedBy = actor ?? event.sender?.login ?? pull.user?.login;
  const from: PullRequestTrigger['from'] = !isOwn
    ? 'fork'
    : startedBy === DEPENDABOT
      ? 'Dependabot'
      : 'same repository';
  return {
    kind: 'pull request',
    number: pull.number,
    base: { ref: pull.base.ref, sha: pull.base.sha },
    head: { sha: pull.head.sha },
    from,
    action: event.action,
  };
}

function readMergeGroup(payload: string | undefined): Trigger {
  const { action, merge_group: group } = readRequired('merge_group', mergeGroupEvent, payload);
  if (action === 'destroyed') return { kind: 'other', why: 'The merge group is gone: there is nothing to judge.' };
  return { kind: 'merge group', base: { ref: group.base_ref, sha: group.base_sha }, head: { sha: group.head_sha } };
}

function readPush(payload: string | undefined): Trigger {
  const before = readIfThere(pushEvent, payload)?.before;
  return before === undefined || /^0+$/.test(before) ? { kind: 'push' } : { kind: 'push', before };
}

function readWorkflowRun(payload: string | undefined): Trigger {
  const event = readIfThere(workflowRunEvent, payload);
  // A run that does not say what it was for may have been for anything.
  if (event === undefined) return { kind: 'refused', why: WHY_NO_WORKFLOW_RUN };
  const { event: started, head_repository: from } = event.workflow_run;
  const isForeign = started.startsWith('pull_request') || from.full_name !== event.repository.full_name;
  return isForeign ? { kind: 'refused', why: WHY_NO_WORKFLOW_RUN } : { kind: 'other' };
}

function readIfThere<T>(schema: z.ZodType<T>, payload: string | undefined): T | undefined {
  try {
    return schema.safeParse(parseJson(payload ?? '')).data;
  } catch {
    return undefined;
  }
}

function readRequired<T>(eventName: string, schema: z.ZodType<T>, payload: string | undefined): T {
  if (payload === undefined) throw new UserError(`${broken(eventName)} there is none.`);
  try {
    const { data, error } = schema.safeParse(parseJson(payload));
    if (data !== undefined) return data;
    const path = error?.issues[0]?.path.join('.') ?? '';
    throw new UserError(
      `${broken(eventName)} it lacks ${path === '' ? 'all of it' : path}, or has something else there.`,
    );
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${broken(eventName)} it is no JSON.`, { cause });
  }
}

function broken(eventName: string): string {
  return (
    'The two commits to compare come from the payload of the event, the file that GITHUB_EVENT_PATH names, in the form ' +
    `that GitHub gives it for ${eventName}. Let no step change it. Now`
  );
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What differs from event to event. */
export interface EventOf {
  readonly name: 'pull_request' | 'pull_request_target' | 'merge_group';
  readonly from: 'same repository' | 'fork' | 'Dependabot';
  readonly action?: string;
  readonly draft?: boolean;
  readonly number: number;
  readonly base: string;
  readonly head: string;
  readonly headRef: string;
  /** `owner/name` */
  readonly repository: string;
}

interface Example {
  readonly name: string;
  readonly examples: readonly { readonly [key: string]: unknown; readonly action: string }[];
}

type Json = { [key: string]: unknown };

/** An event's payload: one that GitHub sent, with the repository, the commits and the author of ours. */
export function payloadOf(event: EventOf): string {
  if (event.name === 'merge_group') return mergeGroup(event);
  const { action = 'synchronize', number, repository, draft = false } = event;
  const payload = structuredClone(exampleOf('pull_request', action)) as Json & { pull_request: Json & Sides };
  const pull = payload.pull_request;
  const { sender } = payload;
  const author = event.from === 'Dependabot' ? bot(sender as Json) : sender;
  const base = { ...pull.base, ref: 'main', sha: event.base, repo: named(pull.base.repo, repository) };
  const from = event.from === 'fork' ? 'mallory/infra' : repository;
  const headRepo = { ...named(pull.head.repo, from), fork: event.from === 'fork' };
  const head = { ...pull.head, ref: event.headRef, sha: event.head, repo: headRepo };
  const changed = { ...pull, number, draft, user: author, base, head, merge_commit_sha: null };
  const rest = action === 'synchronize' ? { before: '1'.repeat(40), after: event.head } : {};
  return JSON.stringify({
    ...payload,
    ...rest,
    number,
    pull_request: changed,
    repository: named(payload.repository, repository),
    sender: author,
  });
}

interface Sides {
  readonly base: Json;
  readonly head: Json;
}

function mergeGroup({ base, head, number, repository }: EventOf): string {
  const payload = structuredClone(exampleOf('merge_group', 'checks_requested')) as Json & { merge_group: Json };
  const group = {
    ...payload.merge_group,
    head_sha: head,
    head_ref: `refs/heads/gh-readonly-queue/main/pr-${number}-${base}`,
    base_sha: base,
    base_ref: 'refs/heads/main',
  };
  return JSON.stringify({ ...payload, merge_group: group, repository: named(payload.repository, repository) });
}

function exampleOf(name: string, action: string): unknown {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples');
  const all = JSON.parse(readFileSync(file, 'utf8')) as readonly Example[];
  const found = all.find((one) => one.name === name)?.examples.find((one) => one.action === action);
  if (found === undefined) throw new Error(`no example of ${name} ${action}`);
  return found;
}

function named(repository: unknown, fullName: string): Json {
  const [login = '', name = ''] = fullName.split('/');
  const { owner, ...rest } = repository as Json;
  return { ...rest, name, full_name: fullName, owner: { ...(owner as Json), login } };
}

function bot(sender: Json): Json {
  return { ...sender, login: 'dependabot[bot]', id: 49_699_333, type: 'Bot' };
}

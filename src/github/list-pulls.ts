import type { Github } from './create-github.ts';
import { readFailure } from './read-failure.ts';
import { untilThere } from './until-there.ts';

/** Who did something. A bot's login is without its `[bot]` here. */
export interface Actor {
  readonly login: string;
  readonly isBot: boolean;
}

/** A commit as far as a seal looks at it. */
export interface HeadCommit {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

/** A pull request of this repository's own branches. Times are unix seconds. */
export interface Pull {
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly title: string;
  readonly body: string;
  /** Who opened it; absent where the account is gone. */
  readonly author?: Actor;
  /** Whether the token's own account opened it. */
  readonly isOwn: boolean;
  readonly head: { readonly branch: string; readonly sha: string; readonly commit?: HeadCommit };
  readonly base: string;
  readonly createdAt: number;
  readonly closedAt?: number;
  readonly mergedAt?: number;
  /** Who closed it last, as far as GitHub tells. */
  readonly closedBy?: Actor;
  /** Whether it is to be merged by itself once its checks and reviews are there. */
  readonly autoMerge: boolean;
  /** `at` is when the label was put on last, as far as GitHub tells. */
  readonly labels: readonly { readonly name: string; readonly at?: number }[];
}

/** All open pull requests and the newest of the others, of the branches that were asked for. */
export interface PullList {
  readonly pulls: readonly Pull[];
  /** Whether there are older ones that were not looked at. */
  readonly cutOff: boolean;
}

/** Of those that are closed or merged, so many pages of a hundred are looked through, the last changed first. */
const PAGES_OF_PAST = 10;
/** More open pull requests than that no repository has. */
const PAGES_OF_OPEN = 50;
/** How many are read whole in one request: a body may have 65,536 letters. */
const READ_AT_ONCE = 25;

const LIST = `query ($owner: String!, $repo: String!, $states: [PullRequestState!], $head: String, $after: String, $order: IssueOrder) {
  repository(owner: $owner, name: $repo) {
    id
    pullRequests(first: 100, states: $states, headRefName: $head, after: $after, orderBy: $order) {
      nodes { id headRefName headRepository { id } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** What a token may be forbidden to see of a pull request that it may read: each has a permission of its own. */
const DETAILS = `
      labels(first: 50) { nodes { name } }
      commits(last: 1) { nodes { commit { oid message tree { oid } parents(first: 2) { nodes { oid } } } } }
      timelineItems(last: 50, itemTypes: [CLOSED_EVENT, LABELED_EVENT]) {
        nodes {
          __typename
          ... on ClosedEvent { createdAt actor { login __typename } }
          ... on LabeledEvent { createdAt label { name } }
        }
      }`;

const READ = (details: string) => `query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    ... on PullRequest {
      id number url state title body viewerDidAuthor headRefName headRefOid baseRefName createdAt closedAt mergedAt
      author { login __typename }
      autoMergeRequest { enabledAt }${details}
    }
  }
}`;

interface ListedPull {
  readonly id: string;
  readonly headRefName: string;
  readonly headRepository: { readonly id: string } | null;
}

interface ListPage {
  readonly id: string;
  readonly pullRequests: {
    readonly nodes: readonly (ListedPull | null)[] | null;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

interface AnsweredNodes {
  readonly nodes: readonly (AnsweredPull | null)[];
}

interface AnsweredActor {
  readonly login: string;
  readonly __typename: string;
}

interface AnsweredPull {
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED';
  readonly title: string;
  readonly body: string;
  readonly viewerDidAuthor: boolean;
  readonly headRefName: string;
  readonly headRefOid: string;
  readonly baseRefName: string;
  readonly createdAt: string;
  readonly closedAt: string | null;
  readonly mergedAt: string | null;
  readonly author: AnsweredActor | null;
  readonly autoMergeRequest: object | null;
  readonly labels?: { readonly nodes: readonly ({ readonly name: string } | null)[] | null } | null;
  readonly commits?: { readonly nodes: readonly ({ readonly commit: AnsweredCommit } | null)[] | null };
  readonly timelineItems?: { readonly nodes: readonly (AnsweredEvent | null)[] | null };
}

interface AnsweredCommit {
  readonly oid: string;
  readonly message: string;
  readonly tree: { readonly oid: string };
  readonly parents: { readonly nodes: readonly ({ readonly oid: string } | null)[] | null };
}

type AnsweredEvent =
  | { readonly __typename: 'ClosedEvent'; readonly createdAt: string; readonly actor: AnsweredActor | null }
  | { readonly __typename: 'LabeledEvent'; readonly createdAt: string; readonly label: { readonly name: string } };

/**
 * Reads the pull requests of the branches that `isWanted` accepts, the newest first: all that are open, and of the others
 * those that changed last. The list is asked for names alone, since a repository may have thousands that are none of ours.
 */
export async function listPulls(github: Github, isWanted: (branch: string) => boolean): Promise<PullList> {
  const open = await listIds(github, { states: ['OPEN'] }, PAGES_OF_OPEN, isWanted);
  const past = await listIds(github, { states: ['CLOSED', 'MERGED'] }, PAGES_OF_PAST, isWanted);
  return { pulls: await readPulls(github, [...open.ids, ...past.ids]), cutOff: past.cutOff };
}

/** Reads all pull requests of one branch, of whatever age, the newest first. */
export async function listPullsOf(github: Github, branch: string): Promise<readonly Pull[]> {
  const filter = { states: ['OPEN', 'CLOSED', 'MERGED'], head: branch };
  const { ids } = await listIds(github, filter, PAGES_OF_PAST, (name) => name === branch);
  return readPulls(github, ids);
}

async function listIds(
  github: Github,
  filter: { readonly states: readonly string[]; readonly head?: string },
  pages: number,
  isWanted: (branch: string) => boolean,
): Promise<{ readonly ids: readonly string[]; readonly cutOff: boolean }> {
  const { owner, repo } = github;
  const ids: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < pages; page++) {
    const variables = { owner, repo, ...filter, after, order: { field: 'UPDATED_AT', direction: 'DESC' } };
    const answer: { readonly repository: ListPage | null } = await github.graphql(LIST, variables);
    if (answer.repository === null) throw new Error('GitHub shows no repository to this token. Check github-token.');
    const { id, pullRequests } = answer.repository;
    for (const pull of pullRequests.nodes ?? []) {
      // A branch of a fork may have the same name; of a fork that is gone GitHub names no repository.
      if (pull !== null && pull.headRepository?.id === id && isWanted(pull.headRefName)) ids.push(pull.id);
    }
    if (!pullRequests.pageInfo.hasNextPage) return { ids, cutOff: false };
    after = pullRequests.pageInfo.endCursor;
  }
  return { ids, cutOff: true };
}

async function readPulls(github: Github, ids: readonly string[]): Promise<readonly Pull[]> {
  const unique = [...new Set(ids)];
  const pulls: Pull[] = [];
  for (let start = 0; start < unique.length; start += READ_AT_ONCE) {
    const some = unique.slice(start, start + READ_AT_ONCE);
    // A pull request that was opened a moment ago may be in the list before it can be read.
    const answer = await untilThere(github, () => readNodes(github, some));
    pulls.push(...answer.nodes.flatMap((pull) => (pull === null ? [] : [toPull(pull)])));
  }
  return pulls.sort((a, b) => b.number - a.number);
}

/** Without the details where the token may not see them: then labels say nothing, and who closed one is not known. */
async function readNodes(github: Github, ids: readonly string[]): Promise<AnsweredNodes> {
  try {
    return await github.graphql<AnsweredNodes>(READ(DETAILS), { ids });
  } catch (error) {
    if (!readFailure(error).types.includes('FORBIDDEN')) throw error;
    const answer = await github.graphql<AnsweredNodes>(READ(''), { ids });
    github.log.debug(`pull requests are read without labels and events: ${readFailure(error).message}`);
    return answer;
  }
}

const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

function toPull(answered: AnsweredPull): Pull {
  const { id, number, url, title, body, author, closedAt, mergedAt } = answered;
  const events = (answered.timelineItems?.nodes ?? []).filter((event) => event !== null);
  const closing = events.findLast((event) => event.__typename === 'ClosedEvent');
  return {
    id,
    number,
    url,
    state: STATES[answered.state],
    title,
    body,
    ...(author === null ? {} : { author: toActor(author) }),
    isOwn: answered.viewerDidAuthor,
    head: { branch: answered.headRefName, sha: answered.headRefOid, ...headCommitOf(answered) },
    base: answered.baseRefName,
    createdAt: secondsOf(answered.createdAt),
    ...(closedAt === null ? {} : { closedAt: secondsOf(closedAt) }),
    ...(mergedAt === null ? {} : { mergedAt: secondsOf(mergedAt) }),
    ...(closing?.actor ? { closedBy: toActor(closing.actor) } : {}),
    autoMerge: answered.autoMergeRequest !== null,
    labels: (answered.labels?.nodes ?? []).flatMap((label) => (label === null ? [] : [labelOf(label.name, events)])),
  };
}

function toActor({ login, __typename }: AnsweredActor): Actor {
  return { login, isBot: __typename === 'Bot' };
}

function headCommitOf({ commits, headRefOid }: AnsweredPull): { readonly commit?: HeadCommit } {
  const commit = commits?.nodes?.[0]?.commit;
  if (commit === undefined || commit.oid !== headRefOid) return {};
  const parents = (commit.parents.nodes ?? []).flatMap((parent) => (parent === null ? [] : [parent.oid]));
  return { commit: { message: commit.message, tree: commit.tree.oid, parents } };
}

function labelOf(name: string, events: readonly AnsweredEvent[]): Pull['labels'][number] {
  const event = events.findLast((one) => one.__typename === 'LabeledEvent' && one.label.name === name);
  return event === undefined ? { name } : { name, at: secondsOf(event.createdAt) };
}

function secondsOf(time: string): number {
  return Date.parse(time) / 1000;
}

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  readonly operation?: string;
  readonly write: boolean;
  /** 0 where the connection was cut, or no answer ever given. */
  readonly status?: number;
  readonly answer?: unknown;
}

export interface Fault {
  readonly on?: (request: FakeRequest) => boolean;
  readonly times?: number;
  readonly skip?: number;
  readonly before?: (request: FakeRequest) => unknown;
  /** An answer, or `'drop'` (the connection is cut) or `'hang'` (never answered). */
  readonly answer?: unknown;
  readonly after?: boolean;
  readonly late?: () => Promise<unknown>;
}

type Protection = 'classic' | 'ruleset' | 'signatures';

type On = (request: FakeRequest) => boolean;

export interface Faults {
  add(fault: Fault): Faults;
  clear(): void;
  killAt(n: number, options?: { after?: boolean }): void;
  /** Never allows a query whose text holds this. */
  forbidQuery(part: string): Faults;
  staleHead(times?: number, before?: () => unknown): Faults;
  refExists(): Faults;
  notPermittedToCreatePullRequests(): void;
  readOnlyToken(): void;
  protect(branch: string, kind?: Protection): void;
  secondaryLimit(options?: { retryAfter?: number; times?: number; on?: On }): Faults;
  primaryLimit(options?: { resetIn?: number; times?: number; on?: On }): Faults;
  badGateway(options?: { on?: On; after?: boolean; times?: number; skip?: number }): Faults;
  hang(options?: { on?: On; after?: boolean; times?: number; skip?: number }): Faults;
  delay(options: { on?: On; ms?: number; until?: Promise<unknown>; times?: number; skip?: number }): Faults;
  lockConflict(options?: { on?: On; times?: number }): Faults;
  page(options?: { on?: On; times?: number; status?: number; title?: string }): Faults;
  treeNotYetThere(times?: number): Faults;
  nodeNotYetThere(options?: { on?: On; times?: number; skip?: number }): Faults;
}

export interface FakeIssue {
  readonly number: number;
  readonly title: string;
  body: string | null;
  state: 'open' | 'closed';
  state_reason: string | null;
  readonly labels: readonly { readonly name: string }[];
  readonly user: { readonly login: string; readonly type: 'Bot' | 'User' };
}

export interface FakePull {
  readonly number: number;
  state: 'open' | 'closed';
  title: string;
  body: string | null;
  head: string;
  base: string;
  readonly headSha: string;
  /** Who opened it. */
  readonly user: string;
  readonly draft: boolean;
  readonly labels: string[];
  readonly assignees: string[];
  readonly reviewers: string[];
  readonly teams: string[];
  comments: { id: number; body: string; user: string }[];
  /** Whether its conversation is locked. */
  locked?: boolean;
  readonly closedAt?: string;
  readonly mergedAt?: string;
  autoMerge?: boolean;
}

export interface FakeState {
  readonly pulls: FakePull[];
  readonly issues: FakeIssue[];
  /** Whom a token belongs to. */
  readonly logins: Map<string, string>;
  readonly protections: Map<string, Protection>;
  nextNumber: number;
  nextComment: number;
  readOnly: boolean;
  contentsReadOnly: boolean;
  /** The token lacks `pull-requests: write`. */
  pullRequestsReadOnly: boolean;
  archived: boolean;
  /** The organisation asks for SAML, and the token is not authorized for it. */
  saml: boolean;
  ipAllowList: boolean;
  /** `owner/repo` that the repository had before. */
  renamedFrom: string | undefined;
  mayCreatePulls: boolean;
  draftsAllowed: boolean;
  teamsVisible: boolean;
  /** False: GitHub never gets to know whether a pull request merges. */
  mergeableKnown: boolean;
  /** How often "not known yet" is answered after a move of head or base. */
  mergeableAfter: number;
  /** By how many changes to pull requests their lists are behind. */
  listLag: number;
  /** By how many moves of a branch `GET /git/ref` is behind. */
  refLag: number;
  treeLimit: number;
  treeBytes: number;
}

export type FakeFile = string | Uint8Array | null | { mode: string; content?: string; sha?: string };

export interface GithubServer {
  readonly url: string;
  readonly owner: string;
  readonly repo: string;
  readonly requests: FakeRequest[];
  readonly faults: Faults;
  readonly state: FakeState;
  readonly pulls: FakePull[];
  readonly git: {
    run(args: string[], options?: { input?: string }): Promise<Uint8Array>;
    text(args: string[], options?: { input?: string }): Promise<string>;
    ref(name: string): Promise<string | undefined>;
  };
  commitFiles(
    branch: string,
    files: Readonly<Record<string, FakeFile>>,
    options?: { message?: string; author?: { name: string; email: string; date?: string }; parent?: string },
  ): Promise<string>;
  amend(branch: string, files: Readonly<Record<string, string>>, message?: string): Promise<string>;
  updateBranch(number: number): Promise<string>;
  openPull(pull: {
    head: string;
    base?: string;
    title?: string;
    body?: string | null;
    user?: string;
    forkIsGone?: boolean;
  }): Promise<FakePull>;
  comment(number: number, body: string, user?: string): void;
  label(number: number, name: string): void;
  closePull(number: number): void;
  mergePull(
    number: number,
    options?: { method?: 'merge' | 'squash' | 'rebase'; deleteBranch?: boolean },
  ): Promise<string>;
  moveBranch(branch: string, sha: string): Promise<void>;
  deleteBranch(branch: string): Promise<void>;
  readText(revision: string, path: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

export function startGithubServer(options: {
  gitDir: string;
  owner?: string;
  repo?: string;
  defaultBranch?: string;
  login?: string;
  port?: number;
  clock?: () => string;
}): Promise<GithubServer>;

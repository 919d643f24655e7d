/** The variables of a process, as they are handed to the programs that it starts. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where the job runs on GitHub. */
export interface GithubEnvironment {
  /** The repository of the job; `undefined` in a run by hand. */
  readonly repository?: { readonly owner: string; readonly name: string };
  /** The page of the repository: `https://github.com/owner/name`. */
  readonly repositoryUrl?: string;
  /** The page of this run of the workflow. */
  readonly runUrl?: string;
  /** The commit that the job was started for. */
  readonly commit?: string;
  /** What started the job: `pull_request`. */
  readonly eventName?: string;
  /** The file that tells of it. */
  readonly eventPath?: string;
  /** The login by whose rights GitHub decides whether the job gets secrets. */
  readonly actor?: string;
  /** Where the repository is fetched from: `https://github.com`. */
  readonly serverUrl?: string;
  readonly apiUrl: string;
  /** Absent where it follows from `apiUrl`. */
  readonly graphqlUrl?: string;
}

/** All that a run takes from the variables around it. What is absent or empty there is `undefined`. */
export interface RunEnvironment {
  readonly github: GithubEnvironment;
  /** The folder of the checked-out repository; the current one where the runner names none. */
  readonly workspace: string;
  /** The runner's folder for what is not to outlive the job. */
  readonly temporaryFolder?: string;
  /** The file that takes the job summary. */
  readonly summaryFile?: string;
  /** Where programs are looked for. */
  readonly path?: string;
  readonly home?: string;
  /** `immediate` never waits between requests to GitHub, for tests and demos. */
  readonly pace: 'unhurried' | 'immediate';
  /** Every variable, tokens too: only for what `environmentForChildren` leaves of them. */
  readonly inherited: Variables;
}

/** Reads the variables of a process once. Pure. */
export function readEnvironment(variables: Variables): RunEnvironment {
  const read = (name: string) => variables[name] || undefined;
  return {
    github: readGithub(read),
    workspace: read('GITHUB_WORKSPACE') ?? '.',
    temporaryFolder: read('RUNNER_TEMP'),
    summaryFile: read('GITHUB_STEP_SUMMARY'),
    path: read('PATH'),
    home: read('HOME'),
    pace: read('MEMORY_INSPECTOR_PACE') === 'immediate' ? 'immediate' : 'unhurried',
    inherited: variables,
  };
}

/** `owner/name` of the job's repository; `undefined` in a run by hand. */
export function fullNameOf({ github: { repository } }: Pick<RunEnvironment, 'github'>): string | undefined {
  return repository && `${repository.owner}/${repository.name}`;
}

function readGithub(read: (name: string) => string | undefined): GithubEnvironment {
  const server = read('GITHUB_SERVER_URL');
  const fullName = read('GITHUB_REPOSITORY');
  const runId = read('GITHUB_RUN_ID');
  const [owner, name] = fullName?.split('/') ?? [];
  const repositoryUrl = server && fullName && `${server}/${fullName}`;
  return {
    repository: owner && name ? { owner, name } : undefined,
    repositoryUrl,
    runUrl: repositoryUrl && runId && `${repositoryUrl}/actions/runs/${runId}`,
    commit: read('GITHUB_SHA'),
    eventName: read('GITHUB_EVENT_NAME'),
    eventPath: read('GITHUB_EVENT_PATH'),
    actor: read('GITHUB_ACTOR'),
    serverUrl: server,
    apiUrl: read('GITHUB_API_URL') ?? 'https://api.github.com',
    graphqlUrl: read('GITHUB_GRAPHQL_URL'),
  };
}

import { helmReleases, mappings, owners } from './config-only.ts';
import { option } from './option.ts';
import { duration, flag, integer, oneOf } from './types.ts';
import * as value from './values.ts';

const DELIVERY = 'Pull requests';
const JVM = 'JVM metrics';
const FOLLOW_UP = 'Follow-up';
const GATE = 'Gate';

/** The options about what is proposed and followed on GitHub, and about the gate. */
export const deliveryOptions = {
  'open-pull-requests': option(DELIVERY, 'Open pull requests for suggestions.', flag().default(true), { github: true }),
  manifests: option(
    DELIVERY,
    'The files to search for manifests, charts and values. `.git`, `.github` and dependency folders are always left out.',
    value.pathGlobs.prefault(['**/*.yaml', '**/*.yml', '**/*.json']),
  ),
  'pull-request-grouping': option(
    DELIVERY,
    'Which changes share a pull request.',
    oneOf('workload', 'namespace', 'all').default('workload'),
    { github: true },
  ),
  'pull-request-limit': option(
    DELIVERY,
    'How many pull requests may be open at once; the most urgent come first.',
    integer('a whole number from 1 to 100', 1, 100).default(5),
    { github: true },
  ),
  'pull-request-branch-prefix': option(
    DELIVERY,
    'The prefix of pull request branch names.',
    value.branch.prefault('memory-inspector'),
    { github: true },
  ),
  labels: option(DELIVERY, 'Labels for the pull requests.', value.labels.prefault([]), { github: true }),
  reviewers: option(DELIVERY, 'Users to request a review from.', value.logins.prefault([]), { github: true }),
  'team-reviewers': option(
    DELIVERY,
    'Teams to request a review from; needs the token of a GitHub App that may read members.',
    value.teams.prefault([]),
    { github: true },
  ),
  assignees: option(DELIVERY, 'Users to assign the pull requests to.', value.logins.prefault([]), { github: true }),
  owners: option(
    DELIVERY,
    'More labels, reviewers and assignees for the pull requests that change some containers.',
    owners.prefault([]),
    { place: 'file' },
  ),
  draft: option(DELIVERY, 'Open the pull requests as drafts.', flag().default(false), { github: true }),
  'helm-unproved': option(
    DELIVERY,
    'Also change values of remote charts that cannot be rendered; such changes are marked "not proved".',
    flag().default(false),
  ),
  mappings: option(DELIVERY, 'Where to edit if the place is not found automatically.', mappings.prefault([]), {
    place: 'file',
  }),
  'helm-releases': option(
    DELIVERY,
    'The chart and values files of a Helm release, if they are not found automatically.',
    helmReleases.prefault([]),
    { place: 'file' },
  ),
  'dry-run': option(
    DELIVERY,
    'Write nothing to GitHub: the job summary shows each change as a diff.',
    flag().default(false),
    { github: true },
  ),

  'confirm-after': option(
    FOLLOW_UP,
    'How long a merged change is followed after its rollout before it counts as confirmed.',
    duration('1d', '31d', 'd').prefault('7d'),
    { github: true },
  ),
  revert: option(
    FOLLOW_UP,
    'Whether a merged change that made it worse gets a pull request that takes it back, or is only reported.',
    oneOf('propose', 'report').default('propose'),
    { github: true },
  ),

  'jvm-workloads': option(
    JVM,
    'Workloads that are JVMs although nothing shows it, as `namespace/name`, with the globs `*` and `?`.',
    value.workloadNames.prefault([]),
  ),
  'propose-service-monitors': option(
    JVM,
    'Open a pull request of its own for a missing ServiceMonitor of a JVM, or for one with a wrong port, path or label.',
    flag().default(false),
  ),

  'gate-window': option(
    GATE,
    'How far back the gate looks for the peak that a new limit must leave room for.',
    duration('1d', '90d', 'd').prefault('14d'),
    { github: true },
  ),
  'gate-on-missing-data': option(
    GATE,
    'Whether the gate passes or fails if neither the cluster nor a report tells what a changed container uses.',
    oneOf('pass', 'fail').default('pass'),
    { github: true },
  ),
  comment: option(
    GATE,
    'When the gate comments on the pull request: `auto` if there is something to do, `always` if memory changes at all.',
    oneOf('auto', 'always', 'never').default('auto'),
    { github: true },
  ),
};

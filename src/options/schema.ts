import { z } from 'zod';
import type { Thresholds } from '../model/finding.ts';
import { helmReleases, ignore, mappings, overrides, thresholdTypes } from './config-only.ts';
import type { CamelCase } from './names.ts';
import { duration, flag, integer, line, oneOf } from './types.ts';
import * as value from './values.ts';

/** What the documents and the reader know of an option beside its type. */
export interface OptionNotes {
  readonly group: string;
  readonly description: string;
  /** What it accepts, in words. */
  readonly accepts: string;
  /** Masked in the log; never shown in an error. */
  readonly secret: boolean;
  /** `input` and `file` options exist only there. */
  readonly place: 'both' | 'input' | 'file';
}

type Given = Partial<Pick<OptionNotes, 'secret' | 'place'>>;

function option<Type extends z.ZodType>(group: string, description: string, type: Type, given: Given = {}): Type {
  const accepts = String(innermost(type).meta()?.accepts ?? '');
  const notes: OptionNotes = { group, description, accepts, secret: false, place: 'both', ...given };
  return type.meta({ ...notes });
}

/** The type below `optional` and defaults. */
export function innermost(type: z.core.$ZodType): z.ZodType {
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodPrefault) {
    return innermost(type.unwrap());
  }
  return type as z.ZodType;
}

const WHAT = 'What to inspect';
const PROMETHEUS = 'How to reach Prometheus';
const CHECKS = 'Checks';
const SUGGESTIONS = 'Suggestions';
const REPORT = 'Report';
const DELIVERY = 'Pull requests';
const END = 'End of the run';
const CASES = 'Recordings';

/** Every option: its name, type, default and documentation. Whatever else lists options is generated from here. */
export const optionsSchema = z.strictObject({
  namespaces: option(
    WHAT,
    'The namespaces to inspect; without it all are. That, and globs, need rights on the whole cluster (`docs/rbac-cluster.yaml`).',
    value.namespaces.prefault([]),
  ),
  'exclude-namespaces': option(WHAT, 'Namespaces to leave out.', value.namespaces.prefault([])),
  selector: option(
    WHAT,
    'Only workloads with these labels (their own, not only those of their pods), written as for `kubectl get deployments -l`.',
    line('a label selector such as `team=shop,tier!=test`').optional(),
  ),
  context: option(
    WHAT,
    "The kubeconfig's context. Without it the current one.",
    line('the name of a context').optional(),
  ),
  'kubectl-oidc': option(
    WHAT,
    "Lets the kubeconfig's credential plugins log in with the workflow's OIDC token (the job needs `id-token: write`). They get no other token and no input.",
    flag().default(false),
    { place: 'input' },
  ),
  'cluster-name': option(
    WHAT,
    'Tells clusters that share a repository apart: a folder below `report-directory`, and part of branch names and titles.',
    value.clusterName.optional(),
  ),
  at: option(WHAT, 'Look at the cluster as it was at this time. Without it now.', value.time.optional()),
  config: option(
    WHAT,
    'The config file. Its default path may be missing, one that is given may not.',
    line('a path in the repository').prefault('.github/memory-inspector.yml'),
    { place: 'input' },
  ),

  'prometheus-url': option(
    PROMETHEUS,
    "Prometheus' address (or that of Thanos, Mimir, VictoriaMetrics), as seen from the runner or inside the cluster. Without it the service is looked for by its labels.",
    value.url.optional(),
  ),
  'prometheus-access': option(
    PROMETHEUS,
    "From the runner, through the API server's service proxy, or by a command in an inspected pod. `auto` takes the first that answers.",
    oneOf('auto', 'direct', 'service-proxy', 'exec').default('auto'),
  ),
  'prometheus-token': option(
    PROMETHEUS,
    'A bearer token for Prometheus. It is sent only to a `prometheus-url` that is an input too.',
    value.token.optional(),
    { secret: true, place: 'input' },
  ),
  'prometheus-headers': option(
    PROMETHEUS,
    'HTTP headers for Prometheus, such as `X-Scope-OrgID: shop`. Their values are masked; those of an input are sent only to a `prometheus-url` that is an input too.',
    value.headers.prefault([]),
    { secret: true },
  ),
  'prometheus-matchers': option(
    PROMETHEUS,
    'Added to every selector, to tell one cluster of several in one Prometheus.',
    value.matchers.prefault([]),
  ),
  'cluster-label': option(
    PROMETHEUS,
    'The label that names the cluster. More than one value of it on the inspected series stops the run.',
    value.labelName.prefault('cluster'),
  ),
  'query-pod': option(
    PROMETHEUS,
    'The pod through which `exec` asks. Without it one with `wget` or `curl` is chosen. Required with a token or headers, because the pod sees them.',
    value.queryPod.optional(),
  ),

  window: option(CHECKS, 'How far back usage and trend look.', duration('6h', '31d', 'h').prefault('24h')),
  'slow-window': option(CHECKS, 'How far back slow leaks are looked for.', duration('4d', '31d', 'd').prefault('7d')),
  'usage-yellow': option(
    CHECKS,
    'Usage of the limit (and live heap of the maximum heap) above which a container is yellow.',
    thresholdTypes['usage-yellow'].default(70),
  ),
  'usage-red': option(
    CHECKS,
    'Usage (and live heap) above which a container is red.',
    thresholdTypes['usage-red'].default(85),
  ),
  'growth-yellow': option(
    CHECKS,
    'Growth, last quarter of the window over the first, above which a rise is yellow.',
    thresholdTypes['growth-yellow'].default(10),
  ),
  'growth-red': option(CHECKS, 'Growth above which a steady rise is red.', thresholdTypes['growth-red'].default(20)),
  'trend-rule': option(
    CHECKS,
    '`steady` asks for a steady rise that no earlier day explains; `quarters` goes by growth alone.',
    thresholdTypes['trend-rule'].default('steady'),
  ),
  'over-provisioned-below': option(
    CHECKS,
    'Usage of the limit below which a container is over-provisioned.',
    thresholdTypes['over-provisioned-below'].default(30),
  ),
  'over-provisioned-above': option(
    CHECKS,
    'Limits up to this size are never over-provisioned.',
    thresholdTypes['over-provisioned-above'].prefault('2Gi'),
  ),
  overrides: option(CHECKS, 'Other thresholds for some containers.', overrides.prefault([]), { place: 'file' }),
  ignore: option(CHECKS, 'Containers that are shown as ignored and do not count.', ignore.prefault([]), {
    place: 'file',
  }),

  'limit-factor': option(
    SUGGESTIONS,
    'A raised limit is at least what was used times this.',
    thresholdTypes['limit-factor'].default(1.3),
  ),
  'request-factor': option(
    SUGGESTIONS,
    'A raised request is the highest half-hour average times this.',
    thresholdTypes['request-factor'].default(0.8),
  ),
  'sizing-window': option(
    SUGGESTIONS,
    'How far back the peak is looked for that a suggestion respects.',
    duration('1d', '90d', 'd').prefault('14d'),
  ),
  tighten: option(
    SUGGESTIONS,
    'Whether a lower limit, or one that was missing, is only reported or proposed as a change as well.',
    oneOf('report', 'pull-request').default('report'),
  ),

  'report-directory': option(REPORT, 'Where reports are written.', value.folder.prefault('reports/memory')),
  'report-name': option(REPORT, "The reports' file names.", value.reportName.prefault('{date}')),
  'time-zone': option(REPORT, "The time zone of the report's dates and times.", value.timeZone.prefault('UTC')),
  'commit-report': option(REPORT, 'Commit the report.', flag().default(true)),
  'report-branch': option(
    REPORT,
    'The branch that reports are committed to, created when missing. Without it the default branch.',
    value.branch.optional(),
  ),
  retention: option(
    REPORT,
    'Reports older than this are removed with the next commit. Without it none are.',
    duration('1d', '3650d', 'd').optional(),
  ),

  'open-pull-requests': option(DELIVERY, 'Open pull requests for suggestions.', flag().default(true)),
  manifests: option(
    DELIVERY,
    'The files in which manifests are looked for. `.git`, `.github` and folders of dependencies are left out.',
    value.pathGlobs.prefault(['**/*.yaml', '**/*.yml', '**/*.json']),
  ),
  'pull-request-grouping': option(
    DELIVERY,
    'What shares a pull request.',
    oneOf('workload', 'namespace', 'all').default('workload'),
  ),
  'pull-request-limit': option(
    DELIVERY,
    'How many pull requests may be open at a time; the most urgent come first.',
    integer('a whole number from 1 to 100', 1, 100).default(5),
  ),
  'pull-request-branch-prefix': option(
    DELIVERY,
    'The beginning of the branch names of pull requests.',
    value.branch.prefault('memory-inspector'),
  ),
  labels: option(DELIVERY, 'Labels for the pull requests.', value.labels.prefault([])),
  reviewers: option(DELIVERY, 'Who is asked to review the pull requests.', value.logins.prefault([])),
  'team-reviewers': option(
    DELIVERY,
    "Teams that are asked to review them; needs an App's token with the right to read members.",
    value.teams.prefault([]),
  ),
  assignees: option(DELIVERY, 'Whom the pull requests are assigned to.', value.logins.prefault([])),
  draft: option(DELIVERY, 'Open the pull requests as drafts.', flag().default(false)),
  'helm-unproved': option(
    DELIVERY,
    'Also change values of remote charts that cannot be rendered, marked as not proved.',
    flag().default(false),
  ),
  mappings: option(DELIVERY, 'Where to edit what is not found otherwise.', mappings.prefault([]), { place: 'file' }),
  'helm-releases': option(
    DELIVERY,
    'Which chart and values files a Helm release is made from, where that is not found otherwise.',
    helmReleases.prefault([]),
    { place: 'file' },
  ),
  'dry-run': option(
    DELIVERY,
    'Write nothing to GitHub: the job summary shows each change as a diff.',
    flag().default(false),
  ),

  'fail-on': option(END, 'What fails the job.', oneOf('red', 'yellow', 'never').default('red')),
  'allow-incomplete': option(END, 'Do not fail the job when something could not be read.', flag().default(false)),

  record: option(
    CASES,
    'Write all that was observed to this file, compressed if it ends in `.gz`.',
    value.writtenFile.optional(),
  ),
  recording: option(CASES, 'Inspect this recording instead of a cluster.', value.readFile.optional()),

  'github-token': option(
    'GitHub',
    'Writes to the repository. Needs `contents: write` and `pull-requests: write`.',
    value.token.optional(),
    { secret: true, place: 'input' },
  ),
});

export type OptionName = keyof typeof optionsSchema.shape;

/** What `optionsSchema` gives: values by the options' own names. */
export type OptionValues = z.infer<typeof optionsSchema>;

/**
 * The options of a run under camel-case names. Lengths of time are seconds, sizes bytes, percentages percent. The
 * thresholds are gathered in one object.
 */
export type Options = Readonly<
  { [Name in OptionName as Exclude<CamelCase<Name>, keyof Thresholds>]: OptionValues[Name] } & {
    thresholds: Thresholds;
  }
>;

/** Every option's name, in the documents' order. */
export const optionNames = Object.keys(optionsSchema.shape) as readonly OptionName[];

/** What the documents say of an option. */
export function notesOf(name: OptionName): OptionNotes {
  return optionsSchema.shape[name].meta() as unknown as OptionNotes;
}

import { z } from 'zod';
import type { Thresholds } from '../model/finding.ts';
import { ignore, overrides, thresholdTypes } from './config-only.ts';
import { deliveryOptions } from './delivery-options.ts';
import type { CamelCase } from './names.ts';
import { type OptionNotes, option } from './option.ts';
import { duration, flag, line, oneOf } from './types.ts';
import * as value from './values.ts';

const WHAT = 'What to inspect';
const PROMETHEUS = 'How to reach Prometheus';
const CHECKS = 'Checks';
const SUGGESTIONS = 'Suggestions';
const REPORT = 'Report';
const END = 'End of the run';
const CASES = 'Recordings';

/** Every option: its name, type, default and documentation. Whatever else lists options is generated from here. */
export const optionsSchema = z.strictObject({
  mode: option(
    WHAT,
    '`inspect` inspects the cluster, `gate` judges what a change does to memory; `auto` is the gate on `pull_request` and `merge_group`.',
    oneOf('auto', 'inspect', 'gate').default('auto'),
    { place: 'input', github: true },
  ),
  namespaces: option(
    WHAT,
    'The namespaces to inspect. Default: all. All namespaces, and globs, need cluster-wide rights (`docs/rbac-cluster.yaml`).',
    value.namespaces.prefault([]),
  ),
  'exclude-namespaces': option(WHAT, 'Namespaces to leave out.', value.namespaces.prefault([])),
  selector: option(
    WHAT,
    "Only workloads with these labels (the workload's own, not just its pods'), in the syntax of `kubectl get deployments -l`.",
    line('a label selector such as `team=shop,tier!=test`').optional(),
  ),
  context: option(
    WHAT,
    'The kubeconfig context to use. Default: the current one.',
    line('the name of a context').optional(),
  ),
  'kubectl-oidc': option(
    WHAT,
    "Lets the kubeconfig's credential plugins log in with the workflow's OIDC token (the job needs `id-token: write`). They get no other token and no input.",
    flag().default(false),
    { place: 'input', github: true },
  ),
  'cluster-name': option(
    WHAT,
    'Tells apart clusters that share a repository: a folder below `report-directory`, and part of branch names and titles.',
    value.clusterName.optional(),
  ),
  at: option(
    WHAT,
    'Look at memory as it was at this time; workloads and pods are read as they are. Default: now.',
    value.time.optional(),
  ),
  config: option(
    WHAT,
    'The config file. The default one may be missing; one that you name must exist.',
    line('a path in the repository').prefault('.github/memory-inspector.yml'),
    { place: 'input' },
  ),

  'prometheus-url': option(
    PROMETHEUS,
    'The URL of Prometheus (or Thanos, Mimir, VictoriaMetrics), as seen from the runner or inside the cluster. Default: the service is found by its labels.',
    value.url.optional(),
  ),
  'prometheus-access': option(
    PROMETHEUS,
    "How to reach it: from the runner, through the API server's service proxy, or by running a command in an inspected pod. `auto` uses the first that answers.",
    oneOf('auto', 'direct', 'service-proxy', 'exec').default('auto'),
  ),
  'prometheus-token': option(
    PROMETHEUS,
    'A bearer token for Prometheus. Sent only to a `prometheus-url` that is also an input.',
    value.token.optional(),
    { secret: true, place: 'input' },
  ),
  'prometheus-headers': option(
    PROMETHEUS,
    'HTTP headers for Prometheus, such as `X-Scope-OrgID: shop`. Their values are masked; headers from an input are sent only to a `prometheus-url` that is also an input.',
    value.headers.prefault([]),
    { secret: true },
  ),
  'prometheus-matchers': option(
    PROMETHEUS,
    'Label matchers added to every query, to pick one cluster out of several in one Prometheus.',
    value.matchers.prefault([]),
  ),
  'cluster-label': option(
    PROMETHEUS,
    'The label that names the cluster. If the inspected series have more than one value for it, the run stops.',
    value.labelName.prefault('cluster'),
  ),
  'query-pod': option(
    PROMETHEUS,
    'The pod in which `exec` runs its queries. Default: an inspected pod with `wget` or `curl`. Required with a token or headers, because the pod sees them.',
    value.queryPod.optional(),
  ),

  window: option(CHECKS, 'How far back usage and trend look.', duration('6h', '31d', 'h').prefault('24h')),
  'slow-window': option(CHECKS, 'How far back to look for slow leaks.', duration('4d', '31d', 'd').prefault('7d')),
  'usage-yellow': option(
    CHECKS,
    'A container is yellow above this share of its limit (for a JVM, also of live heap in its maximum heap).',
    thresholdTypes['usage-yellow'].default(70),
  ),
  'usage-red': option(
    CHECKS,
    'A container is red above this share of its limit (for a JVM, also of live heap in its maximum heap).',
    thresholdTypes['usage-red'].default(85),
  ),
  'flat-near-limit': option(
    CHECKS,
    'The level of a container over `usage-red` that has been flat there for at least seven days without being OOM-killed, as databases and JVMs are by design.',
    thresholdTypes['flat-near-limit'].default('yellow'),
  ),
  'growth-yellow': option(
    CHECKS,
    'A rise is yellow above this growth: the last quarter of the window compared with the first.',
    thresholdTypes['growth-yellow'].default(10),
  ),
  'growth-red': option(CHECKS, 'A steady rise is red above this growth.', thresholdTypes['growth-red'].default(20)),
  'trend-rule': option(
    CHECKS,
    '`steady` asks for a steady rise that no earlier day explains; `quarters` goes by growth alone.',
    thresholdTypes['trend-rule'].default('steady'),
  ),
  'over-provisioned-below': option(
    CHECKS,
    'A container is over-provisioned if it uses less of its limit than this.',
    thresholdTypes['over-provisioned-below'].default(30),
  ),
  'over-provisioned-above': option(
    CHECKS,
    'Limits up to this size are never over-provisioned.',
    thresholdTypes['over-provisioned-above'].prefault('2Gi'),
  ),
  overrides: option(CHECKS, 'Different thresholds for some containers.', overrides.prefault([]), { place: 'file' }),
  ignore: option(CHECKS, 'Containers that are shown as ignored and do not count.', ignore.prefault([]), {
    place: 'file',
  }),

  'limit-factor': option(
    SUGGESTIONS,
    'A raised limit is at least the memory used times this factor.',
    thresholdTypes['limit-factor'].default(1.3),
  ),
  'request-factor': option(
    SUGGESTIONS,
    'A raised request is the highest half-hour average times this factor.',
    thresholdTypes['request-factor'].default(0.8),
  ),
  'sizing-window': option(
    SUGGESTIONS,
    'How far back to look for the peak that a suggestion must leave room for.',
    duration('1d', '90d', 'd').prefault('14d'),
  ),
  tighten: option(
    SUGGESTIONS,
    'Whether lower limits, and limits where none is set, are only reported or also proposed in pull requests.',
    oneOf('report', 'pull-request').default('report'),
  ),

  'price-per-gib-month': option(
    SUGGESTIONS,
    'What a GiB of requested memory costs a month: suggestions and the summary then say what they add or free.',
    value.price.optional(),
  ),

  'report-directory': option(REPORT, 'Where reports are written.', value.folder.prefault('reports/memory'), {
    github: true,
  }),
  'report-name': option(REPORT, 'The file name of a report.', value.reportName.prefault('{date}'), { github: true }),
  'time-zone': option(REPORT, "The time zone of the report's dates and times.", value.timeZone.prefault('UTC')),
  'commit-report': option(REPORT, 'Commit the report.', flag().default(true), { github: true }),
  'report-branch': option(
    REPORT,
    'The branch to commit reports to; created if missing. Default: the default branch.',
    value.branch.optional(),
    { github: true },
  ),
  page: option(
    REPORT,
    'Commit a page to look at too: one HTML file beside the index, always of the latest run. `artifact-path` holds it in any case.',
    flag().default(false),
    { github: true },
  ),
  sarif: option(
    REPORT,
    "Also write what is yellow or red to this file, as SARIF, for GitHub's code scanning.",
    value.writtenFile.optional(),
  ),
  junit: option(REPORT, 'Also write a test case a container to this file, as JUnit XML.', value.writtenFile.optional()),
  retention: option(
    REPORT,
    'Remove reports older than this with the next commit, but for the one that the new report is compared with. Default: keep all.',
    duration('1d', '3650d', 'd').optional(),
    { github: true },
  ),

  ...deliveryOptions,

  'fail-on': option(END, 'The level at which the job fails.', oneOf('red', 'yellow', 'never').default('red')),
  'allow-incomplete': option(END, 'Let the job pass even if something could not be read.', flag().default(false)),

  record: option(
    CASES,
    'Write everything that was observed to this file; compressed if it ends in `.gz`.',
    value.writtenFile.optional(),
  ),
  recording: option(CASES, 'Inspect this recording instead of a cluster.', value.readFile.optional()),

  'github-token': option(
    'GitHub',
    'The token that writes to the repository. Needs `contents: write` and `pull-requests: write`.',
    value.token.optional(),
    { secret: true, place: 'input', github: true },
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

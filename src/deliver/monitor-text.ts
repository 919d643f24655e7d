import type { ScrapeFix } from '../model/jvm-metrics.ts';
import type { BrokenMetrics } from '../model/monitor-location.ts';
import { workloadKey } from '../model/workload.ts';
import { capitalize, count } from '../text/format.ts';
import { code, escapeHtml, escapeMarkdown, fence, link, toSingleLine } from '../text/markdown.ts';
import { toMarkdown, toPlain } from '../text/phrase.ts';
import { type FileChange, unifiedDiff } from '../text/unified-diff.ts';
import { sayJvmMetrics } from '../words/jvm-metrics.ts';
import { sayFix } from '../words/monitor-change.ts';
import { sayPlace } from '../words/reaches.ts';
import type { PullRequestInput } from './delivery-input.ts';
import type { MonitorProposal, ProposedMonitor } from './monitor-changes.ts';

const LONGEST_TITLE = 240;

/** One line of plain text, of which GitHub makes no mention and no link. */
export function writeMonitorTitle({ changes, namespace }: MonitorProposal, clusterName: string | undefined): string {
  const mends = changes.flatMap(({ location }) => location.mends);
  const workloads = [...new Map(mends.map(({ workload }) => [workloadKey(workload), workload])).values()];
  const [first] = workloads;
  const whose =
    workloads.length === 1 && first !== undefined
      ? `${first.namespace}/${first.name}`
      : `${count(workloads.length, 'workload')} in ${namespace}`;
  const prefix = clusterName ? `${clusterName}: ` : '';
  const title = `${prefix}Scrape the JVM metrics of ${whose}`;
  return toSingleLine(title, LONGEST_TITLE).replace(/([@#])(?=\w)/g, '$1\u200b');
}

/** The message of the commit, without its seal. */
export function writeMonitorMessage(
  proposal: MonitorProposal,
  title: string,
  report: PullRequestInput['report'],
): string {
  const lines = proposal.changes.map(({ location: { fix } }) => `- ${toPlain(sayFix(fix))}`);
  const source = report === undefined ? [] : [`From the memory report of ${report.date}.`];
  return [title, '', ...lines, ...source].join('\n').replace(/\[(?=[a-z ]+\])/gi, '(');
}

interface Detail {
  readonly diffs: boolean;
  readonly most: number;
}

const DETAILS: readonly Detail[] = [
  { diffs: true, most: Number.POSITIVE_INFINITY },
  { diffs: false, most: Number.POSITIVE_INFINITY },
  { diffs: false, most: 40 },
  { diffs: false, most: 5 },
];

/** What is said of a proposal in at most so many letters: what is too long loses diffs, then rows; undefined where not even the least fits. */
export function fitMonitorText(
  proposal: MonitorProposal,
  files: readonly FileChange[],
  report: PullRequestInput['report'],
  longest: number,
): string | undefined {
  for (const detail of DETAILS) {
    const text = writeParts(proposal, files, report, detail).join('\n\n');
    if (text.length <= longest) return text;
  }
  return undefined;
}

function writeParts(
  { changes }: MonitorProposal,
  files: readonly FileChange[],
  report: PullRequestInput['report'],
  { diffs, most }: Detail,
): string[] {
  const shown = changes.slice(0, most);
  const left = changes.length - shown.length;
  const more = left === 0 ? [] : [`… and ${left} more: the diff has them all.`];
  return [
    shown.flatMap(introduce).join('\n'),
    shown.map(({ location: { fix } }) => `- ${sentence(toMarkdown(sayFix(fix)))}`).join('\n'),
    ...more,
    ...shown.flatMap(writeReaches),
    writePoints(shown),
    ...(diffs ? [writeDiff(files)] : []),
    ...(report === undefined
      ? []
      : [`<sub>${escapeHtml('Report of')} ${link(escapeMarkdown(report.date), report.url)}</sub>`]),
  ];
}

/** More of one Service or monitor say the same. */
const MOST_MENDED = 10;

function introduce({ location: { mends } }: ProposedMonitor): string[] {
  const lines = mends.slice(0, MOST_MENDED).map((one) => {
    // What is broken has no age.
    const why = sentence(toMarkdown(sayJvmMetrics(one, 0)));
    return `The JVM metrics of ${nameOf(one)} do not arrive. ${why}`;
  });
  const left = mends.length - lines.length;
  return left === 0 ? lines : [...lines, `The same holds for ${left} more.`];
}

function nameOf({ workload, container }: BrokenMetrics): string {
  const whole = code(`${workload.namespace}/${workload.name}`);
  return container === workload.name ? whole : `${code(container)} in ${whole}`;
}

function writeReaches({ location: { path, reaches = [] } }: ProposedMonitor): string[] {
  if (reaches.length < 2) return [];
  const places = reaches.slice(0, MOST_MENDED).map((place) => `- ${toMarkdown(sayPlace(place))}`);
  const left = reaches.length - places.length;
  const head = `**${code(path)} is applied in ${count(reaches.length, 'place')}**, and merging changes all of them:`;
  return [[head, '', ...places, ...(left === 0 ? [] : [`- and ${left} more`])].join('\n')];
}

function writePoints(changes: readonly ProposedMonitor[]): string {
  const points = changes.map(({ location: { fix, proof, path } }) => {
    const who = changes.length > 1 ? `${code(monitorName(fix))}: ` : '';
    const how = proof.how.startsWith(`${path} `)
      ? `${code(path)} ${escapeMarkdown(proof.how.slice(path.length))}`
      : escapeMarkdown(proof.how);
    return `- ${who}**Proof:** ${how}`;
  });
  return [
    ...points,
    '- **Merging restarts nothing.** Prometheus has the metrics one to three minutes after the change is applied; the next report says so.',
    '- **To decline**, close this pull request; it is proposed again only if something else would mend it. To keep it as it is, push a commit of your own to its branch, or label it `memory-inspector/snooze-30d` to have it left alone for 30 days.',
    '- **To undo** it after merging, revert the merge.',
  ].join('\n');
}

function monitorName(fix: ScrapeFix): string {
  return fix.kind === 'add monitor' ? fix.name : fix.monitor.name;
}

function sentence(text: string): string {
  return capitalize(text).replace(/[^.!?]$/, '$&.');
}

function writeDiff(files: readonly FileChange[]): string {
  const blocks = files.map((file) => fence('diff', unifiedDiff(file)));
  return `<details><summary>The whole change</summary>\n\n${blocks.join('\n\n')}\n\n</details>`;
}

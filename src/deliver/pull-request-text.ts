import { formatBytes } from '../bytes.ts';
import { isProblem } from '../model/level.ts';
import type { ReachedPlace } from '../model/location.ts';
import type { Price } from '../model/price.ts';
import type { ProposedValue, Suggestion } from '../model/suggestion.ts';
import { drawChart } from '../text/chart.ts';
import { capitalize, count, formatSetting } from '../text/format.ts';
import { code, escapeHtml, escapeMarkdown, escapeTableCell, fence, link, toSingleLine } from '../text/markdown.ts';
import { type Phrase, toMarkdown } from '../text/phrase.ts';
import { type FileChange, unifiedDiff } from '../text/unified-diff.ts';
import { sayCostOf, sayCostSum, sumCosts } from '../words/cost.ts';
import { sayPlace } from '../words/reaches.ts';
import { whichPod } from '../words/scene.ts';
import { sayBacktest, sayEffect, sayValues } from '../words/suggestion.ts';
import { sayTakenBack } from '../words/take-back.ts';
import { clauseOf } from '../words/words.ts';
import type { Found, ProposedChange, PullRequestInput } from './delivery-input.ts';
import { explainRollout } from './explain-rollout.ts';
import { writeHeap } from './heap-text.ts';
import type { Proposal } from './proposal.ts';

const LONGEST_TITLE = 240;

/** One line of plain text; GitHub makes no links of anything in it but mentions and issue numbers, which names cannot hold. */
export function writeTitle(proposal: Proposal, clusterName: string | undefined): string {
  const isRevert = proposal.changes.every(({ location }) => location.suggestion.reverts !== undefined);
  const verb = isRevert ? 'Revert' : proposal.direction === 'raise' ? 'Raise' : 'Lower';
  const prefix = !clusterName ? '' : `${clusterName}: `;
  const [first] = proposal.changes;
  const text =
    proposal.changes.length === 1 && first !== undefined
      ? `${verb} memory of ${nameOf(first.location.suggestion)}: ${sayValues(first.location.suggestion)}`
      : `${verb} memory of ${describeGroup(proposal)}`;
  return toSingleLine(prefix + text, LONGEST_TITLE).replace(/([@#])(?=\w)/g, '$1\u200b');
}

/** Whether a title is of the form of those above; what earlier versions wrote is told apart from people's words by that alone. */
export function isTitle(title: string): boolean {
  return /^(?:[^:]{1,240}: )?(?:Raise|Lower|Revert) memory of /.test(title);
}

function describeGroup({ changes }: Proposal): string {
  const workloads = new Set(changes.map(({ location: { suggestion } }) => pathOf(suggestion)));
  const namespaces = new Set(changes.map(({ location }) => location.suggestion.workload.namespace));
  const [workload, namespace] = [[...workloads][0] ?? '', [...namespaces][0] ?? ''];
  if (workloads.size === 1) return `${workload} (${count(changes.length, 'container')})`;
  const where = namespaces.size === 1 ? namespace : count(namespaces.size, 'namespace');
  return `${count(workloads.size, 'workload')} in ${where}`;
}

function pathOf({ workload }: Suggestion): string {
  return `${workload.namespace}/${workload.name}`;
}

function nameOf(suggestion: Suggestion): string {
  const { container, workload } = suggestion;
  return container === workload.name ? pathOf(suggestion) : `${pathOf(suggestion)} (${container})`;
}

interface Detail {
  readonly charts: boolean;
  readonly diffs: boolean;
  readonly most: number;
  /** Where each file is applied. */
  readonly places: number;
}

/** From all there is to say down to what always fits. */
const DETAILS: readonly Detail[] = [
  { charts: true, diffs: true, most: Number.POSITIVE_INFINITY, places: 10 },
  { charts: false, diffs: true, most: Number.POSITIVE_INFINITY, places: 10 },
  { charts: false, diffs: false, most: Number.POSITIVE_INFINITY, places: 10 },
  { charts: false, diffs: false, most: 40, places: 10 },
  { charts: false, diffs: false, most: 5, places: 3 },
];

/** What is said of a proposal in at most so many letters: what is too long loses charts, then diffs, then rows; undefined where not even the least fits. */
export function fitText(
  proposal: Proposal,
  files: readonly FileChange[],
  input: Pick<PullRequestInput, 'report' | 'price'>,
  longest: number,
): string | undefined {
  for (const detail of DETAILS) {
    const text = writeParts(proposal, files, input, detail).join('\n\n');
    if (text.length <= longest) return text;
  }
  return undefined;
}

function writeParts(
  proposal: Proposal,
  files: readonly FileChange[],
  { report, price }: Pick<PullRequestInput, 'report' | 'price'>,
  detail: Detail,
): string[] {
  const shown = proposal.changes.slice(0, detail.most);
  const left = proposal.changes.length - shown.length;
  const charts = detail.charts ? shown.flatMap((change) => writeChart(change) ?? []) : [];
  const diff = detail.diffs ? [writeDiff(files)] : [];
  return [
    shown.map(introduce).join('\n'),
    writeTable(shown) + (left > 0 ? `\n\n… and ${left} more: the report and the diff list them all.` : ''),
    ...writeReaches(shown, detail.places),
    ...charts,
    ...(detail.diffs ? shown.flatMap((change) => writeHeapOf(change) ?? []) : []),
    ...writeCostOfAll(proposal.changes, price),
    writePoints(shown, price),
    ...diff,
    ...(report === undefined
      ? []
      : [`<sub>${escapeHtml('Report of')} ${link(escapeMarkdown(report.date), report.url)}</sub>`]),
  ];
}

function introduce({ location, evidence }: ProposedChange): string {
  const { suggestion } = location;
  const { container, workload } = suggestion;
  const where = container === workload.name ? workload.namespace : pathOf(suggestion);
  const who = `${code(container)} in ${code(where)}`;
  const { reverts } = suggestion;
  if (reverts !== undefined) {
    const which = reverts.number === undefined ? '' : ` (${link(`#${reverts.number}`, reverts.url)})`;
    return `${who} ${escapeMarkdown(sayTakenBack(reverts, suggestion))}${which}`;
  }
  const clause = evidence?.found === undefined ? undefined : leadOf(suggestion, evidence.found);
  return clause === undefined ? `${who} does not have the memory it needs.` : `${who} ${toMarkdown(clause)}.`;
}

/** What was found that the change answers: usage for a raise, else what is wrong with request or limit. */
function leadOf({ direction }: Suggestion, { worst, pods, scene }: Found): Phrase | undefined {
  const { usage, sizing } = worst;
  if (usage !== undefined && direction === 'raise' && isProblem(usage.finding.level)) {
    return clauseOf('usage', usage.finding, { ...scene, pod: whichPod(usage.pod, pods) });
  }
  return sizing && clauseOf('sizing', sizing.finding, { ...scene, pod: whichPod(sizing.pod, pods) });
}

function writeTable(changes: readonly ProposedChange[]): string {
  const rows = changes.flatMap(({ location: { suggestion } }) => {
    const row = (name: string, value: ProposedValue | undefined) =>
      value === undefined
        ? []
        : [
            `| ${code(nameOf(suggestion))} | ${name} | ${formatSetting(value.from)} | **${formatBytes(value.to)}** | ${escapeTableCell(value.why)} |`,
          ];
    return [...row('limit', suggestion.limit), ...row('request', suggestion.request)];
  });
  return ['| container | | now | proposed | why |', '|---|---|--:|--:|---|', ...rows].join('\n');
}

/** Of each file that is applied in several places, all of them: merging changes each. */
function writeReaches(changes: readonly ProposedChange[], most: number): string[] {
  const byPath = new Map<string, readonly ReachedPlace[]>();
  for (const { path, reaches = [] } of changes.map(({ location }) => location)) {
    if (reaches.length > (byPath.get(path)?.length ?? 1)) byPath.set(path, reaches);
  }
  return [...byPath].map(([path, reaches]) => {
    const places = reaches.slice(0, most).map((place) => `- ${toMarkdown(sayPlace(place))}`);
    const left = reaches.length - places.length;
    const more = left === 0 ? [] : [`- and ${left} more`];
    const head = `**${code(path)} is applied in ${count(reaches.length, 'place')}**, and merging changes all of them:`;
    return [head, '', ...places, ...more].join('\n');
  });
}

function writeChart({ location: { suggestion }, evidence }: ProposedChange): string | undefined {
  if (evidence?.course === undefined) return undefined;
  const from = suggestion.limit?.from;
  return drawChart({
    ...evidence.course,
    title: nameOf(suggestion),
    ...(from?.state === 'set' ? { limit: from.bytes } : {}),
    ...(suggestion.limit === undefined ? {} : { proposedLimit: suggestion.limit.to }),
  });
}

function writeHeapOf({ location: { suggestion } }: ProposedChange): string | undefined {
  return suggestion.heap && writeHeap(nameOf(suggestion), suggestion.heap);
}

/** How the new values would have done, what they take or free, and what that costs. */
function sayTrials({ backtest, effect, reserves }: Suggestion, price: Price | undefined): string[] {
  const effects = [effect && sayEffect(effect), sayCostOf(reserves, price)].filter((part) => part !== undefined);
  return [
    ...(backtest === undefined ? [] : [`**Tried backwards:** ${sentence(sayBacktest(backtest))}`]),
    ...(effects.length === 0 ? [] : [`**Effect:** ${effects.map(sentence).join(' ')}`]),
  ];
}

/** What several changes cost and free together. */
function writeCostOfAll(changes: readonly ProposedChange[], price: Price | undefined): string[] {
  if (price === undefined || changes.length < 2) return [];
  const sum = sumCosts(changes.map(({ location }) => location.suggestion.reserves));
  const said = sayCostSum(sum, price, { adds: 'cost', frees: 'free', counted: 'change' });
  return said === undefined ? [] : [`Together these changes ${said}.`];
}

function writePoints(changes: readonly ProposedChange[], price: Price | undefined): string {
  const several = changes.length > 1;
  const points = changes.flatMap((change) => {
    const { suggestion, proof, path } = change.location;
    const who = several ? `${code(nameOf(suggestion))}: ` : '';
    return [
      `- ${who}**${proof.kind === 'not proved' ? 'Not proved' : 'Proof'}:** ${sayProof(proof.how, path)}`,
      `- ${who}${explainRollout(change)}`,
      `- ${who}**Confidence:** ${suggestion.confidence.level}. ${escapeMarkdown(sentence(suggestion.confidence.why))}`,
      ...sayTrials(suggestion, price).map((text) => `- ${who}${text}`),
      ...suggestion.notes.map((note) => `- ${who}${escapeMarkdown(note)}`),
    ];
  });
  return [
    ...points,
    '- **To decline**, close this pull request; it is proposed again only if things get worse. To keep it as it is, push a commit of your own to its branch, or label it `memory-inspector/snooze-30d` to have it left alone for 30 days.',
    '- **To undo** it after merging, revert the merge; the old values are above.',
  ].join('\n');
}

/** How it was proved, with the file that is named first as code; a folder that is named first stays as it is spelt. */
function sayProof(how: string, path: string): string {
  return how.startsWith(`${path} `) ? `${code(path)} ${escapeMarkdown(how.slice(path.length))}` : escapeMarkdown(how);
}

function sentence(text: string): string {
  return capitalize(text).replace(/[^.!?]$/, '$&.');
}

function writeDiff(files: readonly FileChange[]): string {
  const blocks = files.map((file) => fence('diff', unifiedDiff(file)));
  return `<details><summary>The whole change</summary>\n\n${blocks.join('\n\n')}\n\n</details>`;
}

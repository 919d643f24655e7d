import { KIB } from '../bytes.ts';
import { CHECKS, type CheckName, type Findings } from '../model/finding.ts';
import type { Level } from '../model/level.ts';
import { exactCost, type Price } from '../model/price.ts';
import type { Setting } from '../model/workload.ts';
import { describeChange } from '../report/change.ts';
import { type ContainerView, highestPod, type PodContainerView, peakSeen, usedNow } from '../report/container-view.ts';
import type { Context } from '../report/context.ts';
import { measured } from '../report/describe-use.ts';
import { listProblems, sayFinding } from '../report/explain.ts';
import { describeOwners } from '../report/owners.ts';
import { listResizes } from '../report/resizes.ts';
import { capitalize, compareText, endSentence, formatAhead } from '../text/format.ts';
import { toSingleLine } from '../text/markdown.ts';
import { toMarkdown } from '../text/phrase.ts';
import { sayValues } from '../words/suggestion.ts';
import { cellOf } from '../words/words.ts';
import { readInline } from './inline.ts';
import type { CheckCell, LevelLetter, PodCell, RowData, Sentence, Size } from './page-data.ts';

const LETTERS: Readonly<Record<Level, LevelLetter>> = { green: 'g', yellow: 'y', red: 'r', unknown: 'u' };
/** Of one container; more only make the marks of a chart one line. */
const MOST_KILLS = 50;
const LONGEST_SNIPPET = 4000;
/** As Kubernetes bounds them; what is longer was not made by it. */
const LONGEST_NAME = 300;

export function letterOf(level: Level): LevelLetter {
  return LETTERS[level];
}

/** A name from the cluster on one line, bounded. */
export function nameOf(text: string): string {
  return toSingleLine(text, LONGEST_NAME);
}

/** The pods of a container, the one that a table row speaks of first. */
export function orderPods(view: ContainerView): readonly PodContainerView[] {
  const highest = highestPod(view);
  const used = (pod: PodContainerView) => usedNow(pod) ?? -1;
  return [...view.pods].sort(
    (a, b) => Number(b === highest) - Number(a === highest) || used(b) - used(a) || compareText(a.pod.name, b.pod.name),
  );
}

/** The row of a container, without its pods' courses. `pods` as `orderPods` gives them. */
export function describeRow(view: ContainerView, context: Context, pods: readonly PodContainerView[]): RowData {
  const { ref, container, facts, reachesLimitAt } = view;
  const [highest] = pods;
  const observation = highest?.container.observation;
  const { suggestion, withheld } = container;
  const until = reachesLimitAt === undefined ? undefined : Math.round(reachesLimitAt - context.input.inspection.at);
  return {
    level: letterOf(view.level),
    namespace: nameOf(ref.namespace),
    kind: nameOf(ref.kind),
    name: nameOf(ref.name),
    container: nameOf(container.name),
    podCount: pods.length,
    used: measured(highest && usedNow(highest)),
    limit: sizeOf(observation?.limit),
    request: sizeOf(observation?.request),
    percent: rounded(highest?.facts.usage?.percent),
    peak: measured(highest && peakSeen(highest)),
    growth: rounded(facts.trend?.growth),
    ...(until === undefined ? {} : { reached: [until, formatAhead(until)] as const }),
    checks: CHECKS.map((check) => checkCell(check, view.findings)),
    suggestion: suggestion !== undefined ? sayValues(suggestion) : withheld !== undefined ? 'not proposed' : undefined,
    cost: costOf(view, context.input.price),
    proposedLimit: suggestion?.limit?.to,
    ...describeDetails(view, context),
    pods: pods.map(describePod),
  };
}

/** What the report says of a container that is not green, or of which something is proposed. */
function describeDetails(view: ContainerView, context: Context): Partial<RowData> {
  const unknown = CHECKS.filter((check) => view.findings[check]?.level === 'unknown');
  const checked = [...listProblems(view), ...unknown].map((check) => toMarkdown(sayFinding(view, check, context)));
  const found = [...checked.map((text) => `it ${text}`), ...listResizes(view, checked.length > 0)].map(asSentence);
  const told = [...describeChange(view, context), ...describeOwners(view, context)].map(asSentence);
  const location = context.locations.get(view.key);
  const snippet = location?.state === 'not located' ? cleanSnippet(location.snippet) : '';
  return {
    ...listed('found', found),
    ...listed('todo', view.ignored === undefined ? told : [...told, ignoredBecause(view.ignored.reason)]),
    ...(snippet === '' ? {} : { snippet }),
    ...(view.ignored === undefined ? {} : { ignored: true as const }),
    ...listed('kills', listKills(view, context.input.inspection.at)),
  };
}

function listed<Name extends string, Item>(
  name: Name,
  items: readonly Item[],
): { readonly [key in Name]?: readonly Item[] } {
  return items.length === 0 ? {} : ({ [name]: items } as { readonly [key in Name]?: readonly Item[] });
}

function ignoredBecause(reason: string): Sentence {
  return ['Ignored: ', toSingleLine(reason)];
}

function asSentence(markdown: string): Sentence {
  return readInline(endSentence(capitalize(markdown)));
}

/** YAML with its lines, but without what would steer how it is shown. */
function cleanSnippet(text: string): string {
  const lines = text.slice(0, LONGEST_SNIPPET).split(/\r\n?|\n/);
  return lines
    .map((line) => line.replace(/\t/g, '  ').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd'))
    .join('\n');
}

function checkCell(check: CheckName, findings: Findings): CheckCell {
  const finding = findings[check];
  return finding === undefined ? null : [letterOf(finding.level), nameOf(cellOf(check, finding))];
}

function describePod(view: PodContainerView): PodCell {
  const { pod, container, level, facts } = view;
  return [
    nameOf(pod.name),
    letterOf(level),
    inKi(usedNow(view)),
    inKi(peakSeen(view)),
    rounded(facts.usage?.percent) ?? null,
    rounded(facts.trend?.growth) ?? null,
    container.observation.restartsInWindow,
  ];
}

function listKills({ pods }: ContainerView, at: number): number[] {
  const times = pods.flatMap(({ container }) => container.observation.oomKills.flatMap((kill) => kill.at ?? []));
  return [...new Set(times.map((time) => Math.round(at - time)))]
    .filter((ago) => ago >= 0)
    .sort((a, b) => a - b)
    .slice(0, MOST_KILLS);
}

/** What its suggestion costs a month more, or, where negative, less. */
function costOf({ container }: ContainerView, price: Price | undefined): number | undefined {
  return price && exactCost(container.suggestion?.reserves, price);
}

function sizeOf(setting: Setting | undefined): Size | undefined {
  if (setting?.state === 'set') return setting.bytes;
  return setting?.state === 'absent' ? 'none' : undefined;
}

function inKi(bytes: number | undefined): number | null {
  return bytes === undefined ? null : Math.round(bytes / KIB);
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(1));
}

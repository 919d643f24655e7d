import { formatBytes } from '../bytes.ts';
import type { PullRequestResult } from '../model/delivery.ts';
import type { Location } from '../model/location.ts';
import type { HeapSplit, ProposedValue, Suggestion } from '../model/suggestion.ts';
import { capitalize, count, formatSetting, uncapitalize } from '../text/format.ts';
import { code, encodePath, escapeMarkdown, fence, link } from '../text/markdown.ts';
import { toMarkdown } from '../text/phrase.ts';
import { sayFlag, sayGrowth, sayParts } from '../words/heap-split.ts';
import { sayOthers } from '../words/reaches.ts';
import { sayTrial, sayValues } from '../words/suggestion.ts';
import type { ContainerView } from './container-view.ts';
import type { Context } from './context.ts';
import { sayCostOfChange } from './costs.ts';
import type { ReportInput } from './input.ts';

/** The suggestion of a container with its pull request, where it goes, and how sure it is: Markdown lines. */
export function describeChange(view: ContainerView, context: Context): string[] {
  const { suggestion, withheld } = view.container;
  const held =
    withheld === undefined
      ? []
      : [`Not proposed: ${uncapitalize(escapeMarkdown(withheld.why))}`, ...describeHeap(withheld.heap)];
  if (suggestion === undefined) return held;
  const delivery = context.deliveries.get(view.key);
  const location = context.locations.get(view.key);
  const parts = [
    describeValues(suggestion),
    describeWay(delivery, location, context.input),
    suggestion.delivery.kind === 'report'
      ? `no pull request: ${uncapitalize(escapeMarkdown(suggestion.delivery.why))}`
      : undefined,
    `${suggestion.confidence.level} confidence (${escapeMarkdown(suggestion.confidence.why)})`,
  ];
  const trial = [...sayTrial(suggestion), sayCostOfChange(view, context)].filter((part) => part !== undefined);
  return [
    capitalize(parts.filter((part) => part !== undefined).join(' · ')),
    ...(trial.length === 0 ? [] : [capitalize(trial.join(' · '))]),
    ...suggestion.notes.map(escapeMarkdown),
    ...describeHeap(suggestion.heap),
    ...held,
  ];
}

/** Where the memory of a JVM is, what of it grows, and which flag to change: Markdown lines. */
export function describeHeap(heap: HeapSplit | undefined): string[] {
  if (heap === undefined) return [];
  const parts = sayParts(heap);
  return [
    ...(parts === undefined ? [] : [escapeMarkdown(parts)]),
    ...(heap.grows === undefined ? [] : [escapeMarkdown(sayGrowth(heap.grows))]),
    ...(heap.betterFlag === undefined ? [] : [toMarkdown(sayFlag(heap.betterFlag))]),
  ];
}

/** The suggestion of a container with its pull request or file, for a cell of a table: Markdown. */
export function nameChange(view: ContainerView, context: Context): string {
  const { suggestion, withheld } = view.container;
  if (suggestion === undefined) return withheld === undefined ? '–' : 'not proposed';
  const way = describeWay(context.deliveries.get(view.key), context.locations.get(view.key), context.input);
  const parts = [sayValues(suggestion), sayCostOfChange(view, context), way];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** The snippet to copy where the manifest was not found, as an indented fold; empty otherwise. */
export function describeSnippet(view: ContainerView, context: Context, indent: string): string[] {
  const location = context.locations.get(view.key);
  if (location?.state !== 'not located' || location.snippet === '') return [];
  return [
    '',
    `${indent}<details><summary>What to change by hand</summary>`,
    '',
    fence('yaml', location.snippet, indent),
    '',
    `${indent}</details>`,
  ];
}

function describeValues(suggestion: Suggestion): string {
  const field = (name: string, value: ProposedValue | undefined) =>
    value === undefined
      ? []
      : [`${name} ${formatSetting(value.from)} → **${formatBytes(value.to)}** (${escapeMarkdown(value.why)})`];
  return [...field('limit', suggestion.limit), ...field('request', suggestion.request)].join(', ');
}

/** Whether a pull request is there to be merged, whatever this run did to it. */
export function isOpen({ state }: PullRequestResult): boolean {
  return state === 'opened' || state === 'updated' || state === 'unchanged';
}

/** What became of the pull request: Markdown. */
export function describeDelivery(delivery: PullRequestResult): string {
  const name =
    delivery.number === undefined ? link('pull request', delivery.url) : `pull request ${linkNumber(delivery)}`;
  const why = delivery.why === undefined ? '' : `: ${escapeMarkdown(delivery.why)}`;
  switch (delivery.state) {
    case 'opened':
    case 'updated':
      return `${name}${why}`;
    case 'unchanged':
      return delivery.why === undefined ? name : `${name}, left as it is${why}`;
    case 'closed':
      return `${name} closed${why}`;
    case 'declined':
      return `declined in ${name}${why || ': it is proposed again only if things get worse'}`;
    case 'edited by a person':
      return `${name}, edited by a person and left alone${why}`;
    case 'over the limit':
      return `no pull request yet${why || ': `pull-request-limit` is reached'}`;
    case 'failed':
      return `**the pull request failed**${why}`;
    case 'dry run':
      return `dry run, nothing opened${why}`;
  }
}

function linkNumber(delivery: PullRequestResult): string {
  return link(`#${delivery.number ?? ''}`, delivery.url);
}

/** The pull request and the file that the change goes to, or what to do without them. */
function describeWay(
  delivery: PullRequestResult | undefined,
  location: Location | undefined,
  input: ReportInput,
): string | undefined {
  const request = delivery === undefined ? undefined : describeDelivery(delivery);
  if (location === undefined) return request;
  if (location.state === 'not located') {
    const looked = location.lookedAt.slice(0, 5).map(code);
    const where = looked.length === 0 ? '' : ` (looked at ${looked.join(', ')})`;
    const byHand = `**change it by hand**: ${escapeMarkdown(location.why)}${where}`;
    return request === undefined ? byHand : `${request} · ${byHand}`;
  }
  const url = input.repositoryUrl === undefined ? undefined : `${input.repositoryUrl}${encodePath(location.path)}`;
  const file = link(code(location.path), url);
  const others = sayOthers(location);
  const reach = others === undefined ? '' : `, ${toMarkdown(others)}`;
  const caveats = `${location.proof.kind === 'not proved' ? ', **not proved**' : ''}${reach}`;
  const place = `in ${file}, line ${location.line}${caveats}`;
  if (request === undefined) return place;
  if (delivery !== undefined && (!isOpen(delivery) || delivery.why !== undefined)) return `${request} · ${place}`;
  const lines = location.edits.reduce((total, edit) => total + Math.max(1, edit.replacement.split('\n').length - 1), 0);
  const added = location.newFiles.map((added) => code(added.path)).join(', ');
  return lines === 0
    ? `${request} adds ${added}${caveats}`
    : `${request} changes ${count(lines, 'line')} of ${file}${caveats}`;
}

import type { JvmMetrics, ScrapeFix } from '../model/jvm-metrics.ts';
import { metricsKey } from '../model/monitor-location.ts';
import { workloadContainerKey } from '../model/workload.ts';
import { capitalize, compareText, count, endSentence, groupBy } from '../text/format.ts';
import { code, fence } from '../text/markdown.ts';
import { toMarkdown, toPlain } from '../text/phrase.ts';
import { sayJvmMetrics, sayRemedy, sayUnseen, sumUpJvmMetrics } from '../words/jvm-metrics.ts';
import { isOpen } from './change.ts';
import type { Context } from './context.ts';
import { snippetOfFix } from './monitor-snippet.ts';
import { describeMonitorWay, findMonitor } from './monitor-way.ts';
import type { ReportJson } from './report-json.ts';

/** Of one kind, before the others are only counted. */
const SHOWN = 50;
const ORDER = ['broken', 'unknown', 'young', 'another way', 'covered'] as const;
const ICONS: Readonly<Record<JvmMetrics['state'], string>> = {
  broken: '🔌',
  unknown: '⚪',
  young: '⏳',
  'another way': '↪️',
  covered: '✅',
};

/** Whether the metrics of the JVMs arrive, at most `most` rows of a kind; empty when there is no JVM. `rest` is where the others are. */
export function writeJvmMetrics(context: Context, most: number, rest: string): string {
  const all = sorted(context.input.jvmMetrics ?? []);
  if (all.length === 0) return '';
  const groups = groupBy(all, ({ state }) => state);
  const shown = Math.min(most, SHOWN);
  const parts = ORDER.flatMap((state) => {
    const own = groups.get(state) ?? [];
    if (own.length === 0) return [];
    const left = own.length - shown;
    const more =
      left > 0
        ? [`- *${count(left, 'more like these', 'more like these')}: ${rest || 'in the JSON beside this page'}.*`]
        : [];
    if (state === 'covered') return [`- ${ICONS[state]} ${nameCovered(own, context)}`];
    return [...own.slice(0, shown).map((one) => writeItem(one, context)), ...more];
  });
  const sum = `${sumUpJvmMetrics(all)}.`;
  const isWell = !groups.has('broken') && !groups.has('unknown');
  if (!isWell) return ['## JVM metrics', sum, parts.join('\n')].join('\n\n');
  return ['## JVM metrics', `<details><summary>${sum}</summary>`, parts.join('\n'), '</details>'].join('\n\n');
}

/** What Data quality says of them; `undefined` where no JVM was looked at. */
export function sumUpJvms({ input }: Context): string | undefined {
  const all = input.jvmMetrics ?? [];
  if (all.length === 0) return undefined;
  const isWhole = all.every(({ state }) => state === 'covered');
  return `${sumUpJvmMetrics(all)}${isWhole ? '' : '; see "JVM metrics" for the others'}`;
}

function sorted(all: readonly JvmMetrics[]): JvmMetrics[] {
  return all.toSorted((a, b) => compareText(keyOf(a), keyOf(b)));
}

function keyOf({ workload, container }: JvmMetrics): string {
  return workloadContainerKey(workload, container);
}

function writeItem(one: JvmMetrics, context: Context): string {
  const why = endSentence(capitalize(toMarkdown(sayJvmMetrics(one, context.input.inspection.at))));
  const remedy = one.state === 'broken' ? sayRemedy(one) : undefined;
  const unseen = one.alsoUnseen ?? [];
  const sentences = [
    why,
    ...(remedy === undefined ? [] : [endSentence(toMarkdown(remedy))]),
    ...(unseen.length === 0 ? [] : [`Beside that, ${endSentence(toMarkdown(sayUnseen(unseen)))}`]),
  ];
  const item = `- ${ICONS[one.state]} ${nameJvm(one, context)}: ${sentences.join(' ')}`;
  if (one.state !== 'broken' || one.fix === undefined) return item;
  const way = describeMonitorWay(one, context);
  const told = way === undefined ? item : `${item} ${endSentence(capitalize(way))}`;
  const snippet = snippetOf(one, one.fix, context);
  return snippet === '' ? told : [told, '', fence('yaml', snippet, '  '), ''].join('\n');
}

/** What to copy, where no pull request makes the change. */
function snippetOf(one: JvmMetrics, fix: ScrapeFix, { input, deliveries }: Context): string {
  const delivery = deliveries.get(metricsKey(one));
  if (delivery && isOpen(delivery)) return '';
  if (input.monitors === undefined) return snippetOfFix(fix);
  const location = findMonitor(one, input);
  return location?.state === 'not located' ? location.snippet : '';
}

/** As the container is named elsewhere in the report. */
function nameJvm(one: JvmMetrics, { views }: Context): string {
  const view = views.find(({ key }) => key === keyOf(one));
  const { namespace, name } = one.workload;
  return code(view?.label ?? `${namespace}/${name} · ${one.container}`);
}

function nameCovered(covered: readonly JvmMetrics[], context: Context): string {
  const names = covered.slice(0, SHOWN).map((one) => nameJvm(one, context));
  const more = covered.length > SHOWN ? ` and ${covered.length - SHOWN} more` : '';
  return `They arrive from ${names.join(', ')}${more}.`;
}

/** In the JSON, which has an end: what arrives is left out first. */
const MOST_IN_JSON = 1000;

type JvmMetricsJson = NonNullable<ReportJson['jvmMetrics']>[number];

/** The JVMs as the JSON of a report holds them, sorted by name; `at` is the time of the report. */
export function describeJvmMetrics(all: readonly JvmMetrics[], at: number): JvmMetricsJson[] {
  const kept = all.length > MOST_IN_JSON ? all.filter(({ state }) => state !== 'covered') : all;
  return sorted(kept)
    .slice(0, MOST_IN_JSON)
    .map((one) => {
      const { namespace, group, kind, name } = one.workload;
      return {
        namespace,
        ...(group === '' ? {} : { group }),
        kind,
        name,
        container: one.container,
        state: one.state,
        recognised: one.recognised,
        ...(one.state === 'broken' && { link: one.link.kind }),
        ...(one.state !== 'covered' && { text: toPlain(sayJvmMetrics(one, at)) }),
        ...(one.state === 'broken' && one.fix && { fix: one.fix.kind }),
      };
    });
}

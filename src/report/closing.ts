import { formatBytes } from '../bytes.ts';
import { capitalize, count, endSentence, formatPercent, joinSome } from '../text/format.ts';
import { code, escapeMarkdown } from '../text/markdown.ts';
import type { Context } from './context.ts';
import { REASONS } from './header.ts';
import { sumUpJvms } from './jvm-metrics.ts';
import { listNotes } from './notes.ts';

const NOTES = 50;

/** The five containers that use most, by bytes and by share of their limit; empty when nothing was measured. */
export function writeTopFive(context: Context): string {
  const measured = context.views.flatMap((view) => {
    const pods = view.pods.flatMap(({ facts }) => (facts.usage?.used === undefined ? [] : [facts.usage]));
    const used = Math.max(...pods.map((facts) => facts.used ?? 0));
    const percent = Math.max(...pods.map((facts) => facts.percent ?? -1));
    return pods.length === 0 ? [] : [{ name: code(view.label), used, percent }];
  });
  if (measured.length === 0) return '';
  const bySize = [...measured].sort((a, b) => b.used - a.used);
  const limited = measured.filter(({ percent }) => percent >= 0).sort((a, b) => b.percent - a.percent);
  const lines = [
    `- By bytes: ${bySize
      .slice(0, 5)
      .map(({ name, used }) => `${name} ${formatBytes(used)}`)
      .join(' · ')}`,
    ...(limited.length === 0
      ? []
      : [
          `- By share of the limit: ${limited
            .slice(0, 5)
            .map(({ name, percent }) => `${name} ${formatPercent(percent)}`)
            .join(' · ')}`,
        ]),
  ];
  return ['## Top 5', '', ...lines].join('\n');
}

/** What is missing or must be known about the data, and the JVM metrics. */
export function writeDataQuality(context: Context): string {
  const { inspection, previousIgnored } = context.input;
  const { availability } = inspection;
  const notes = listNotes(inspection);
  const missing = notes.filter((note) => note.kind === 'incomplete');
  const told = [...missing.slice(REASONS), ...notes.filter((note) => note.kind === 'info')];
  const lines = told.slice(0, NOTES).map((note) => {
    const namespaces = note.namespaces ?? [];
    const where = namespaces.length === 0 ? '' : ` (${joinSome(namespaces.map(code), 10)})`;
    return `${note.kind === 'incomplete' ? '**Missing:** ' : ''}${escapeMarkdown(note.text)}${where}`;
  });
  if (missing.length > 0) lines.unshift('What is missing is listed at the top.');
  if (told.length > NOTES) lines.push(`${told.length - NOTES} more notes like these.`);
  if (!availability.cadvisor) lines.push('**Missing:** no memory series from cAdvisor: usage and trend are unknown.');
  if (!availability.exporter) {
    lines.push('No series from kube-state-metrics: limits, requests and restarts come from the API server.');
  }
  if (previousIgnored !== undefined) {
    lines.push(`An earlier report was skipped: ${escapeMarkdown(previousIgnored)}. Nothing is compared with it.`);
  }
  const partial = context.views.filter((view) => view.pods.some((pod) => pod.container.observation.partial));
  if (partial.length > 0) {
    lines.push(
      `No suggestion for ${count(partial.length, 'container')} with possibly partial data: ` +
        `${joinSome(
          partial.map((view) => code(view.label)),
          10,
        )}.`,
    );
  }
  if (lines.length === 0) lines.push('Every query was answered.');
  lines.push(describeJvm(context));
  return ['## Data quality', '', ...lines.map((line) => `- ${endSentence(line)}`)].join('\n');
}

function describeJvm(context: Context): string {
  const summed = sumUpJvms(context);
  if (summed !== undefined) return summed;
  const { jvm } = context.input.inspection.availability;
  if (jvm.state === 'unavailable') return `JVM metrics: not available. ${capitalize(escapeMarkdown(jvm.why))}`;
  const number = context.views.filter((view) => view.facts.heap !== undefined).length;
  return `JVM metrics: available for ${count(number, 'container')}.`;
}

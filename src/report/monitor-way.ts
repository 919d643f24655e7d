import type { JvmMetrics } from '../model/jvm-metrics.ts';
import { type MonitorLocation, metricsKey } from '../model/monitor-location.ts';
import { code, encodePath, escapeMarkdown, link } from '../text/markdown.ts';
import { describeDelivery } from './change.ts';
import type { Context } from './context.ts';
import type { ReportInput } from './input.ts';

/** So many files that were looked at are named. */
const MOST_LOOKED_AT = 5;

/** Where what mends a JVM's metrics belongs, as far as the run looked for it. */
export function findMonitor(
  one: Pick<JvmMetrics, 'workload' | 'container'>,
  { monitors = [] }: Pick<ReportInput, 'monitors'>,
): MonitorLocation | undefined {
  const key = metricsKey(one);
  return monitors.find(({ mends }) => mends.some((mended) => metricsKey(mended) === key));
}

/**
 * The pull request that mends the way of a JVM's metrics, the file that it changes, or why it is left to the reader: Markdown.
 * `undefined` where the run proposes none.
 */
export function describeMonitorWay(
  one: Pick<JvmMetrics, 'workload' | 'container'>,
  { input, deliveries }: Pick<Context, 'input' | 'deliveries'>,
): string | undefined {
  const key = metricsKey(one);
  const delivery = deliveries.get(key);
  const request = delivery === undefined ? [] : [describeDelivery(delivery)];
  const location = findMonitor(one, input);
  if (location === undefined) return request[0];
  if (location.state === 'not located') {
    const looked = location.lookedAt.slice(0, MOST_LOOKED_AT).map(code);
    const where = looked.length === 0 ? '' : ` (looked at ${looked.join(', ')})`;
    const todo = location.isThere ? '' : '**change it by hand**: ';
    return [...request, `${todo}${escapeMarkdown(location.why)}${where}`].join(' · ');
  }
  const { path, line, newFiles } = location;
  const isNew = newFiles.some((added) => added.path === path);
  const url = input.repositoryUrl === undefined || isNew ? undefined : `${input.repositoryUrl}${encodePath(path)}`;
  const place = isNew ? `adds ${code(path)}` : `in ${link(code(path), url)}, line ${line}`;
  return [...request, place].join(' · ');
}

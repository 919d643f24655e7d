import type { Log } from '../log.ts';
import type { ContainerHistory } from '../model/measurement.ts';
import type { QualityNote } from '../model/workload.ts';
import { createAsker } from './ask-in-parts.ts';
import type { PrometheusClient } from './client.ts';
import { createDrafts, takeSeries } from './drafts.ts';
import type { MeasureScope } from './measure.ts';
import { checkMatchers } from './promql.ts';
import { DAY, dailyPeaksQuery } from './queries.ts';

export interface PeakTarget {
  readonly namespace: string;
  readonly container: string;
}

/**
 * The daily raw peaks over the sizing window of the targets' containers, over all pods there were. One query, for only
 * the namespaces and containers of the targets.
 */
export async function measurePeaks(
  client: PrometheusClient,
  scope: MeasureScope & { readonly targets: readonly PeakTarget[] },
  log: Log,
): Promise<{ histories: ContainerHistory[]; notes: QualityNote[] }> {
  const { at, targets } = scope;
  if (targets.length === 0) return { histories: [], notes: [] };
  const namespaces = [...new Set(targets.map(({ namespace }) => namespace))].sort();
  const containers = [...new Set(targets.map(({ container }) => container))].sort();
  const wanted = new Set(targets.map(({ namespace, container }) => `${namespace}/${container}`));
  const asker = createAsker(client, { at, namespaces, matchers: checkMatchers(scope.matchers) }, log);
  const drafts = createDrafts(namespaces);
  const days = Math.max(1, Math.floor(scope.windows.sizingWindow / DAY));
  const rows = await asker.range('the daily peaks', { start: at - (days - 1) * DAY, end: at, step: DAY }, (selection) =>
    dailyPeaksQuery(selection, containers),
  );
  takeSeries(rows, drafts, () => 'averages');
  const histories = [...drafts.all()]
    .filter(({ namespace, container }) => wanted.has(`${namespace}/${container}`))
    .map(({ namespace, pod, container, averages }) => ({ namespace, pod, container, dailyPeaks: averages }));
  return { histories, notes: asker.notes.list().map((note) => ({ ...note, only: 'sizes' })) };
}

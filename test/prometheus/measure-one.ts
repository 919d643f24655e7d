import { type MeasureScope, measure } from '../../src/prometheus/measure.ts';
import { createCannedClient } from './canned-client.ts';
import { createFakeLog } from './fake-log.ts';

export const AT = 1_700_006_400;
export const DAY = 86_400;
export const scope: MeasureScope = {
  at: AT,
  windows: { window: DAY, slowWindow: 7 * DAY, sizingWindow: 14 * DAY },
  namespaces: ['a', 'b'],
  clusterLabel: 'cluster',
};
type Tables = Parameters<typeof createCannedClient>[0];

export const oneSeries = [{ labels: { namespace: 'a' }, value: 1 }];

/** What is measured where Prometheus answers with these tables. */
export async function measureOne(tables: Tables) {
  const client = createCannedClient({ scope: oneSeries, ...tables });
  const measured = await measure(client, scope, createFakeLog());
  return { ...measured, client, first: measured.measurements[0] };
}

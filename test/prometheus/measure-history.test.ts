import { expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { PrometheusClient } from '../../src/prometheus/client.ts';
import { measureHistory } from '../../src/prometheus/measure-history.ts';
import { AT, WINDOWS } from '../checks/fixtures.ts';
import { createCannedClient } from './canned-client.ts';
import { createFakeLog } from './fake-log.ts';

it('ends the other queries about the days before where one is refused', async () => {
  let underWay = 0;
  const client: PrometheusClient = {
    ...createCannedClient({}),
    range: async (query, _steps, _keep, signal) => {
      if (query.includes('resource_limits')) throw new UserError('refused');
      underWay++;
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      underWay--;
      throw signal?.reason;
    },
  };
  const targets = [{ namespace: 'shop', container: 'app', runs: true }];
  const asked = measureHistory(client, { at: AT, windows: WINDOWS, targets }, createFakeLog());
  await expect(asked).rejects.toThrow('refused');
  expect(underWay).toBe(0);
});

import { expect, test } from 'vitest';
import { runOn, seen, startRepository } from './run-on-github.ts';

test('a run closes what it looked at, and nothing that another run did', async () => {
  const github = await startRepository();
  const selected = (selector?: string) => ({ inspected: { namespaces: ['shop'], except: [], selector } });
  expect(await runOn(github, seen('shop', 1900))).toMatchObject([{ state: 'opened', number: 1 }]);
  expect(await runOn(github, seen('bank', 1000))).toEqual([]);
  expect(await runOn(github, seen('shop', 1000, selected('team=b')))).toEqual([]);
  expect(await runOn(github, seen('shop', 1000), { selector: 'team=b' })).toEqual([]);
  expect(await runOn(github, seen('shop', 1000, selected()), { selector: 'team=b' })).toMatchObject([
    { state: 'unchanged', number: 1, why: expect.stringMatching(/^nothing is needed since .* closed on/) },
  ]);
});

test('a namespace in which nothing runs any more was looked at by a run over the whole cluster', async () => {
  const github = await startRepository();
  await runOn(github, seen('shop', 1900));
  const whole = { inspected: { namespaces: ['*'], except: ['kube-*'] } };
  expect(await runOn(github, seen('bank', 1000, whole))).toMatchObject([{ state: 'closed', number: 1 }]);
});

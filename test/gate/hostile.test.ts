import { describe, expect, test } from 'vitest';
import { type Hiding, hidden, unknown } from './cases/hostile.ts';
import { LIVE } from './cases/limits.ts';
import { deployment } from './manifests.ts';
import { openPullRequest, type Seen } from './pull-request.ts';
import { tell } from './tell.ts';

async function play({ base = { 'deploy/cart.yaml': deployment() }, head, inputs }: Hiding): Promise<Seen> {
  const pull = await openPullRequest({ base, head });
  try {
    return await pull.run({ cluster: LIVE, inputs });
  } finally {
    await pull.close();
  }
}

describe('a limit that is too low is seen behind', () => {
  test.each(Object.entries(hidden))('%s', async (_, one) => {
    const seen = await play(one);
    expect(seen.outputs, tell(seen)).toMatchObject({ outcome: 'findings', 'gate-verdict': 'red' });
    expect(seen.sentence).toBeDefined();
  });
});

describe('what may be too low is not green behind', () => {
  test.each(Object.entries(unknown))('%s', async (_, one) => {
    const seen = await play(one);
    expect(seen.outputs, tell(seen)).toMatchObject({ 'gate-verdict': 'unknown' });
  });
});

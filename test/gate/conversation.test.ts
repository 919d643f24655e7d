import { describe, expect, test } from 'vitest';
import { goldenIn } from '../golden.ts';
import { LIVE } from './cases/limits.ts';
import { observed } from './live.ts';
import { deployment } from './manifests.ts';
import { openPullRequest } from './pull-request.ts';
import { tell } from './tell.ts';

const golden = goldenIn(import.meta.url);

const CART = 'deploy/cart.yaml';
const base = { [CART]: deployment() };
const bad = { [CART]: deployment({ limit: '1200Mi' }) };

describe('the comment over the pushes to a pull request', () => {
  test('is kept, changed in place, and taken back to one line when there is nothing left', async () => {
    const pull = await openPullRequest({ base, head: bad });
    const first = await pull.run({ cluster: LIVE });
    const again = await pull.run({ cluster: LIVE });
    expect(first.comments, tell(first)).toHaveLength(1);
    expect(again.comments).toEqual(first.comments);
    pull.push({ [CART]: deployment({ limit: '1700Mi' }) });
    const better = await pull.run({ cluster: LIVE });
    expect(better.comments).toHaveLength(1);
    expect(better.comments).not.toEqual(first.comments);
    pull.push({ [CART]: deployment() });
    const back = await pull.run({ cluster: LIVE });
    await pull.close();
    expect(back.outputs).toMatchObject({ outcome: 'ok', 'gate-verdict': 'green' });
    expect(back.comments).toHaveLength(1);
    golden('taken-back.md', tell(back));
  });

  test('is not written for what was changed and changed back', async () => {
    const pull = await openPullRequest({ base, head: bad });
    pull.push({ [CART]: deployment() });
    const seen = await pull.run({ cluster: LIVE });
    await pull.close();
    expect(seen.outputs, tell(seen)).toMatchObject({ outcome: 'ok', 'gate-verdict': 'green' });
    expect(seen.comments).toEqual([]);
  });
});

describe("the action's own pull request", () => {
  test('comes out green', async () => {
    const red = observed([{ name: 'cart', uses: (hours) => 1950 + (hours % 2), peak: 1990 }]);
    const pull = await openPullRequest({ base, head: { 'README.md': 'Shop\n' } });
    await pull.run({ cluster: red, inputs: { mode: 'inspect' } });
    const own = pull.github.pulls.find(({ user }) => user === 'github-actions[bot]');
    expect(own?.title).toMatch(/^Raise memory of shop\/cart/);
    const proposed = await pull.github.readText(own?.head ?? '', CART);
    await pull.close();
    const judged = await openPullRequest({ base, head: { [CART]: proposed ?? '' } });
    const seen = await judged.run({ cluster: red });
    await judged.close();
    expect(seen.outputs, tell(seen)).toMatchObject({ outcome: 'ok', 'gate-verdict': 'green' });
    golden('own-pull-request.md', tell(seen));
  });
});

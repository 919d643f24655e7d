import { expect, test } from 'vitest';
import { DAY, HOUR } from './observe.ts';
import { begin, type Operations, START } from './operations.ts';

const INPUTS = { tighten: 'pull-request' };

/** What people see: pull requests and the words on them, without times of the runs. */
function describeEnd({ pulls, commentsOf }: Operations, operations: Operations) {
  return pulls.map(({ number, state, title }) => ({
    number,
    state,
    title,
    comments: commentsOf.call(operations, number),
  }));
}

async function lowered(): Promise<Operations> {
  const operations = await begin({ limit: 4096, request: 512 }, () => 500);
  await operations.run(START, INPUTS);
  await operations.merge(1, START + HOUR);
  return operations;
}

/** Each a moment of the loop at which a run has something to tell: what was done until then, and when it runs. */
const MOMENTS: readonly (readonly [name: string, at: number, set: () => Promise<Operations>])[] = [
  [
    'the first look',
    START + DAY,
    async () => {
      const operations = await lowered();
      await operations.apply(START + 2 * HOUR, () => 510);
      return operations;
    },
  ],
  [
    'an OOM kill after lowering',
    START + DAY,
    async () => {
      const operations = await lowered();
      await operations.apply(START + 2 * HOUR, () => 520, [START + 20 * HOUR]);
      return operations;
    },
  ],
  [
    'the confirmation',
    START + 8 * DAY,
    async () => {
      const operations = await lowered();
      await operations.apply(START + 2 * HOUR, () => 510);
      await operations.run(START + DAY, INPUTS);
      return operations;
    },
  ],
  ['a merge that nothing applies', START + 2 * DAY, lowered],
];

test.each(MOMENTS)(
  '%s: killed at any request and run again, the end is the same',
  { timeout: 600_000 },
  async (_, at, set) => {
    const operations = await set();
    const whole = await operations.copy(at);
    await whole.run(at, INPUTS);
    const count = whole.stage.server.requests.length;
    const end = describeEnd(whole, whole);
    await whole.stage.close();
    for (let n = 0; n < count; n++) {
      const copy = await operations.copy(at);
      copy.stage.server.faults.killAt(n, { after: n % 2 === 0 });
      await copy.run(at, INPUTS).catch(() => undefined);
      copy.stage.server.faults.clear();
      await copy.run(at, INPUTS);
      const seen = describeEnd(copy, copy);
      await copy.stage.close();
      expect({ n, end: JSON.parse(JSON.stringify(seen).replaceAll(/:\d{4,5}\//g, '/')) }).toEqual({
        n,
        end: JSON.parse(JSON.stringify(end).replaceAll(/:\d{4,5}\//g, '/')),
      });
    }
    await operations.stage.close();
  },
);

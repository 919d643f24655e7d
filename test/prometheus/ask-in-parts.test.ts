import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { type FailureKind, QueryFailure } from '../../src/prometheus/access/failure.ts';
import { createAsker } from '../../src/prometheus/ask-in-parts.ts';
import type { PrometheusClient, Steps } from '../../src/prometheus/client.ts';
import type { Selection } from '../../src/prometheus/promql.ts';
import { averagesQuery } from '../../src/prometheus/queries.ts';
import { createFakeLog } from './fake-log.ts';

/** Answers with one row a namespace, unless `refuse` finds the namespaces too many. */
function createNamespaceClient(refuse: (names: readonly string[]) => FailureKind | undefined, warning?: string) {
  const asked: (readonly string[])[] = [];
  const client: PrometheusClient = {
    access: { way: 'direct', url: 'http://prometheus' },
    queries: 0,
    async instant(query) {
      const names = query.split(' ');
      asked.push(names);
      const kind = refuse(names);
      if (kind) throw new QueryFailure(kind, 'refused');
      return {
        rows: names.map((namespace) => ({ labels: { namespace }, value: 1 })),
        warnings: warning ? [warning] : [],
      };
    },
    range: async () => ({ rows: [], warnings: [] }),
  };
  return { client, asked };
}

function ask(client: PrometheusClient, namespaces: readonly string[] | 'all', known: readonly string[] = []) {
  const scope = { at: 1, namespaces, matchers: '', known: async () => known };
  const asker = createAsker(client, scope, createFakeLog());
  const rows = asker.instant('the peaks', (selection) =>
    selection.namespaces === 'all' ? 'all' : selection.namespaces.join(' '),
  );
  return { rows, notes: asker.notes };
}

describe('askInParts', () => {
  it('asks once where nothing is refused', async () => {
    const { client, asked } = createNamespaceClient(() => undefined);
    expect(await ask(client, ['a', 'b', 'c']).rows).toHaveLength(3);
    expect(asked).toHaveLength(1);
  });

  it('gets every namespace exactly once, whatever size is refused', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(names, fc.integer({ min: 1, max: 10 }), async (namespaces, most) => {
        const { client } = createNamespaceClient((asked) => (asked.length > most ? 'too large' : undefined));
        const rows = await ask(client, namespaces).rows;
        expect(rows.map(({ labels }) => labels.namespace)).toEqual(namespaces);
      }),
    );
  });

  it('halves "all" by the namespaces that have series', async () => {
    const { client } = createNamespaceClient((names) => (names[0] === 'all' ? 'timed out' : undefined));
    const rows = await ask(client, 'all', ['x', 'y']).rows;
    expect(rows.map(({ labels }) => labels.namespace)).toEqual(['x', 'y']);
    await expect(ask(client, 'all').rows).rejects.toThrow(/option namespaces/);
  });

  it('notes the one namespace that is refused, and has the others', async () => {
    const { client } = createNamespaceClient((names) => (names.includes('huge') ? 'too large' : undefined));
    const { rows, notes } = ask(client, ['a', 'huge', 'b']);
    expect((await rows).map(({ labels }) => labels.namespace)).toEqual(['a', 'b']);
    expect(notes.list()).toEqual([
      {
        kind: 'incomplete',
        partial: true,
        namespaces: ['huge'],
        text: 'Prometheus refused the query for the peaks of the namespace huge as too large: refused',
      },
    ]);
  });

  it('ends the run when one part after the other times out', async () => {
    const { client, asked } = createNamespaceClient(() => 'timed out');
    const { rows } = ask(client, ['a', 'b', 'c', 'd']);
    await expect(rows).rejects.toThrow(UserError);
    await expect(rows).rejects.toThrow(/too slow/);
    expect(asked.length).toBeLessThanOrEqual(6);
  });

  it('notes partial data once, for the namespaces it touches', async () => {
    const whole = createNamespaceClient(() => undefined, 'a store is down');
    const { rows, notes } = ask(whole.client, ['a', 'b']);
    await rows;
    expect(notes.list()).toEqual([
      { kind: 'incomplete', partial: true, text: 'Prometheus answered with partial data: a store is down' },
    ]);
    const halved = createNamespaceClient((names) => (names.length > 1 ? 'too large' : undefined), 'a store is down');
    const second = ask(halved.client, ['a', 'b']);
    await second.rows;
    expect(second.notes.list()).toMatchObject([{ namespaces: ['a', 'b'] }]);
  });
});

describe('a query front end that moves times to multiples of the step', () => {
  it('is asked for multiples, and looks ahead to the time that was meant', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 1, max: 500 }), async (start, step) => {
        const asked: { query: string; steps: Steps }[] = [];
        const client: PrometheusClient = {
          access: { way: 'direct', url: 'http://prometheus' },
          queries: 0,
          instant: async () => ({ rows: [], warnings: [] }),
          range: async (query, steps) => {
            asked.push({ query, steps });
            const first = steps.start - (steps.start % step);
            const samples = [first, first + step].map((t) => ({ t, v: 1 }));
            return { rows: [{ labels: { namespace: 'a' }, samples }], warnings: [] };
          },
        };
        const asker = createAsker(client, { at: start, namespaces: ['a'], matchers: '' }, createFakeLog());
        const rows = await asker.range('the averages', { start, end: start + step, step }, averagesOver60);
        expect(rows[0]?.samples.map(({ t }) => t)).toEqual([start, start + step]);
        const { query, steps } = asked.at(-1) ?? { query: '', steps: { start: 1, end: 1, step } };
        expect([steps.start % step, steps.end % step]).toEqual([0, 0]);
        if (asked.length > 1) expect(query).toContain(`[60s] offset -${start % step}s)`);
      }),
    );
  });
});

function averagesOver60(selection: Selection): string {
  return averagesQuery(selection, 60);
}

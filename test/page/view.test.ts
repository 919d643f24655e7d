import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOf, listColumns } from '../../src/page/client/columns.ts';
import { indexRows, selectRows } from '../../src/page/client/select-rows.ts';
import { readHash, type ViewState, WHOLE_VIEW, writeHash } from '../../src/page/client/view-state.ts';
import type { LevelLetter, RowData } from '../../src/page/page-data.ts';

const CHECKS = ['usage', 'trend', 'sizing', 'heap'];
const columns = listColumns({ checks: CHECKS }, true);
const level = fc.constantFrom<LevelLetter>('r', 'y', 'u', 'g');
const size = fc.option(fc.integer({ min: 0, max: 2 ** 40 }), { nil: undefined });

const row: fc.Arbitrary<RowData> = fc.record({
  level,
  namespace: fc.constantFrom('shop', 'pay', '__proto__'),
  kind: fc.constantFrom('Deployment', 'StatefulSet'),
  name: fc.string({ maxLength: 6 }),
  container: fc.constantFrom('app', 'constructor'),
  podCount: fc.integer({ min: 0, max: 9 }),
  used: size,
  limit: fc.option(fc.oneof(fc.integer({ min: 0, max: 2 ** 40 }), fc.constant('none' as const)), { nil: undefined }),
  growth: fc.option(fc.double({ noNaN: true, min: -100, max: 1000 }), { nil: undefined }),
  checks: fc.array(fc.option(fc.tuple(level, fc.string({ maxLength: 5 })), { nil: null }), {
    minLength: 4,
    maxLength: 4,
  }),
});
const state: fc.Arbitrary<ViewState> = fc.record({
  query: fc.string({ maxLength: 20 }),
  namespace: fc.constantFrom('', 'shop', '__proto__'),
  levels: fc.subarray<LevelLetter>(['r', 'y', 'u', 'g']),
  check: fc.constantFrom('', ...CHECKS),
  sort: fc.constantFrom('', ...columns.map(({ id }) => id)),
  descending: fc.boolean(),
  open: fc.string({ maxLength: 30 }),
});

const select = (rows: readonly RowData[], view: ViewState) => selectRows(rows, indexRows(rows), columns, CHECKS, view);

test('an address brings back the view that it was made of', () => {
  fc.assert(
    fc.property(state, (view) => {
      const expected = { ...view, descending: view.sort !== '' && view.descending };
      expect(readHash(`#${writeHash(view)}`)).toEqual(expected);
    }),
  );
  expect(writeHash(WHOLE_VIEW)).toBe('');
});

test('any address is a view', () => {
  fc.assert(
    fc.property(fc.array(row), fc.string(), (rows, hash) => {
      expect(() => select(rows, readHash(hash))).not.toThrow();
    }),
  );
});

test('sorting loses and doubles nothing, and puts what is not known last', () => {
  fc.assert(
    fc.property(fc.array(row), fc.constantFrom(...columns), fc.boolean(), (rows, column, descending) => {
      const places = select(rows, { ...WHOLE_VIEW, sort: column.id, descending });
      expect(places.toSorted((a, b) => a - b)).toEqual(rows.map((_, place) => place));
      const values = places.map((place) => column.value(rows[place] as RowData));
      const known = values.filter((value) => value !== undefined);
      expect(values.slice(0, known.length)).toEqual(known);
      for (const [index, value] of known.entries()) {
        const before = known[index - 1] ?? value;
        expect(descending ? before >= value : before <= value).toBe(true);
      }
    }),
  );
});

test('what is shown fits every filter, and all that fits is shown', () => {
  fc.assert(
    fc.property(fc.array(row), state, (rows, view) => {
      const shown = new Set(select(rows, view));
      for (const [place, one] of rows.entries()) {
        const own = view.check === '' ? one.level : one.checks[CHECKS.indexOf(view.check)]?.[0];
        const wanted = view.levels.length > 0 ? view.levels : view.check === '' ? ['r', 'y', 'u', 'g'] : ['r', 'y'];
        const words = view.query
          .toLowerCase()
          .split(/\s+/)
          .filter((word) => word !== '');
        const found = words.every((word) => indexRows([one])[0]?.includes(word));
        const fits: boolean =
          (view.namespace === '' || view.namespace === one.namespace) &&
          (wanted as readonly unknown[]).includes(own) &&
          found;
        expect(shown.has(place)).toBe(fits);
      }
    }),
  );
});

test('a row is named by all that tells it apart', () => {
  const one = { namespace: 'shop', kind: 'Deployment', name: 'web', container: 'app' } as RowData;
  expect(keyOf(one)).toBe('shop/Deployment/web/app');
});

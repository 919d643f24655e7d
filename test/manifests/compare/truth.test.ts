import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContainerChange, SizedField } from '../../../src/model/gate.ts';
import { hasHelm, hasKubectl, testRenderers } from '../test-renderers.ts';
import { comparing, saySetting, type Texts } from './compare-texts.ts';
import { makeRepository, SIZED, type Sizes } from './make-repository.ts';
import { renderTruth, type Truth } from './render-truth.ts';

/** More of them by hand: each renders everything twice. */
const RUNS = Number(process.env.TRUTH_RUNS ?? 3);

const compare = comparing(testRenderers());
const home = { home: { repository: 'owner/name' } };

const size = fc.option(fc.integer({ min: 100, max: 999 }), { nil: undefined, freq: 3 });
const sizes = fc.record(Object.fromEntries(SIZED.map((name) => [name, size]))) as fc.Arbitrary<Sizes>;
/** Some of the sizes, otherwise. */
const changes = fc
  .subarray([...SIZED], { minLength: 1, maxLength: 4 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, size]))) as fc.Arbitrary<Sizes>);

test.skipIf(!hasKubectl || !hasHelm)(
  'what changes is what kubectl and helm render otherwise, shown in lines that the change touches',
  async () => {
    await fc.assert(
      fc.asyncProperty(sizes, changes, fc.boolean(), fc.boolean(), async (before, change, wasNested, isNested) => {
        const [base, head] = [makeRepository(before, wasNested), makeRepository({ ...before, ...change }, isNested)];
        const gone = Object.keys(base.texts).filter((path) => !(path in head.texts));
        const edits = { ...head.texts, ...Object.fromEntries(gone.map((path) => [path, undefined])) };
        const { containers, unread } = await compare(base.texts, edits, home);
        const truth = [renderTruth(base.texts, base.targets), renderTruth(head.texts, head.targets)] as const;
        expect(unread).toEqual([]);
        expect(containers.map(sayChange).sort()).toEqual(differences(...truth));
        for (const one of containers)
          for (const field of ['limit', 'request'] as const) checkPlace(one, field, base.texts, head.texts);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
  60_000 * RUNS,
);

function differences(before: Truth, after: Truth): string[] {
  const nothing = { limit: 'absent', request: 'absent' };
  return [...new Set([...before.keys(), ...after.keys()])]
    .flatMap((key) => {
      const [one, other] = [before.get(key) ?? nothing, after.get(key) ?? nothing];
      if (before.has(key) && after.has(key) && one.limit === other.limit && one.request === other.request) return [];
      return [`${key} limit ${one.limit}→${other.limit} request ${one.request}→${other.request}`];
    })
    .sort();
}

function sayChange({ workload, container, limit, request }: ContainerChange): string {
  const [own, asked] = [limit, request].map(({ before, after }) => `${saySetting(before)}→${saySetting(after)}`);
  return `${workload.namespace ?? '-'}/${workload.kind}/${workload.name}/${container} limit ${own} request ${asked}`;
}

function checkPlace(change: ContainerChange, field: SizedField, base: Texts, head: Texts): void {
  const { before, after, at, decidedBy } = change[field];
  const said = `${sayChange(change)}: ${field} at ${at?.path}:${at?.line}, decided by ${JSON.stringify(decidedBy)}`;
  const line = (texts: Texts, path: string, number: number) => texts[path]?.split('\n')[number - 1] ?? '';
  if (decidedBy.state === 'line' && after.state === 'set') {
    expect(line(head, decidedBy.path, decidedBy.line), said).toContain(saySetting(after).replace('Mi', ''));
  }
  if (saySetting(before) === saySetting(after)) return;
  // Who applies it may be all that changes.
  if (at === undefined || (change.kind === 'added' && base[at.path] === head[at.path])) {
    expect(change.kind, said).not.toBe('changed');
    return;
  }
  expect(base[at.path], said).not.toBe(head[at.path]);
  if (decidedBy.state !== 'line') return;
  const isNew = !base[decidedBy.path]?.split('\n').includes(line(head, decidedBy.path, decidedBy.line));
  if (isNew) expect(at, said).toEqual({ path: decidedBy.path, line: decidedBy.line });
}

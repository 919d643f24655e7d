import type { SizedField } from '../model/gate.ts';
import type { Setting } from '../model/workload.ts';
import { groupBy } from '../text/format.ts';
import type { WeighedCase } from './rule.ts';

/** The cases as a cluster counts them: a container of one workload once, and not beside its pod as a whole. */
export function countOnce(cases: readonly WeighedCase[]): readonly WeighedCase[] {
  const byContainer = groupBy(cases, (one) => JSON.stringify([...workloadOf(one), one.change.container]));
  const once = [...byContainer.values()].flatMap(([first]) => first ?? []);
  const asWhole = new Set(once.filter(({ change }) => change.sort === 'pod').map((one) => workloadOf(one).join('\0')));
  return once.filter(
    (one) => one.change.sort === 'pod' || !(one.live?.sizedAsWhole || asWhole.has(workloadOf(one).join('\0'))),
  );
}

function workloadOf({ change, isHere, namespace }: WeighedCase): readonly string[] {
  const { group, kind, name } = change.workload;
  return [isHere ? '' : (change.application.cluster ?? ''), namespace ?? '', group, kind, name];
}

/** Bytes of one pod before and after; `undefined` where a value is not known. */
export function sizesOfPod(
  { change, before, after }: WeighedCase,
  field: SizedField,
): { readonly before: number; readonly after: number } | undefined {
  const [from, to] = [
    change.kind === 'added' ? 0 : sizeOf(before[field]),
    change.kind === 'removed' ? 0 : sizeOf(after[field]),
  ];
  return from === undefined || to === undefined ? undefined : { before: from, after: to };
}

function sizeOf(setting: Setting): number | undefined {
  if (setting.state === 'unknown') return undefined;
  return setting.state === 'set' ? setting.bytes : 0;
}

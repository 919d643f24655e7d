import type { FollowedValue } from './follow-up.ts';
import { type Setting, WHOLE_POD, type Workload, type WorkloadRef } from './workload.ts';

/** A container whose change was merged, and the values that the change set. */
export interface FollowedTarget {
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly values: readonly FollowedValue[];
}

/**
 * What a workload's template says of the values of a change: all of the new ones, none or some of them (`former`), or others
 * than it knew (`replaced`). `gone`: it has no such container. `unknown`: what it has cannot be read.
 */
export type Declared = 'new' | 'former' | 'replaced' | 'gone' | 'unknown';

const NOT_SET: Setting = { state: 'absent' };
const NO_SIZES = { limit: NOT_SET, request: NOT_SET };

/** Holds a workload's template against the values of a change; bytes are compared exactly, however they are written. */
export function howDeclared(
  { containers }: Pick<Workload, 'containers'>,
  { container, values }: Omit<FollowedTarget, 'workload'>,
): Declared {
  // A pod stands among its containers only while it has a limit as a whole.
  const sizes = containers.find(({ name }) => name === container) ?? (container === WHOLE_POD ? NO_SIZES : undefined);
  if (sizes === undefined) return 'gone';
  const settings = values.map((value) => ({ ...value, setting: sizes[value.field] }));
  if (settings.some(({ setting }) => setting.state === 'unknown')) return 'unknown';
  if (settings.every(({ to, setting }) => isSetTo(setting, to))) return 'new';
  const known = settings.every(
    ({ from, fromUnknown, to, setting }) => fromUnknown || isSetTo(setting, to) || isSetTo(setting, from),
  );
  return known ? 'former' : 'replaced';
}

/** Whether a setting has a value; `undefined` stands for none. */
export function isSetTo(setting: Setting, value: number | undefined): boolean {
  return setting.state === 'set' ? setting.bytes === value : setting.state === 'absent' && value === undefined;
}

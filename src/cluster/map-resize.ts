import { type PendingResize, type ResizeMark, WHOLE_POD } from '../model/workload.ts';
import type { Condition, ManagedFields, ObjectMeta } from './api-types.ts';
import { cutMessage } from './cut-message.ts';
import { secondsOf } from './seconds-of.ts';
import { BY_HAND, STEERERS } from './steerers.ts';

/** A field manager's name has at most 128 characters in the API. */
const LONGEST_NAME = 128;
const MOST_MARKS = 4;

/** A resize that the node has not made, from a pod's conditions. */
export function readPendingResize(conditions: readonly Condition[] = []): PendingResize | undefined {
  const find = (type: string) => conditions.find((one) => one.type === type && one.status === 'True');
  const pending = find('PodResizePending');
  if (pending !== undefined) return withMessage(PENDING[pending.reason ?? ''] ?? 'pending', pending);
  const progress = find('PodResizeInProgress');
  return progress && withMessage(progress.reason === 'Error' ? 'failed' : 'in progress', progress);
}

const PENDING: Readonly<Record<string, PendingResize['state']>> = { Deferred: 'deferred', Infeasible: 'infeasible' };

function withMessage(state: PendingResize['state'], { message }: Condition): PendingResize {
  const text = cutMessage(message);
  return text === undefined ? { state } : { state, message: text };
}

/** The field managers that set memory in place, in the order of their last change. */
export function readResizeMarks({ managedFields = [] }: ObjectMeta): readonly ResizeMark[] {
  const marks = managedFields.flatMap((entry) => markOf(entry) ?? []);
  return marks.sort((a, b) => (a.at ?? 0) - (b.at ?? 0)).slice(-MOST_MARKS);
}

function markOf({ manager, subresource, time, fieldsV1 }: ManagedFields): ResizeMark | undefined {
  if (subresource !== 'resize') return undefined;
  const spec = below(fieldsV1, 'f:spec');
  const containers = ['f:containers', 'f:initContainers'].flatMap((list) =>
    Object.entries(below(spec, list) ?? {})
      .filter(([, item]) => setsMemory(item))
      .flatMap(([key]) => /^k:\{"name":"([a-z0-9-]{1,63})"\}$/.exec(key)?.[1] ?? []),
  );
  if (setsMemory(spec)) containers.push(WHOLE_POD);
  if (containers.length === 0) return undefined;
  const at = secondsOf(time);
  const by = String(manager ?? '').slice(0, LONGEST_NAME);
  const steerer = STEERERS.find(({ managers }) => managers.test(by))?.name;
  return {
    by,
    ...(BY_HAND.test(by) ? { byHand: true } : {}),
    ...(steerer === undefined ? {} : { steerer }),
    ...(at === undefined ? {} : { at }),
    containers,
  };
}

/** The steerer whose annotations a pod has. */
export function readSizedBy({ annotations = {} }: ObjectMeta): string | undefined {
  const has = (name: string) => Object.hasOwn(annotations, name);
  return STEERERS.find(({ podAnnotations }) => podAnnotations.some(has))?.name;
}

function setsMemory(fields: unknown): boolean {
  const resources = below(fields, 'f:resources');
  return ['f:limits', 'f:requests'].some((list) => below(below(resources, list), 'f:memory') !== undefined);
}

function below(fields: unknown, key: string): Readonly<Record<string, unknown>> | undefined {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, key)) return undefined;
  const value: unknown = (fields as Readonly<Record<string, unknown>>)[key];
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

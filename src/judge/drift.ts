import type { ContainerResize, Drift, SizeDrift } from '../model/finding.ts';
import {
  inForce,
  type Pod,
  type PodContainer,
  type ResizeMark,
  type Setting,
  type Sizes,
  type SteeredBy,
  type Workload,
} from '../model/workload.ts';

/**
 * What of a container's sizes in force is not as its template says; `undefined` where all is, or where its pod may be of an
 * earlier template. A size that the template leaves out is anybody's to fill in, so only a resize of it counts.
 */
export function findSizeDrift(workload: Workload, pod: Pod, live: PodContainer): Drift | undefined {
  const template = workload.containers.find(({ name }) => name === live.name);
  if (pod.current !== true || template === undefined) return undefined;
  const mark = pod.resizedBy?.findLast(({ containers }) => containers.includes(live.name));
  const asked = template.kind === 'pod' ? template : withImpliedRequest(template);
  const changes = compareSizes(asked, inForce(live), (from) => from.state === 'set' || mark !== undefined);
  if (changes.limit === undefined && changes.request === undefined) return undefined;
  return { ...changes, ...(mark ? markedBy(mark, workload) : madeBy(pod, workload)) };
}

/** What a resize that is not made would change of a container's memory; `undefined` where it is about something else. */
export function findResize(pod: Pod, live: PodContainer): ContainerResize | undefined {
  if (pod.resize === undefined || live.actual === undefined) return undefined;
  const changes = compareSizes(live.actual, live, () => true);
  return changes.limit === undefined && changes.request === undefined ? undefined : { ...pod.resize, ...changes };
}

function markedBy(mark: ResizeMark, { steeredBy }: Workload): Omit<Drift, 'limit' | 'request'> {
  const { by, byHand, at } = mark;
  const steered = steeredBy !== undefined || mark.steerer !== undefined;
  const name = byHand ? by : (sayWho(steeredBy) ?? mark.steerer ?? by);
  return {
    how: 'in place',
    ...(name === '' ? {} : { by: name }),
    ...(byHand ? { byHand } : {}),
    ...(at === undefined ? {} : { at }),
    steered,
  };
}

function madeBy({ sizedBy }: Pod, { steeredBy }: Workload): Omit<Drift, 'limit' | 'request'> {
  const by = sayWho(steeredBy) ?? sizedBy;
  return { how: 'when made', ...(by === undefined ? {} : { by }), steered: by !== undefined };
}

function sayWho(steeredBy: SteeredBy | undefined): string | undefined {
  if (steeredBy === undefined) return undefined;
  return steeredBy.mode === undefined ? steeredBy.name : `${steeredBy.name} (${steeredBy.mode})`;
}

/** The API server fills in a request that is left out, as large as the limit. */
function withImpliedRequest({ limit, request }: Sizes): Sizes {
  return { limit, request: request.state === 'absent' && limit.state === 'set' ? limit : request };
}

function compareSizes(from: Sizes, to: Sizes, counts: (from: Setting) => boolean) {
  const compare = (a: Setting, b: Setting): SizeDrift | undefined =>
    isSame(a, b) || !counts(a) ? undefined : { from: a, to: b };
  const limit = compare(from.limit, to.limit);
  const request = compare(from.request, to.request);
  return { ...(limit && { limit }), ...(request && { request }) };
}

/** What is not known is no difference. */
function isSame(a: Setting, b: Setting): boolean {
  if (a.state === 'unknown' || b.state === 'unknown') return true;
  return a.state === 'set' && b.state === 'set' ? a.bytes === b.bytes : a.state === b.state;
}

import type { Drift } from '../model/finding.ts';
import type { ProposedValue } from '../model/suggestion.ts';
import {
  bytesOf,
  inForce,
  isThere,
  type Pod,
  type TemplateContainer,
  WHOLE_POD,
  type Workload,
} from '../model/workload.ts';

interface NewValues {
  readonly limit?: ProposedValue;
  readonly request?: ProposedValue;
}

/**
 * How many bytes more the scheduler sets aside for a workload's pods once one of its containers has new values; negative for
 * what is freed. It is held against what is in force, for as many pods as the workload wants now. `undefined` where it is not
 * known: no pods, sizes that cannot be read, or sizes that something else sets when a pod is made. Pure.
 */
export function sumReserved(
  workload: Workload,
  container: string,
  values: NewValues,
  drifts: readonly Pick<Drift, 'how' | 'steered'>[],
): number | undefined {
  if (drifts.some(({ how, steered }) => how === 'when made' || steered)) return undefined;
  const pods = workload.pods.filter(isThere);
  const wanted = workload.replicas ?? pods.length;
  if (wanted === 0) return undefined;
  // What the pod asks for as a whole is what counts, whatever its containers ask for.
  if (container !== WHOLE_POD && asksAsWhole(workload)) return 0;
  const before = pods.length === 0 ? requestOf(workload, container, {}) : meanRequest(pods, container);
  const after = requestOf(workload, container, values);
  if (before === undefined || after === undefined) return undefined;
  return after === 'as it is' || before === 'as it is' ? 0 : Math.round((after - before) * wanted);
}

function asksAsWhole({ containers, pods }: Workload): boolean {
  const whole = containers.find(({ name }) => name === WHOLE_POD);
  return whole?.request.state === 'set' || pods.some(({ requestsAsWhole }) => requestsAsWhole === true);
}

/** Of the pods that have it, in bytes. */
function meanRequest(pods: readonly Pod[], container: string): number | undefined {
  const requests = pods.flatMap((pod) => pod.containers.filter(({ name }) => name === container)).map(inForce);
  if (requests.length === 0 || requests.some(({ request }) => request.state === 'unknown')) return undefined;
  return requests.reduce((sum, { request }) => sum + (bytesOf(request) ?? 0), 0) / requests.length;
}

/** What a pod will ask for, in bytes, by the manifest with its new values; `as it is` where the manifest leaves that to others. */
function requestOf(
  { containers }: Workload,
  container: string,
  { limit, request }: NewValues,
): number | 'as it is' | undefined {
  if (request !== undefined) return request.to;
  const template = containers.find(({ name }) => name === container);
  if (template === undefined) return 'as it is';
  if (template.request.state !== 'absent') return bytesOf(template.request);
  const follows = container !== WHOLE_POD || containers.every((one) => one.name === WHOLE_POD || isEmpty(one));
  if (!follows) return 'as it is';
  // The API server fills in a request that is left out, as large as the limit; without both, a LimitRange may.
  if (limit !== undefined) return limit.to;
  return template.limit.state === 'absent' ? 'as it is' : bytesOf(template.limit);
}

function isEmpty({ limit, request }: TemplateContainer): boolean {
  return limit.state === 'absent' && request.state === 'absent';
}

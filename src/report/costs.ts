import { formatBytes } from '../bytes.ts';
import { exactCost, type Price } from '../model/price.ts';
import { bytesOf, inForce, isThere, type Pod, WHOLE_POD } from '../model/workload.ts';
import { count } from '../text/format.ts';
import { type CostSum, sayCostOf, sayCostSum, sayMonthly, sumCosts } from '../words/cost.ts';
import type { ContainerView } from './container-view.ts';
import type { Context } from './context.ts';
import type { ReportInput } from './input.ts';

/** What all pods that were inspected ask for, in bytes. `unknown` counts the pods of which it is not known. */
export interface Requested {
  readonly bytes: number;
  readonly pods: number;
  readonly unknown: number;
}

/** What a run says of costs. */
export interface Costs {
  readonly price: Price;
  readonly suggested: CostSum;
  readonly requested: Requested;
}

/** What all suggestions together add and free, and what is requested today; `undefined` without a price. Pure. */
export function sumUpCosts(
  { price, inspection }: Pick<ReportInput, 'price' | 'inspection'>,
  views: readonly ContainerView[],
): Costs | undefined {
  if (price === undefined) return undefined;
  const suggestions = views.flatMap(({ container: { suggestion }, ignored }) =>
    suggestion === undefined || ignored !== undefined ? [] : [suggestion],
  );
  const pods = inspection.workloads.flatMap(({ workload }) => workload.pods.filter(isThere));
  const requests = pods.map(requestOfPod);
  const known = requests.filter((request) => request !== undefined);
  return {
    price,
    suggested: sumCosts(suggestions.map(({ reserves }) => reserves)),
    requested: {
      bytes: known.reduce((sum, request) => sum + request, 0),
      pods: known.length,
      unknown: requests.length - known.length,
    },
  };
}

/** In bytes: of the pod as a whole where that is what counts, else of all its containers. */
function requestOfPod({ containers, requestsAsWhole }: Pod): number | undefined {
  if (requestsAsWhole) return undefined;
  const whole = containers.find(({ name }) => name === WHOLE_POD);
  if (whole !== undefined && inForce(whole).request.state !== 'absent') return bytesOf(inForce(whole).request);
  const requests = containers.map((container) => inForce(container).request);
  if (requests.some(({ state }) => state === 'unknown')) return undefined;
  return requests.reduce((sum, request) => sum + (bytesOf(request) ?? 0), 0);
}

/**
 * "812Gi of memory is requested in 412 pods: about 2598 EUR a month. What is suggested would cost … more and free …"; plain
 * text, `undefined` without a price or anything to say.
 */
export function sayCosts(context: Context): string | undefined {
  const costs = sumUpCosts(context.input, context.views);
  if (costs === undefined) return undefined;
  const { price, suggested, requested } = costs;
  const { bytes, pods, unknown } = requested;
  const words = { adds: 'cost', frees: 'free', counted: 'suggestion' } as const;
  const sum = context.views.some(isCounted) ? sayCostSum(suggested, price, words) : undefined;
  const left = unknown === 0 ? '' : ` (${count(unknown, 'pod')} not counted)`;
  const said = [
    ...(pods === 0
      ? []
      : [`Requested in ${count(pods, 'pod')}: ${formatBytes(bytes)}, ${sayMonthly(bytes, price)}${left}.`]),
    ...(sum === undefined ? [] : [`All suggestions together would ${sum}.`]),
  ].join(' ');
  return said === '' ? undefined : said;
}

function isCounted({ container, ignored }: ContainerView): boolean {
  return container.suggestion !== undefined && ignored === undefined;
}

/** What a container's suggestion costs or frees a month; plain text, nothing without a price or where it is not known. */
export function sayCostOfChange({ container }: ContainerView, { input }: Context): string | undefined {
  return sayCostOf(container.suggestion?.reserves, input.price);
}

/** The same of a run, for programs. */
export function describeCosts(costs: Costs | undefined) {
  if (costs === undefined) return undefined;
  const { price, suggested, requested } = costs;
  return {
    ...price,
    added: exactCost(suggested.added, price),
    freed: exactCost(suggested.freed, price),
    notCounted: suggested.unknown || undefined,
    requested: {
      bytes: requested.bytes,
      pods: requested.pods,
      perMonth: exactCost(requested.bytes, price),
      notCounted: requested.unknown || undefined,
    },
  };
}

import type { FollowedChange, FollowedContainer, FollowedValue } from '../model/follow-up.ts';
import type { Inspection, JudgedWorkload, JudgedWorkloadContainer } from '../model/inspection.ts';
import type { ProposedValue, Suggestion } from '../model/suggestion.ts';
import { bytesOf, type TemplateContainer, type Workload, workloadContainerKey } from '../model/workload.ts';
import { sumReserved } from '../suggest/reserve.ts';
import { sayHeldToLimit, sayReverted, sayTried } from '../words/take-back.ts';
import { WORSE_FOR } from './follow.ts';
import { takesBack } from './join-known.ts';

/** For so many seconds what was taken back is not proposed again. */
const REFUSED_FOR = 30 * 86_400;

/** A change to one container that made it worse or was taken back. */
interface Ended {
  readonly change: FollowedChange;
  readonly container: FollowedContainer;
}

/** How takings back are made. `propose` makes them changes, `report` leaves what is suggested otherwise. */
export interface TakingBack {
  readonly at: number;
  readonly revert: 'propose' | 'report';
}

/**
 * The inspection with what merged changes teach: a change that made it worse is taken back, in the place of what would be
 * suggested otherwise; one that was taken back is not proposed again for 30 days.
 */
export function applyTakingBack(
  inspection: Inspection,
  changes: readonly FollowedChange[],
  taking: TakingBack,
): Inspection {
  const ended = new Map<string, Ended>();
  // The newest change to a container decides.
  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    for (const container of change.containers) {
      const key = workloadContainerKey(container.workload, container.container);
      if (container.verdict.kind === 'reverted' || isStillWorse(container, taking.at))
        ended.set(key, { change, container });
      else if (!takesBack(change, container)) ended.delete(key);
    }
  }
  if (ended.size === 0) return inspection;
  return { ...inspection, workloads: inspection.workloads.map((workload) => apply(workload, ended, taking)) };
}

function isStillWorse({ verdict, rollout }: FollowedContainer, at: number): boolean {
  return verdict.kind === 'worse' && !(rollout.state === 'rolled out' && at - rollout.at > WORSE_FOR);
}

function apply(judged: JudgedWorkload, ended: ReadonlyMap<string, Ended>, taking: TakingBack): JudgedWorkload {
  const { workload } = judged;
  const ignored = new Set(
    judged.pods.flatMap(({ containers }) => containers.flatMap(({ name, ignored }) => (ignored ? [name] : []))),
  );
  const containers = judged.containers.map((container): JudgedWorkloadContainer => {
    const one = ended.get(workloadContainerKey(workload.ref, container.name));
    if (one === undefined || ignored.has(container.name)) return container;
    return one.container.verdict.kind === 'worse'
      ? takeBack(container, one, workload, taking)
      : holdBack(container, one, taking);
  });
  return { ...judged, containers };
}

function takeBack(
  judged: JudgedWorkloadContainer,
  { change, container }: Ended,
  workload: Workload,
  { revert }: TakingBack,
): JudgedWorkloadContainer {
  const { verdict, rollout } = container;
  const template = workload.containers.find(({ name }) => name === container.container);
  const isOurs = !takesBack(change, container) && ['rolled out', 'waiting'].includes(rollout.state);
  if (revert === 'report' || !isOurs || template === undefined || verdict.kind !== 'worse') return judged;
  // What sets its sizes would undo it, or has already.
  if (workload.vpa === 'steered') return judged;
  const why = sayReverted(change, container);
  const limit = valueBack('limit', container, template, why);
  // Without an old limit there is nothing to go back to.
  if (limit === undefined) return judged;
  const request = holdToLimit(limit, valueBack('request', container, template, why), template);
  const reserves = sumReserved(workload, container.container, { limit, request }, judged.drifts ?? []);
  const { number, url } = change;
  const suggestion: Suggestion = {
    workload: workload.ref,
    container: container.container,
    limit,
    ...(request && { request }),
    direction: container.direction === 'raise' ? 'lower' : 'raise',
    level: 'red',
    delivery: workload.edit.allowed ? { kind: 'change' } : { kind: 'report', why: workload.edit.why },
    confidence: { level: 'high', why: 'these values ran before' },
    ...(reserves !== undefined && { reserves }),
    reverts: {
      ...(number === undefined ? {} : { number }),
      ...(url === undefined ? {} : { url }),
      why: verdict.why,
      mergedAt: change.at,
      ...(container.before && { before: container.before }),
      ...(container.after && { after: container.after }),
    },
    notes: [],
  };
  const { withheld: _, ...rest } = judged;
  return { ...rest, suggestion };
}

/** Of a value that is still the change's own, the way back. */
function valueBack(
  field: FollowedValue['field'],
  { values, direction }: FollowedContainer,
  template: TemplateContainer,
  why: string,
): ProposedValue | undefined {
  const value = values.find((one) => one.field === field);
  if (value?.from === undefined || bytesOf(template[field]) !== value.to) return undefined;
  // The old value is what a pull request remembers of itself, and anybody may have edited that.
  if (field === 'limit' && (direction === 'raise' ? value.from >= value.to : value.from <= value.to)) return undefined;
  return { from: template[field], to: value.from, why };
}

/** No container may request more than its limit. */
function holdToLimit(
  limit: ProposedValue,
  request: ProposedValue | undefined,
  template: TemplateContainer,
): ProposedValue | undefined {
  const asked = request?.to ?? bytesOf(template.request);
  if (asked === undefined || asked <= limit.to) return request;
  return { from: template.request, to: limit.to, why: sayHeldToLimit() };
}

function holdBack(
  judged: JudgedWorkloadContainer,
  { change, container }: Ended,
  { at }: TakingBack,
): JudgedWorkloadContainer {
  const { suggestion, ...rest } = judged;
  if (suggestion === undefined || suggestion.direction !== container.direction || at - change.at > REFUSED_FOR)
    return judged;
  const { workload, level } = suggestion;
  return { ...rest, withheld: { workload, container: judged.name, level, ...sayTried(change, container) } };
}

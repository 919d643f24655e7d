import { bytes, formatBytes } from '../bytes.ts';
import { LOW_REQUEST_SHARE } from '../checks/sizing.ts';
import { holdToBounds } from './bounds.ts';
import type { Evidence, SizingCase } from './case.ts';
import type { FieldProposal } from './limit.ts';
import { roundingStep, roundToStep, SMALLEST, stepUpTo } from './round.ts';

const NONE: FieldProposal = { kind: 'none' };

/**
 * The new request of a workload's container, given the limit that it will have (`undefined`: none). Follows the limit where
 * both are the same (Guaranteed) or where the limit falls below it; raised or added where it is too low.
 */
export function proposeRequest(sizing: SizingCase, evidence: Evidence, newLimit: number | undefined): FieldProposal {
  const { request, template, guaranteed, problems } = evidence;
  if (newLimit !== undefined) {
    // A request that the manifest leaves out is the limit's own value: it follows by itself.
    const implied = template?.request.state === 'absent' && guaranteed;
    if (implied) return followByItself(sizing, evidence, newLimit);
    if (guaranteed) return follow(sizing, evidence, newLimit, 'stays equal to the limit (Guaranteed)');
    if (request.state === 'set' && request.bytes > newLimit) {
      return follow(sizing, evidence, newLimit, 'lowered to stay within the limit');
    }
  }
  if (!problems.has('low request') && !problems.has('no request')) return NONE;
  return raiseRequest(sizing, evidence, newLimit);
}

function follow(sizing: SizingCase, evidence: Evidence, to: number, why: string): FieldProposal {
  const { request } = evidence;
  const from = request.state === 'set' ? request.bytes : 0;
  if (sizing.workload.memoryHpa === 'steered') {
    return {
      kind: 'withheld',
      why: `Would be ${formatBytes(to)} for both, but an HPA scales on memory, so the request must not change`,
    };
  }
  const held = hold(sizing, from, to, to);
  if (!held.possible) return { kind: 'withheld', why: held.why };
  const direction = to > from ? 'raise' : 'lower';
  return { kind: 'value', value: { from: request, to: held.to, why }, direction, notes: held.notes };
}

/** Nothing to write, but the cluster has to have room for it. */
function followByItself(sizing: SizingCase, { request }: Evidence, to: number): FieldProposal {
  const held = hold(sizing, request.state === 'set' ? request.bytes : 0, to, to);
  return held.possible ? NONE : { kind: 'withheld', why: held.why };
}

function raiseRequest(sizing: SizingCase, evidence: Evidence, newLimit: number | undefined): FieldProposal {
  const { request, limit, requestBase } = evidence;
  if (requestBase === undefined) {
    return { kind: 'withheld', why: 'Its usage was not measured, so there is nothing to start from' };
  }
  const wanted = requestBase * sizing.thresholds.requestFactor;
  const ceiling = newLimit ?? (limit.state === 'set' ? limit.bytes : Number.POSITIVE_INFINITY);
  const least = Math.min(ceiling, Math.max(SMALLEST, requestBase * LOW_REQUEST_SHARE));
  const to = bytes(Math.min(ceiling, stepUpTo(roundToStep(wanted), least)));
  const from = request.state === 'set' ? request.bytes : 0;
  if (sizing.workload.memoryHpa === 'steered') {
    const why = `A request would be ${formatBytes(to)}, but an HPA scales on memory: the two would chase each other`;
    return { kind: 'withheld', why };
  }
  if (to < from * 1.1) return NONE;
  const held = hold(sizing, from, to, least);
  if (!held.possible) return { kind: 'withheld', why: held.why };
  if (held.to > ceiling || held.to < from * 1.1) return NONE;
  const factor = sizing.thresholds.requestFactor;
  const why = `usage ${formatBytes(requestBase)} × ${factor}, rounded to ${formatBytes(roundingStep(wanted))}`;
  return { kind: 'value', value: { from: request, to: held.to, why }, direction: 'raise', notes: held.notes };
}

function hold(sizing: SizingCase, from: number, to: number, least: number) {
  const { bounds, largestNode, workload } = sizing;
  const pods = Math.max(1, workload.replicas ?? sizing.pods.length);
  return holdToBounds({ bounds, largestNode, field: 'request', from, to: bytes(to), least, pods });
}

import { type Bytes, bytes } from '../../bytes.ts';
import { LOW_REQUEST_SHARE } from '../../checks/sizing.ts';
import { bytesOf } from '../../model/workload.ts';
import { roundToStep, SMALLEST, stepUpTo } from '../../suggest/round.ts';
import type { Rule } from '../rule.ts';

/** Whether a new request is far below what is used. */
export const weighRequest: Rule = ({ touched, after, evidence, thresholds }) => {
  const request = bytesOf(after.request);
  const used = evidence?.requestBase;
  if (!touched.request || request === undefined || used === undefined) return [];
  const suggested = evidence?.suggested?.request ?? Number.POSITIVE_INFINITY;
  if (request >= Math.min(used * LOW_REQUEST_SHARE, suggested)) return [];
  const enough = enoughFor(used, thresholds.requestFactor, bytesOf(after.limit));
  return [{ level: 'yellow', fact: { kind: 'low request', request, used, enough } }];
};

/** What the action itself would ask for, within the limit. */
function enoughFor(used: Bytes, factor: number, limit: Bytes | undefined): Bytes {
  const least = Math.max(SMALLEST, used * LOW_REQUEST_SHARE);
  return bytes(Math.min(limit ?? Number.POSITIVE_INFINITY, stepUpTo(roundToStep(used * factor), least)));
}

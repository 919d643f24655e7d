import type { Bytes } from '../../bytes.ts';
import type { GateFinding, SizedField } from '../../model/gate.ts';
import { bytesOf } from '../../model/workload.ts';
import type { Rule, WeighedCase } from '../rule.ts';

type Of = 'container' | 'pod';

/** Values that a LimitRange of the namespace refuses. */
export const weighLimitRange: Rule = (one) => {
  const { bounds, change, touched, after } = one;
  if (bounds === undefined) return [];
  const [limit, request] = [bytesOf(after.limit), bytesOf(after.request)];
  const findings: GateFinding[] = [];
  if (touched.limit && limit !== undefined) findings.push(...weighLimit(limit, request, one));
  if (touched.request && request !== undefined && change.sort !== 'pod') {
    findings.push(...atLeast('request', 'container', request, bounds.containerMin));
    findings.push(...atMost('request', 'container', request, bounds.containerMax));
  }
  const ofPod = change.podRequest ?? request;
  if (touched.request && ofPod !== undefined) {
    findings.push(...atMost('request', 'pod', ofPod, bounds.podSumMax));
    // What the other containers ask for is not known without the sum.
    if (change.podRequest !== undefined) findings.push(...atLeast('request', 'pod', ofPod, bounds.podSumMin));
  }
  return findings;
};

function weighLimit(limit: Bytes, request: Bytes | undefined, { bounds, change }: WeighedCase): readonly GateFinding[] {
  const ofPod = atMost('limit', 'pod', limit, bounds?.podSumMax);
  if (change.sort === 'pod') return ofPod;
  const ratio = bounds?.limitPerRequest;
  const byRatio = ratio === undefined || request === undefined ? undefined : (Math.floor(request * ratio) as Bytes);
  return [
    ...atMost('limit', 'container', limit, bounds?.containerMax),
    ...atLeast('limit', 'container', limit, bounds?.containerMin),
    ...atMost('limit', 'container', limit, byRatio),
    ...ofPod,
  ];
}

function atMost(field: SizedField, of: Of, size: Bytes, value: Bytes | undefined): readonly GateFinding[] {
  if (value === undefined || size <= value) return [];
  return [{ level: 'red', fact: { kind: 'LimitRange', field, of, bound: 'at most', value } }];
}

function atLeast(field: SizedField, of: Of, size: Bytes, value: Bytes | undefined): readonly GateFinding[] {
  if (value === undefined || size >= value) return [];
  return [{ level: 'red', fact: { kind: 'LimitRange', field, of, bound: 'at least', value } }];
}

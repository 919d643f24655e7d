import { bytesOf } from '../../model/workload.ts';
import type { Rule } from '../rule.ts';

/** A pod that asks for more than the largest node has is never scheduled. */
export const weighNode: Rule = ({ change, touched, after, largestNode }) => {
  const request = change.podRequest ?? bytesOf(after.request);
  if (!touched.request || request === undefined || largestNode === undefined || request <= largestNode) return [];
  return [{ level: 'red', fact: { kind: 'largest node', request, node: largestNode } }];
};

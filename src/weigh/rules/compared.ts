import type { GateFact, GateFinding } from '../../model/gate.ts';
import type { Level } from '../../model/level.ts';
import { isName } from '../match-workload.ts';
import { neededOf } from '../need.ts';
import type { Rule, WeighedCase } from '../rule.ts';

/** Says where a change could not be held against what is used, and why. */
export const weighCompared: Rule = (one) => {
  const { change, isHere } = one;
  if (!isHere) return [{ level: 'green', fact: { kind: 'other cluster', cluster: change.application.cluster ?? '' } }];
  const [level, kind, why] = compare(one) ?? [];
  if (level === undefined || kind === undefined) return sayFormer(one);
  return [...sayFormer(one), { level, fact: { kind, ...(why !== undefined && { why }) } }];
};

function sayFormer({ change: { former }, isByFormer }: WeighedCase): readonly GateFinding[] {
  if (!isByFormer || former === undefined) return [];
  const { workload, container } = former;
  return [
    { level: 'green', fact: { kind: 'in the place of', former: `${workload.kind} ${workload.name}/${container}` } },
  ];
}

type Kind = Extract<GateFact, { readonly why?: string }>['kind'];

function compare({ change, matched, evidence, touched, after }: WeighedCase): [Level, Kind, string?] | undefined {
  switch (matched.state) {
    case 'new':
    case 'not inspected':
      return ['green', matched.state];
    case 'unmatched':
      return isName(change.workload.name)
        ? ['unknown', 'unmatched']
        : ['unknown', 'not measured', 'its name is filled in when it is applied'];
    case 'not known':
      return ['unknown', 'not measured', matched.why];
    case 'matched': {
      if (evidence === undefined && change.kind === 'added') return ['green', 'new'];
      if (matched.uncertain !== undefined) return ['unknown', 'not measured', matched.uncertain];
      const needsLimit = touched.limit && after.limit.state === 'set';
      const needsRequest = touched.request && after.request.state === 'set';
      const known = evidence === undefined ? undefined : neededOf(evidence);
      const isMissing = (needsLimit && known === undefined) || (needsRequest && evidence?.requestBase === undefined);
      return isMissing ? ['unknown', 'not measured'] : undefined;
    }
  }
}

import type { ContainerChange, GateFact, SizedField } from '../model/gate.ts';
import { isValueTouched } from './rows.ts';

/** The field that a finding is about: of two that it compares, the one that the pull request touches. */
export function fieldOf(fact: GateFact, change: ContainerChange): SizedField {
  if ('field' in fact) return fact.field;
  switch (fact.kind) {
    case 'low request':
    case 'largest node':
      return 'request';
    case 'request above limit':
      return isValueTouched(change.request) ? 'request' : 'limit';
    case 'limit':
    case 'killed at an unknown limit':
    case 'heap':
    case 'only postpones':
      return 'limit';
    default:
      return isValueTouched(change.limit) ? 'limit' : 'request';
  }
}

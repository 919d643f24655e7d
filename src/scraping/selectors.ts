import type { Labels } from '../model/jvm-metrics.ts';
import type { LabelSelector } from '../model/scraping.ts';

/** Whether the labels fit. A term of an operator that is not known fits nothing. */
export function matchesSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    hasLabels(labels, matchLabels) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      if (operator === 'In') return value !== undefined && values.includes(value);
      return operator === 'NotIn' && !(value !== undefined && values.includes(value));
    })
  );
}

/** Whether all of `wanted` is among the labels. */
export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** The labels that would have to be set for a selector to match; `undefined` where setting labels does not do. */
export function labelsFor(selector: LabelSelector, labels: Labels): Labels | undefined {
  const set: Record<string, string> = {};
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (!hasLabels(labels, { [key]: value })) set[key] = value;
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (matchesSelector({ matchExpressions: [{ key, operator, values }] }, { ...labels, ...set })) continue;
    if (operator === 'Exists') set[key] = 'true';
    else if (operator === 'In' && values[0] !== undefined) set[key] = values[0];
  }
  return matchesSelector(selector, { ...labels, ...set }) ? set : undefined;
}

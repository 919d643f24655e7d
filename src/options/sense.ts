import type { Thresholds } from '../model/finding.ts';
import type { Windows } from '../model/observation.ts';
import type { Override } from './config-only.ts';

/** What cannot work in the run's thresholds, alone and with each override; one sentence each. */
export function checkThresholds(options: {
  readonly thresholds: Thresholds;
  readonly overrides: readonly Override[];
}): readonly string[] {
  const problems = [...contradictions(options.thresholds)];
  if (problems.length > 0) return problems;
  for (const [index, override] of options.overrides.entries()) {
    for (const problem of contradictions({ ...options.thresholds, ...override.thresholds })) {
      problems.push(`With overrides[${index}]: ${problem}`);
    }
  }
  return problems;
}

function* contradictions(thresholds: Thresholds): Generator<string> {
  const { usageYellow, usageRed, growthYellow, growthRed, overProvisionedBelow } = thresholds;
  if (usageYellow > usageRed) yield above('usage-yellow', usageYellow, 'usage-red', usageRed);
  if (growthYellow > growthRed) yield above('growth-yellow', growthYellow, 'growth-red', growthRed);
  if (overProvisionedBelow > usageYellow) {
    yield above('over-provisioned-below', overProvisionedBelow, 'usage-yellow', usageYellow);
  }
}

/** What cannot work in the windows; one sentence each. */
export function checkWindows({ window, slowWindow, sizingWindow }: Windows): readonly string[] {
  const problems: string[] = [];
  if (window > slowWindow) problems.push('Option window must not be longer than slow-window.');
  if (window > sizingWindow) problems.push('Option window must not be longer than sizing-window.');
  return problems;
}

function above(lower: string, value: number, upper: string, most: number): string {
  return `Option ${lower} (${value}) must not be above ${upper} (${most}).`;
}

import type { Path } from '../documents.ts';
import type { Dependency } from './find-charts.ts';
import type { LoadedRelease } from './load-release.ts';
import type { Subject } from './match-release.ts';

/** `the charts common and redis`. */
export function sayCharts(absent: readonly Dependency[]): string {
  const names = [...new Set(absent.map(({ name }) => name))];
  return `the ${names.length === 1 ? 'chart' : 'charts'} ${names.join(' and ')}`;
}

/** What shows absent charts to a run. */
export const TO_COMMIT = 'run "helm dependency build" and commit charts/, or map the workload';

/** The absent charts that a workload's label or name speaks of. */
export function absentMakers({ suggestion, workload }: Subject, absent: readonly Dependency[]): readonly Dependency[] {
  const label = workload.hints.helmChart ?? '';
  const labelled = absent.filter(({ name }) => label.startsWith(`${name}-`));
  if (labelled.length > 0) return labelled;
  return absent.filter(({ key }) => `-${suggestion.workload.name}-`.includes(`-${key}-`));
}

/** Whether a value reaches charts that a rendering leaves out, so that it cannot show all that the value moves. */
export function reachesAbsent({ absent }: Pick<LoadedRelease, 'absent'>, [first]: Path): boolean {
  return absent.length > 0 && (first === 'global' || absent.some(({ key }) => key === first));
}

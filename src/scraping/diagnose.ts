import type { JvmMetrics } from '../model/jvm-metrics.ts';
import type { Observation } from '../model/observation.ts';

/** Whether the metrics of each JVM arrive. `named` are `namespace/name` with globs: workloads that are JVMs in any case. */
export function diagnoseJvmMetrics(_observation: Observation, _named: readonly string[]): readonly JvmMetrics[] {
  return [];
}

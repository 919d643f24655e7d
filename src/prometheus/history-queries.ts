import { anyOf, either, type Selection, selectors } from './promql.ts';
import {
  asItIs,
  DAY,
  LIMITS,
  maxBy,
  NAMED_BY,
  OOM_REASONS,
  over,
  RESTARTS,
  START_TIME,
  WORKING_SET,
} from './queries.ts';

/** Selectors of a metric for the containers of these names, of pods that are gone too. */
function ofContainers(
  metric: string,
  selection: Selection,
  containers: readonly string[],
  extra: readonly string[] = [],
) {
  const names = anyOf(containers);
  return [
    ...selectors(metric, selection, ['exported_container=""', `container=~${names}`, ...extra]),
    ...selectors(metric, selection, [`exported_container=~${names}`, ...extra]),
  ];
}

/** The raw peaks of each day. For a range query whose step is a day. */
export function dailyPeaksQuery(selection: Selection, containers: readonly string[]): string {
  return maxBy(NAMED_BY, either(ofContainers(WORKING_SET, selection, containers), over('max_over_time', DAY)));
}

/** Averages over an hour, in whole bytes. For a range query whose step is an hour. */
export function hourlyAveragesQuery(selection: Selection, containers: readonly string[]): string {
  return `round(${maxBy(NAMED_BY, either(ofContainers(WORKING_SET, selection, containers), over('avg_over_time', 3600)))})`;
}

/** When the container that runs at the evaluation time was started. */
export function startedQuery(selection: Selection, containers: readonly string[]): string {
  return maxBy(NAMED_BY, either(ofContainers(START_TIME, selection, containers), asItIs));
}

/** The exporter's restart counters. */
export function restartCountsQuery(selection: Selection, containers: readonly string[]): string {
  return maxBy(NAMED_BY, either(ofContainers(RESTARTS, selection, containers), asItIs));
}

/** 1 where the exporter's reason for the last termination is OOMKilled. */
export function killedQuery(selection: Selection, containers: readonly string[]): string {
  const rows = ofContainers(OOM_REASONS, selection, containers, ['reason="OOMKilled"']);
  return `${maxBy(NAMED_BY, either(rows, asItIs))} == 1`;
}

/** The exporter's memory limits. */
export function limitsQuery(selection: Selection, containers: readonly string[]): string {
  const rows = LIMITS.flatMap((name) => ofContainers(name, selection, containers, ['resource=~"memory|"']));
  return maxBy(NAMED_BY, either(rows, asItIs));
}

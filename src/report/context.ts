import type { PullRequestResult } from '../model/delivery.ts';
import type { Location } from '../model/location.ts';
import type { Windows } from '../model/observation.ts';
import { workloadContainerKey } from '../model/workload.ts';
import { type Calendar, calendarOf, compareText } from '../text/format.ts';
import { type Comparison, compareReports } from './compare.ts';
import { type ContainerView, listContainers, listProblemPods, type PodRow } from './container-view.ts';
import type { ReportInput } from './input.ts';

/** What all sections of one report share. */
export interface Context {
  readonly input: ReportInput;
  readonly calendar: Calendar;
  readonly date: string;
  readonly windows?: Windows;
  /** The most urgent first. */
  readonly views: readonly ContainerView[];
  readonly problemPods: readonly PodRow[];
  readonly comparison?: Comparison;
  /** By `namespace/kind/name/container`. */
  readonly deliveries: ReadonlyMap<string, PullRequestResult>;
  readonly locations: ReadonlyMap<string, Location>;
}

export function prepareContext(input: ReportInput): Context {
  const calendar = calendarOf(input.timeZone);
  const date = calendar.date(input.inspection.at);
  const views = listContainers(input.inspection);
  const windows = input.windows ?? views.find((view) => view.pods.length > 0)?.pods[0]?.container.observation.windows;
  const comparison =
    input.previous === undefined ? undefined : compareReports(input.previous, date, input.inspection, views);
  return {
    input,
    calendar,
    date,
    views,
    problemPods: listProblemPods(views),
    deliveries: deliveriesByKey(input.deliveries ?? []),
    locations: new Map(
      (input.locations ?? []).map((location) => {
        const { workload, container } = location.suggestion;
        return [workloadContainerKey(workload, container), location];
      }),
    ),
    ...(windows === undefined ? {} : { windows }),
    ...(comparison === undefined ? {} : { comparison }),
  };
}

function deliveriesByKey(deliveries: readonly PullRequestResult[]): Map<string, PullRequestResult> {
  const sorted = [...deliveries].sort((a, b) => compareText(a.branch, b.branch));
  return new Map(sorted.flatMap((delivery) => delivery.suggestions.map((key) => [key, delivery] as const)));
}

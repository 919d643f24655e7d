import { bytes } from '../bytes.ts';
import type { ReviewEvidence } from '../deliver/delivery-input.ts';
import type { ContainerObservation } from '../model/finding.ts';
import type { UseOverTime } from '../model/follow-up.ts';
import type { JudgedWorkloadContainer } from '../model/inspection.ts';
import type { Suggestion } from '../model/suggestion.ts';
import { bytesOf, workloadKey } from '../model/workload.ts';
import { calendarOf } from '../text/format.ts';
import type { InspectionContext } from './context.ts';

/** What a reviewer wants to see behind a suggestion: the highest pod's numbers and course, kills, pods and strategy. */
export function gatherReviewEvidence(
  { inspection, observation, options }: InspectionContext,
  suggestion: Suggestion,
): ReviewEvidence {
  const key = workloadKey(suggestion.workload);
  const judged = inspection.workloads.find(({ workload }) => workloadKey(workload.ref) === key);
  const containers = (judged?.pods ?? [])
    .flatMap((pod) => pod.containers)
    .filter(({ name }) => name === suggestion.container)
    .map((container) => container.observation);
  const usedBy = (one: (typeof containers)[number]) => one.measured?.now?.workingSet ?? one.measured?.peak ?? 0;
  const highest = containers.toSorted((a, b) => usedBy(b) - usedBy(a))[0];
  const container = judged?.containers.find(({ name }) => name === suggestion.container);
  const worst = container?.worst;
  // The pod that was killed may be gone: then only the workload's own finding knows of it.
  const kills = [worst?.usage?.finding.facts.oomKill, ...containers.flatMap(({ oomKills }) => oomKills)].flatMap(
    (kill) => kill?.at ?? [],
  );
  return {
    used: highest?.measured?.now?.workingSet,
    oomKilledAt: kills.length === 0 ? undefined : Math.max(...kills),
    found: worst && {
      worst,
      pods: (judged?.pods ?? []).map(({ name }) => name),
      scene: {
        at: observation.at,
        calendar: calendarOf(options.timeZone),
        windows: observation.windows,
        suggested: true,
      },
    },
    course:
      highest?.measured === undefined
        ? undefined
        : { averages: highest.measured.averages, at: observation.at, window: observation.windows.window },
    pods: judged?.pods.length,
    before: container && gatherBefore(container, containers),
    strategy: judged?.workload.strategy,
  };
}

/** In numbers that hold for a while: those of the highest pod, and of all pods together what happened to them. */
function gatherBefore({ use }: JudgedWorkloadContainer, all: readonly ContainerObservation[]): UseOverTime {
  const told = all.find(({ history }) => history !== undefined)?.history?.kills;
  const limits = all.flatMap(({ limit }) => bytesOf(limit) ?? []);
  return {
    ...(use.used === undefined ? {} : { used: use.used }),
    ...(use.peak === undefined ? {} : { peak: use.peak }),
    ...(limits.length > 0 && { limit: bytes(Math.max(...limits)) }),
    oomKills: (told ?? all.flatMap(({ oomKills }) => oomKills)).length,
    restarts: all.reduce((sum, { restartsInWindow }) => sum + restartsInWindow, 0),
    days: use.days,
  };
}

import type { Cost } from '../model/gate.ts';
import { countOnce, sizesOfPod } from './counted.ts';
import type { WeighedCase } from './rule.ts';

/** What all changes together take of memory, over all pods. */
export function sumCost(cases: readonly WeighedCase[]): Cost {
  const limits = { before: 0, after: 0 };
  const requests = { before: 0, after: 0 };
  let [uncounted, unlimited, added, freed] = [0, 0, 0, 0];
  for (const one of countOnce(cases)) {
    const [limit, request] = [sizesOfPod(one, 'limit'), sizesOfPod(one, 'request')];
    const { pods } = one;
    if (pods === undefined || limit === undefined || request === undefined) {
      uncounted += 1;
      continue;
    }
    if (one.change.kind === 'changed' && limit.before > 0 && one.after.limit.state === 'absent') unlimited += 1;
    limits.before += limit.before * pods;
    limits.after += limit.after * pods;
    requests.before += request.before * pods;
    requests.after += request.after * pods;
    added += Math.max(0, request.after - request.before) * pods;
    freed += Math.max(0, request.before - request.after) * pods;
  }
  return { limits, requests, uncounted, unlimited, added, freed };
}

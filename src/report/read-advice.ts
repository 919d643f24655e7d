import { bytes } from '../bytes.ts';
import type { FollowedChange, FollowedValue } from '../model/follow-up.ts';
import { isSize } from '../plausible.ts';
import type { ReportJson } from './report-json.ts';

/** What a report suggests, as changes that somebody may have made since; `at` is when the report was made (unix seconds). */
export function readAdvice({ at, workloads }: ReportJson): FollowedChange[] {
  return workloads.flatMap(({ namespace, group = '', kind, name, containers }) =>
    containers.flatMap((one): FollowedChange[] => {
      const { suggestion } = one;
      const values = (['limit', 'request'] as const).flatMap((field): FollowedValue[] => {
        const [from, to] = [one[field], suggestion?.[field]];
        return isSize(from) && isSize(to) ? [{ field, from: bytes(from), to: bytes(to) }] : [];
      });
      const [first] = values;
      if (first?.from === undefined) return [];
      const container = {
        workload: { namespace, group, kind, name },
        container: one.name,
        direction: first.to > first.from ? ('raise' as const) : ('lower' as const),
        values,
        rollout: { state: 'not seen' as const },
        looks: [],
        verdict: { kind: 'open' as const },
      };
      return [{ how: 'by hand', at: Date.parse(at) / 1000, containers: [container], settled: false }];
    }),
  );
}

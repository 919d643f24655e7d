import { bytesOf } from '../../model/workload.ts';
import type { Rule } from '../rule.ts';

/** A raise of what leaks only postpones its end; where the action itself would raise as far, that is only said. */
export const weighLeak: Rule = ({ touched, before, after, evidence }) => {
  const [from, to] = [bytesOf(before.limit), bytesOf(after.limit)];
  const bytesPerHour = evidence?.leak?.bytesPerHour;
  if (!touched.limit || from === undefined || to === undefined || to <= from || bytesPerHour === undefined) return [];
  const left = to - (evidence?.used ?? Number.POSITIVE_INFINITY);
  const hours = left > 0 && bytesPerHour > 0 ? left / bytesPerHour : undefined;
  const suggested = evidence?.suggested?.limit ?? 0;
  return [
    {
      level: suggested >= to ? 'green' : 'yellow',
      fact: { kind: 'only postpones', bytesPerHour, ...(hours !== undefined && { hours }) },
    },
  ];
};

import { formatBytes } from '../bytes.ts';
import type { ProposedValue, Suggestion } from '../model/suggestion.ts';
import { formatSetting } from '../text/format.ts';

/** "limit 2000Mi → 2560Mi, request 1000Mi → 1536Mi" */
export function sayValues({ limit, request }: Pick<Suggestion, 'limit' | 'request'>): string {
  const say = (name: string, value: ProposedValue | undefined) =>
    value === undefined ? [] : [`${name} ${formatSetting(value.from)} → ${formatBytes(value.to)}`];
  return [...say('limit', limit), ...say('request', request)].join(', ');
}

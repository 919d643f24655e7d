import { formatBytes } from '../bytes.ts';
import type { Backtest, Effect, ProposedValue, Suggestion } from '../model/suggestion.ts';
import { count, formatSetting } from '../text/format.ts';

/** "limit 2000Mi → 2560Mi, request 1000Mi → 1536Mi" */
export function sayValues({ limit, request }: Pick<Suggestion, 'limit' | 'request'>): string {
  const say = (name: string, value: ProposedValue | undefined) =>
    value === undefined ? [] : [`${name} ${formatSetting(value.from)} → ${formatBytes(value.to)}`];
  return [...say('limit', limit), ...say('request', request)].join(', ');
}

/** "on 0 of the last 14 days this limit would have been passed; headroom 22 % over the highest" */
export function sayBacktest({ days, passed, headroom }: Backtest): string {
  const share = `${Math.abs(headroom).toFixed(0)} %`;
  const room = headroom < 0 ? `the highest was ${share} above it` : `headroom ${share} over the highest`;
  if (days === 1) return `on the last day this limit would${passed === 0 ? ' not' : ''} have been passed; ${room}`;
  return `on ${passed} of the last ${days} days this limit would have been passed; ${room}`;
}

/** "limits −3200Mi, requests +1024Mi on 2 pods"; `undefined` where nothing is taken or freed. */
export function sayEffect({ limits, requests, pods }: Effect): string | undefined {
  const say = (name: string, value: number | undefined) =>
    value === undefined || value === 0 ? [] : [`${name} ${value < 0 ? '−' : '+'}${formatBytes(Math.abs(value))}`];
  const changes = [...say('limits', limits), ...say('requests', requests)];
  return changes.length === 0 ? undefined : `${changes.join(', ')} on ${count(pods, 'pod')}`;
}

/** Both, where they are known: how the new values would have done, and what they cost or free. */
export function sayTrial({ backtest, effect }: Pick<Suggestion, 'backtest' | 'effect'>): string[] {
  const cost = effect === undefined ? undefined : sayEffect(effect);
  return [...(backtest === undefined ? [] : [sayBacktest(backtest)]), ...(cost === undefined ? [] : [cost])];
}

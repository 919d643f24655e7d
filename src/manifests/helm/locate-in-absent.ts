import type { Location } from '../../model/location.ts';
import { isObject, type Json, valueAt } from '../documents.ts';
import { snippetOf } from '../snippet.ts';
import { APP_TEMPLATE } from './app-template.ts';
import type { Dependency } from './find-charts.ts';
import { findKey, locateByKey } from './locate-unproved.ts';
import type { AbsentMiss, Subject } from './match-release.ts';
import { sayRelease } from './release.ts';
import type { Session } from './session.ts';

/**
 * For a workload of a chart that the release's chart depends on and the repository lacks: the conventional `resources` below
 * the dependency's key. Edited only when `allowed`, and never called proved.
 */
export async function locateInAbsent(
  miss: AbsentMiss,
  subject: Subject,
  session: Session,
  allowed: boolean,
): Promise<Location> {
  const { loaded, makers } = miss;
  const { release, layers, defaults } = loaded;
  const [maker, ...more] = makers;
  if (!maker || more.length > 0) {
    const { reason, why, lookedAt } = miss;
    const { suggestion } = subject;
    return { state: 'not located', suggestion, reason, why, lookedAt, snippet: snippetOf(suggestion) };
  }
  return locateByKey(subject, session, {
    release,
    layers,
    ...(defaults ? { defaults } : {}),
    because: miss.because,
    allowed,
    find: (values) => findBelow(values, release.name, maker, subject),
    how: ({ block, known }) =>
      `The chart ${maker.name}, on which the chart of ${sayRelease(release)} depends, could not be rendered: ${block.join('.')} is ${known}.`,
  });
}

/** The key in the values as the dependency sees them: its own, and those for all charts. */
function findBelow(values: Json, release: string, { name, key }: Dependency, subject: Subject) {
  const own = valueAt(values, [key]);
  const seen: Json = { ...(isObject(own) ? own : {}), global: valueAt(values, ['global']) ?? null };
  // An alias is the chart's name to its templates.
  const found = findKey(seen, release, name === APP_TEMPLATE ? name : key, subject);
  if (typeof found === 'string') return found;
  return { ...found, block: [key, ...found.block] };
}

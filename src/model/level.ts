/** How bad it is. The order of severity is red, yellow, unknown, green. */
export type Level = 'green' | 'yellow' | 'red' | 'unknown';

const SEVERITY: Readonly<Record<Level, number>> = { green: 0, unknown: 1, yellow: 2, red: 3 };

/** Whether something is wrong: yellow or red. */
export function isProblem(level: Level | undefined): level is 'yellow' | 'red' {
  return level === 'yellow' || level === 'red';
}

/** The more severe of two levels. */
export function worse(a: Level, b: Level): Level {
  return SEVERITY[b] > SEVERITY[a] ? b : a;
}

/** The most severe of all levels; green for none. */
export function worst(levels: Iterable<Level>): Level {
  let result: Level = 'green';
  for (const level of levels) result = worse(result, level);
  return result;
}

/** Sorts the most severe first. */
export function bySeverity(a: Level, b: Level): number {
  return SEVERITY[b] - SEVERITY[a];
}

/** Whether a level is as bad as the option `fail-on` asks for. */
export function isFailing(level: Level, failOn: 'red' | 'yellow' | 'never'): boolean {
  return failOn === 'yellow' ? isProblem(level) : failOn === 'red' && level === 'red';
}

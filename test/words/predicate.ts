/** The verbs with which a clause may start, whose subject is the container. */
const VERBS = 'grew grows has heads is keeps leaks needs peaked requests shrank stayed uses was';

/** The first word of a clause where that is no verb with which one may start. */
export function wrongStart(clause: string): string[] {
  const [first = ''] = clause.trim().split(/[ :]/);
  return VERBS.split(' ').includes(first) ? [] : [first];
}

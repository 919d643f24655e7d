import type { Ignored, UnreadMark } from '../model/inspection.ts';
import type { IgnoreMark, Workload } from '../model/workload.ts';
import { parseDate } from '../text/date.ts';
import { toSingleLine } from '../text/markdown.ts';

/** Of a reason, in characters. */
const LONGEST_REASON = 200;
const DATE = /^\d{4}-\d\d-\d\d$/;
/** What other annotations are switched by. "false" was not meant to ignore, and "true" says nothing. */
const SWITCH = /^(?:true|false|yes|no|on|off|[01])$/i;

/** The first mark that holds for the container and has not expired on `date` (`YYYY-MM-DD`), a container's own before the others. */
export function findIgnoreMark(workload: Workload, container: string, date: string): Ignored | undefined {
  const marks = workload.ignoreMarks ?? [];
  const own = [...marks.filter((mark) => mark.container === container), ...marks.filter(isForAll)];
  for (const mark of own) {
    const said = parseMark(mark);
    if (said.state === 'holds' && (said.until === undefined || date <= said.until)) {
      return { reason: said.reason, ...(said.until === undefined ? {} : { until: said.until }), by: 'annotation' };
    }
  }
  return undefined;
}

/** The marks that ignore nothing, because they cannot be understood or name no container that there is. */
export function listUnreadMarks(workload: Workload): readonly UnreadMark[] {
  const known = new Set([workload, ...workload.pods].flatMap(({ containers }) => containers.map(({ name }) => name)));
  return (workload.ignoreMarks ?? []).flatMap((mark): UnreadMark[] => {
    const { container } = mark;
    const said = parseMark(mark);
    const why = said.state === 'unread' ? said.why : undefined;
    const absent = container !== undefined && !known.has(container) ? 'no such container' : undefined;
    const found = absent ?? why;
    return found === undefined
      ? []
      : [{ workload: workload.ref, ...(container === undefined ? {} : { container }), why: found }];
  });
}

function isForAll({ container }: IgnoreMark): boolean {
  return container === undefined;
}

type Said =
  | { readonly state: 'holds'; readonly reason: string; readonly until?: string }
  | { readonly state: 'unread'; readonly why: UnreadMark['why'] };

/** What `reason; until=2027-03-31` says. What looks like a date that was meant is no part of a reason: it would never end. */
function parseMark({ text, cut = false }: IgnoreMark): Said {
  if (cut) return { state: 'unread', why: 'too long' };
  const parts = text.split(';').map((part) => part.trim());
  const [first = '', ...rest] = parts.filter((part) => part !== '');
  const settings = rest.filter((part) => /^\w+\s*=/.test(part) || DATE.test(part));
  const reason = [first, ...rest.filter((part) => !settings.includes(part))].join('; ');
  if (/\buntil(?:\s*[=:]|\s+\d{4}-\d)/i.test(reason)) {
    return { state: 'unread', why: /^until\s*[=:]/i.test(reason) ? 'no reason' : 'no date' };
  }
  if (reason === '' || DATE.test(reason) || SWITCH.test(reason)) return { state: 'unread', why: 'no reason' };
  const whole = toSingleLine(reason, LONGEST_REASON);
  if (settings.length === 0) return { state: 'holds', reason: whole };
  const date = settings.length === 1 ? /^until\s*=\s*(\S+)$/.exec(settings[0] ?? '')?.[1] : undefined;
  const until = date === undefined ? undefined : parseDate(date);
  return until === undefined ? { state: 'unread', why: 'no date' } : { state: 'holds', reason: whole, until };
}

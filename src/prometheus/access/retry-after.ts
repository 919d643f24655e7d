/**
 * Seconds that the header `Retry-After` asks to wait: a number of them, or a date, which counts from the server's own
 * `Date` where it sends one, because its clock may differ. `undefined` for anything else.
 */
export function readRetryAfter(header: string | null, serverDate: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const until = dateOf(text);
  if (until === undefined) return undefined;
  return Math.max(0, (until - (dateOf(serverDate ?? '') ?? now)) / 1000);
}

/** Milliseconds of an HTTP date; a bare number, which `Date.parse` takes for a year, is none. */
function dateOf(text: string): number | undefined {
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isFinite(time) ? time : undefined;
}

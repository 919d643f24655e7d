/** `YYYY-MM-DD` of a day that exists; `undefined` for any other text. */
export function parseDate(value: string): string | undefined {
  const parsed = /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined;
  if (!parsed || Number.isNaN(parsed.getTime())) return undefined;
  return parsed.toISOString().startsWith(value) ? value : undefined;
}

import type { Context } from '../report/context.ts';
import type { PageHistory } from './history.ts';

/** The page to look at: one HTML file that needs nothing from outside. The same input gives the same bytes. */
export function buildPage(_context: Context, _history: PageHistory): string {
  return '<!doctype html>\n';
}

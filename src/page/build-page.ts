import { createHash } from 'node:crypto';
import type { Context } from '../report/context.ts';
import { byteLength } from '../text/format.ts';
import { describeMoment, describePage } from './describe-page.ts';
import { embed, escapeText } from './embed.ts';
import { fitRows } from './fit-rows.ts';
import { CLIENT_SCRIPT, CLIENT_STYLE } from './generated/client.ts';
import type { PageHistory } from './history.ts';
import type { PageData } from './page-data.ts';

/** A larger page opens slowly. */
const MOST_BYTES = 6_000_000;

/**
 * The page to look at: one HTML file that needs nothing from outside. The same input gives the same bytes, and at most about
 * `most` of them: what has no room is left out, and the page says so.
 */
export function buildPage(context: Context, history: PageHistory, most = MOST_BYTES): string {
  const data = describePage(context, history);
  const frame = writePage(context, data, { rows: [], series: [] });
  // What was left out is said in some sentences.
  const rows = fitRows(context, most - byteLength(frame) - 1000);
  return writePage(context, { ...data, leftOut: [...rows.leftOut, ...data.leftOut] }, rows);
}

interface Rows {
  readonly rows: readonly string[];
  readonly series: readonly string[];
}

function writePage(context: Context, data: PageData, { rows, series }: Rows): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Kubernetes Memory Inspector">
<title>${escapeText(data.title)}</title>
<link rel="icon" href="data:,">
<style>${CLIENT_STYLE}</style>
</head>
<body>
<noscript><h1>${escapeText(data.title)}</h1><p>${escapeText(data.headline)}</p><p>This page draws itself with a script. Without one, read the report beside it.</p></noscript>
<script type="application/json" id="data">${embed(data)}</script>
<script type="application/json" id="moment">${embed(describeMoment(context))}</script>
<script type="application/json" id="rows">${writeLines(rows)}</script>
<script type="application/json" id="series">${writeLines(series)}</script>
<script>${CLIENT_SCRIPT}</script>
</body>
</html>
`;
}

/** Nothing but the page's own script and style runs, and nothing is asked for or sent. */
function policy(): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(CLIENT_SCRIPT)}'`,
    `style-src '${hashOf(CLIENT_STYLE)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}

/** One line an item: so a diff of two pages shows what changed. */
function writeLines(items: readonly string[]): string {
  return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n]`;
}

import { lexer, type Token, walkTokens } from 'marked';

/** What a report may hold of HTML, and without attributes: folds, bold in their titles, line breaks, small print, code. */
const ALLOWED_TAG = /^<\/?(?:details|summary|b|sub|br|code)\s*\/?>$/i;
const TAGS = /<!--[\s\S]*?-->|<\/?[a-z][^>]*>?|<[!?][^>]*>?/gi;

/** What is wrong with a Markdown text as GitHub would read it: tables with ragged rows, HTML that should not be there. */
export function checkMarkdown(markdown: string): string[] {
  const problems: string[] = [];
  const html: string[] = [];
  walkTokens(lexer(markdown, { gfm: true }), (token: Token) => {
    if (token.type === 'table') problems.push(...checkTable(token.raw));
    if (token.type === 'html') html.push(token.raw);
  });
  const tags = html.flatMap((raw) => raw.match(TAGS) ?? []).filter((tag) => !tag.startsWith('<!--'));
  const foreign = tags.filter((tag) => !ALLOWED_TAG.test(tag));
  problems.push(...foreign.map((tag) => `HTML that should not be there: ${tag}`));
  const opened = tags.filter((tag) => /^<details/i.test(tag)).length;
  const closed = tags.filter((tag) => /^<\/details/i.test(tag)).length;
  if (opened !== closed) problems.push(`${opened} details are opened and ${closed} closed`);
  return problems;
}

function checkTable(raw: string): string[] {
  const [head = '', ...rows] = raw.trim().split('\n');
  const wanted = countCells(head);
  return rows.flatMap((row) => {
    const cells = countCells(row);
    return cells === wanted ? [] : [`a table row has ${cells} cells instead of ${wanted}: ${row.trim()}`];
  });
}

/** Every unescaped pipe ends a cell, in code too. */
function countCells(row: string): number {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).length;
}

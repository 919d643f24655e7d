import type { LevelLetter, MomentData, PageData, TotalsData } from '../page-data.ts';
import { badge, bullets, element, link, write } from './dom.ts';
import { WHOLE_VIEW, writeHash } from './view-state.ts';

const SHOWN = 10;

/** Title, what the run comes to, what stands in the way of trusting it, and the totals. */
export function buildHeader(data: PageData, moment: MomentData, theme: HTMLElement): HTMLElement {
  const inspected = data.inspected.flatMap((sentence, index) => [...(index === 0 ? [] : [' · ']), ...write(sentence)]);
  const run = moment.runUrl === undefined ? [] : [' · ', link('run', moment.runUrl)];
  return element(
    'header',
    { class: 'top' },
    element('div', { class: 'title' }, element('h1', {}, data.title), theme),
    ...data.alerts.map(({ kind, text, reasons }) =>
      element(
        'div',
        { class: `alert ${kind}`, role: 'note' },
        element('strong', {}, `${kind === 'error' ? '✕' : '!'} ${text}`),
        reasons.length === 0 ? undefined : bullets(reasons.map((reason) => [reason])),
      ),
    ),
    element('p', { class: 'headline' }, data.headline),
    buildTotals(data),
    element('p', { class: 'muted inspected' }, ...inspected, ` · as of ${moment.asOf}`, ...run),
  );
}

const TILES: readonly (readonly [LevelLetter | '', keyof TotalsData, string])[] = [
  ['r', 'atRisk', 'at risk'],
  ['y', 'attention', 'attention'],
  ['g', 'healthy', 'healthy'],
  ['u', 'unknown', 'unknown'],
  ['', 'total', 'pods in all'],
];

function buildTotals({ totals, since }: PageData): HTMLElement {
  const tiles = TILES.map(([level, name, text]) => {
    const change = since === undefined ? undefined : totals[name] - since.totals[name];
    const said = change === undefined ? undefined : `${change > 0 ? '+' : change < 0 ? '−' : '±'}${Math.abs(change)}`;
    return element(
      'div',
      { class: `tile ${level === '' ? '' : `level-${level}`}` },
      element('dt', {}, level === '' ? undefined : badge(level), ` ${text}`),
      element(
        'dd',
        {},
        element('b', {}, String(totals[name])),
        said && element('span', { class: 'muted' }, ` ${said}`),
      ),
    );
  });
  return element(
    'div',
    {},
    element('dl', { class: 'tiles', 'aria-label': 'Pods' }, ...tiles),
    since && element('p', { class: 'muted small' }, `Changes are since ${since.date}.`),
  );
}

/** The list of what to do, each with a link to its row. */
export function buildTodo({ todo, todoCount }: PageData): HTMLElement {
  const items = todo.map(({ key, level, text }) =>
    element('li', {}, badge(level), ' ', anchor(key, text[0]), ...write(text.slice(1))),
  );
  const rest = items.slice(SHOWN);
  const more = todoCount - todo.length;
  return section(
    'what-to-do',
    'What to do',
    ...(items.length === 0 ? [element('p', {}, 'Nothing to do.')] : [element('ol', {}, ...items.slice(0, SHOWN))]),
    ...(rest.length === 0
      ? []
      : [
          element(
            'details',
            {},
            element('summary', {}, `${rest.length} more`),
            element('ol', { start: SHOWN + 1 }, ...rest),
          ),
        ]),
    ...(more > 0 ? [element('p', { class: 'muted' }, `And ${more} more: filter the table by level.`)] : []),
  );
}

function anchor(key: string, name: PageData['todo'][number]['text'][number] | undefined): HTMLElement {
  const text = typeof name === 'object' && 'b' in name ? name.b : key;
  return element('a', { href: `#${writeHash({ ...WHOLE_VIEW, open: key })}` }, text);
}

/** A landmark with a heading. */
export function section(id: string, title: string, ...children: readonly (Node | undefined)[]): HTMLElement {
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title),
    ...children,
  );
}

/** What must be known about the data, and what is not on the page. */
export function buildQuality({ quality, leftOut }: PageData): HTMLElement {
  return section('data-quality', 'Data quality', bullets([...leftOut.map((sentence) => [sentence]), ...quality]));
}

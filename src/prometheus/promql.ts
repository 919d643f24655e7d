import { UserError } from '../errors.ts';
import { type Dialect, LABELS, metricNamesOf } from './dialect.ts';

export type Namespaces = readonly string[] | 'all';

/** The namespaces that a query is about, and the user's own matchers (checked by `checkMatchers`). */
export interface Selection {
  readonly namespaces: Namespaces;
  /** Where they are `all`: patterns (`*`, `?`) of those that are left out. */
  readonly except?: readonly string[];
  readonly matchers: string;
  /** Where the usage is not cAdvisor's. */
  readonly dialect?: Dialect;
  /** How many seconds after the evaluation time the series are looked at; none by default. */
  readonly ahead?: number;
}

/** A PromQL string literal. */
export function quote(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t');
  return `"${escaped}"`;
}

/** A literal that matches exactly the given texts in `=~` (RE2, anchored). */
export function anyOf(texts: readonly string[]): string {
  return quote(texts.map(escapeExpression).join('|'));
}

/** A literal that matches in `=~` what one of the patterns (`*` any text, `?` one character) fits. */
export function anyPattern(globs: readonly string[]): string {
  const expressions = globs.map((glob) => escapeExpression(glob).replaceAll('\\*', '.*').replaceAll('\\?', '.'));
  return quote(expressions.join('|'));
}

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

const MATCHER = /^[a-zA-Z_][a-zA-Z0-9_]*\s*(?:=~|!~|!=|=)\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)/;

/**
 * The option `prometheus-matchers` as it can be put into a selector: `cluster="prod",env=~"a|b"`, with or without
 * braces. Throws `UserError` for anything else.
 */
export function checkMatchers(option: string | undefined): string {
  const inner = (option ?? '')
    .trim()
    .replace(/^\{([\s\S]*)\}$/, '$1')
    .trim();
  const found: string[] = [];
  let rest = inner;
  while (rest !== '') {
    const matcher = MATCHER.exec(rest)?.[0];
    if (matcher === undefined) throw wrongMatchers(inner);
    found.push(matcher);
    rest = rest.slice(matcher.length).trimStart();
    if (rest === '') break;
    if (!rest.startsWith(',')) throw wrongMatchers(inner);
    rest = rest.slice(1).trimStart();
  }
  return found.join(',');
}

function wrongMatchers(text: string): UserError {
  return new UserError(
    `prometheus-matchers is "${text}", which is not a list of label matchers: write it like cluster="prod",env=~"a|b"`,
  );
}

/**
 * The option `cluster-label`, checked. Throws `UserError` for what is no label name.
 */
export function checkLabelName(name: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return name;
  throw new UserError(`cluster-label is "${name}", which is not a label name: letters, digits and _ are accepted`);
}

/** How rows without a container are treated: left out (default), or kept (a JVM's, whose scrape may not say it). */
export type ContainerRows = 'only' | 'any';

/** A selector, and what gives the vector that is made of it the usual labels. */
export interface Selector {
  readonly text: string;
  readonly ahead?: number;
  readonly rename: (vector: string) => string;
}

/**
 * Selectors of `metric` (a name, or matchers that stand for one) within the selection: of what the exporter publishes, and
 * of the usage in the selection's dialect.
 */
export function selectors(
  metric: string,
  selection: Selection,
  extra: readonly string[] = [],
  containers: ContainerRows = 'only',
): readonly Selector[] {
  const { dialect, ahead } = selection;
  const names = dialect && metricNamesOf(dialect, metric);
  const usual = names && isUsage(metric) ? [] : usualSelectors(metric, selection, extra, containers);
  const found = usual.map((text): Selector => ({ text, ahead, rename: (vector) => vector }));
  if (!dialect || !names) return found;
  // Two names of one metric would be twins once a function has dropped the name.
  const apart = metric.startsWith('__name__') ? [names] : names.map((name) => [name]);
  return [...found, ...apart.map((each) => translated(dialect, each, selection, extra, containers))];
}

function isUsage(metric: string): boolean {
  return /^(?:__name__=~")?container_/.test(metric);
}

function translated(
  dialect: Dialect,
  names: readonly string[],
  { namespaces, except, matchers, ahead }: Selection,
  extra: readonly string[],
  containers: ContainerRows,
): Selector {
  const { labels } = dialect;
  const all = [`${labels.namespace}!=""`, ...(containers === 'only' ? [`${labels.container}!=""`] : [])];
  if (namespaces !== 'all') all.push(`${labels.namespace}=~${anyOf(namespaces)}`);
  else if (except?.length) all.push(`${labels.namespace}!~${anyPattern(except)}`);
  for (const matcher of extra) all.push(matcher.replace(/^container(?=[=!])/, labels.container));
  if (matchers !== '') all.push(matchers);
  const [first = ''] = names;
  const name = names.length === 1 && /^\w+$/.test(first) ? first : `__name__=~${anyOf(names)}`;
  return { text: braces(name, all), ahead, rename: (vector) => withUsualLabels(dialect, vector) };
}

/** The vector with the labels by which queries group, whatever they are called in the dialect. */
export function withUsualLabels({ labels }: Dialect, vector: string): string {
  return LABELS.reduce((inner, label) => {
    const own = labels[label].replaceAll('"', '');
    return `label_replace(${inner}, "${label}", "$1", "${own}", "(.*)")`;
  }, vector);
}

/**
 * The rows that a scrape renamed (`exported_namespace`) have a selector of their own, so that neither finds a row by the
 * exporter's own namespace.
 */
function usualSelectors(
  metric: string,
  selection: Selection,
  extra: readonly string[],
  containers: ContainerRows,
): string[] {
  const pause = ['container!="POD"', 'exported_container!="POD"'];
  const common = [...(containers === 'only' ? ['container!=""'] : []), ...pause, ...extra];
  if (selection.matchers !== '') common.push(selection.matchers);
  if (selection.namespaces === 'all') {
    if (!selection.except?.length) return [braces(metric, common)];
    const left = anyPattern(selection.except);
    return [
      braces(metric, [`namespace!~${left}`, 'exported_namespace=""', ...common]),
      braces(metric, [`exported_namespace!~${left}`, 'exported_namespace!=""', ...common]),
    ];
  }
  const names = anyOf(selection.namespaces);
  return [
    braces(metric, [`namespace=~${names}`, 'exported_namespace=""', ...common]),
    braces(metric, [`exported_namespace=~${names}`, ...common]),
  ];
}

function braces(metric: string, matchers: readonly string[]): string {
  const named = metric.startsWith('__name__') ? [metric, ...matchers] : matchers;
  return `${metric.startsWith('__name__') ? '' : metric}{${named.join(',')}}`;
}

/** `wrap` around each selector, which makes it a vector, as one vector. */
export function either(found: readonly Selector[], wrap: (selector: string) => string): string {
  return found.map((selector) => selector.rename(lookAhead(wrap(selector.text), selector))).join(' or ');
}

/** The vector with an offset after its selector and that one's range. */
function lookAhead(vector: string, { text, ahead }: Selector): string {
  if (!ahead) return vector;
  const range = /^\[\d+s\]/;
  const after = vector.indexOf(text) + text.length;
  const end = after + (range.exec(vector.slice(after))?.[0].length ?? 0);
  return `${vector.slice(0, end)} offset -${ahead}s${vector.slice(end)}`;
}

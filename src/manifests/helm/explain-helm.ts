import type { TemplateRequest } from './run-helm.ts';

/** Lines of a log beside the error: of klog, of Go's log, of its newer form, and helm's own warnings. */
const LOG_LINE = /^(?:[EFIW]\d{4} \d\d:|\d{4}\/\d\d\/\d\d |\w{1,40}\.go:\d|time=|level=|WARNING)/;
const KLOG_PREFIX = /^[EFIW]\d{4} [^\]\n]{0,100}\] /;
const MOST_CHARACTERS = 300;

/**
 * Why helm failed, in its own words on one line: without lines of a log, and without any path of the scratch (below
 * `root`), which nobody finds again.
 */
export function explainHelm(
  said: string,
  { chart, values }: Pick<TemplateRequest, 'chart' | 'values'>,
  root: string,
): string {
  if (/unknown flag: --skip-schema-validation/.test(said)) {
    return 'helm is too old to render without fetching what a schema names: 3.16 or later is needed';
  }
  const text = values
    .reduce((rest, path) => rest.replaceAll(path, 'a values file'), errorIn(said).replaceAll(`${chart}/`, ''))
    .replaceAll(chart, 'the chart')
    .split(root)
    .map((part, index) => (index === 0 ? part : `a file${part.replace(/^[^\s:;,"')]+/, '')}`))
    .join('')
    .replace(/^Error: /, '')
    .replace(/\s+/g, ' ')
    .trim();
  const cut = text.split(' Use --debug flag', 1)[0] ?? '';
  if (cut === '') return 'helm gave no reason';
  return cut.length > MOST_CHARACTERS ? `${cut.slice(0, MOST_CHARACTERS)}…` : cut;
}

/** What follows the word for an error, else what is no log, else the log without its prefixes. */
function errorIn(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const error = lines.findIndex((line) => line.startsWith('Error: '));
  const words = lines.slice(Math.max(error, 0)).filter((line) => !LOG_LINE.test(line));
  if (words.length > 0) return words.join(' ');
  return lines.map((line) => line.replace(KLOG_PREFIX, '')).join(' ');
}

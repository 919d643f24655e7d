import { marked } from 'marked';
import { isMap, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml';

/**
 * @typedef {{ readonly line: number, readonly uses: string, readonly comment: string, readonly keys: readonly string[] }} Use
 * One `uses:`: its value, the comment behind it, the keys of its `with:`. Lines count from one.
 * @typedef {{ readonly line: number, readonly step: string, readonly output: string }} Read A `steps.STEP.outputs.OUTPUT`.
 * @typedef {{ readonly line: number, readonly text: string }} Block YAML, and the line of the file at which it begins.
 * @typedef {object} Found What one piece of YAML says.
 * @property {readonly Use[]} uses
 * @property {readonly Read[]} reads
 * @property {ReadonlyMap<string, readonly string[]>} steps Of each id the actions of the steps that have it; empty for a script.
 * @property {boolean} whole Whether it is a whole workflow, and so names every step that it reads.
 * @property {readonly { readonly line: number, readonly says: string }[]} broken Where it is no YAML.
 */

/** The YAML of a file: all of it, or in Markdown its code blocks. @param {string} path @param {string} text @returns {readonly Block[]} */
export function readBlocks(path, text) {
  return path.endsWith('.md') ? blocksOf(text) : [{ line: 1, text }];
}

/** @param {string} markdown */
function blocksOf(markdown) {
  /** @type {Block[]} */
  const blocks = [];
  let from = 0;
  marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type !== 'code') return;
    const { lang, text } = /** @type {{ lang?: string, text: string }} */ (token);
    const at = markdown.indexOf(text.split('\n')[0] ?? '', from);
    if (at >= 0) from = at;
    // A block of another language is no YAML, unless somebody left out the language of a step.
    const mayBe = lang === undefined || lang === '' ? /^\s*(?:- )?uses:/m.test(text) : /^ya?ml\b/i.test(lang);
    if (mayBe) blocks.push({ line: markdown.slice(0, from).split('\n').length, text });
  });
  return blocks;
}

/** @param {Block} block @returns {Found} */
export function readUses({ line: first, text }) {
  const counter = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter: counter })];
  const lineOf = (/** @type {number} */ offset) => first + counter.linePos(offset).line - 1;
  /** @type {Use[]} */
  const uses = [];
  /** @type {Read[]} */
  const reads = [];
  /** @type {Map<string, string[]>} */
  const steps = new Map();
  for (const document of documents) {
    visit(document, {
      Map(_, map) {
        const value = map.get('uses', true);
        const id = map.has('uses') || map.has('run') ? map.get('id') : undefined;
        const action = isScalar(value) ? String(value.value) : '';
        if (typeof id === 'string') steps.set(id, [...(steps.get(id) ?? []), action]);
        if (!isScalar(value)) return;
        const inputs = map.get('with');
        const keys = isMap(inputs) ? inputs.items.map(({ key }) => String(key)) : [];
        uses.push({ line: lineOf(value.range?.[0] ?? 0), uses: action, comment: (value.comment ?? '').trim(), keys });
      },
      Scalar(_, { value, range }) {
        for (const [, step = '', output = ''] of String(value).matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
          reads.push({ line: lineOf(range?.[0] ?? 0), step, output });
        }
      },
    });
  }
  const broken = documents.flatMap(({ errors }) =>
    errors.map(({ pos, message }) => ({ line: lineOf(pos[0]), says: message.split('\n')[0] ?? '' })),
  );
  return { uses, reads, steps, whole: documents.some((one) => one.has('jobs')), broken };
}

import { type Document, isScalar, Lexer, LineCounter, Parser, parseDocument, visit } from 'yaml';
import { formatMegabytes, MIB } from '../bytes.ts';
import { messageOf, UserError } from '../errors.ts';

/** Of a config file, which anybody with a pull request may have written: all of these are far beyond a real one. */
export const LARGEST_CONFIG = MIB;
const MOST_TOKENS = 100_000;
const MOST_DEPTH = 100;
const MOST_ALIASES = 100;

/** The mapping that a config file holds. Throws a `UserError` that names the file for anything else. */
export function parseConfig(path: string, text: string): Readonly<Record<string, unknown>> {
  if (text.length > LARGEST_CONFIG) throw refuse(path, `is larger than ${formatMegabytes(LARGEST_CONFIG)}`);
  checkStructure(path, text);
  const lines = new LineCounter();
  // The library's own search for equal keys, and its drawing of errors, take time by the square of the file.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [error] = document.errors;
  if (error) throw refuse(path, `is not valid YAML: ${messageOf(error)}${placeOf(lines, error.pos[0])}`, error);
  checkKeys(path, document, lines);
  const content = toPlain(path, document);
  if (content === null || content === undefined) return {};
  if (typeof content === 'object' && !Array.isArray(content)) return content as Readonly<Record<string, unknown>>;
  throw new UserError(`${path} must hold a mapping of options, such as "usage-red: 90".`);
}

/** The parser proper calls itself for each level, and runs out of stack where there are many. */
function checkStructure(path: string, text: string): void {
  const parser = new Parser();
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > MOST_TOKENS) throw refuse(path, `holds more than ${MOST_TOKENS} words and signs`);
    for (const _ of parser.next(token));
    if (parser.stack.length > MOST_DEPTH) throw refuse(path, 'is not valid YAML: it is nested too deep');
  }
}

function checkKeys(path: string, document: Document, lines: LineCounter): void {
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          const place = placeOf(lines, key.range?.[0] ?? 0);
          throw refuse(
            path,
            `is not valid YAML: the key "${String(key.value).slice(0, 60)}" stands twice in a mapping${place}`,
          );
        }
        seen.add(key.value);
      }
    },
  });
}

function toPlain(path: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (thrown) {
    throw refuse(path, `is not valid YAML: ${messageOf(thrown)}`, thrown);
  }
}

function placeOf(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return ` (line ${line}, column ${col})`;
}

function refuse(path: string, why: string, cause?: unknown): UserError {
  return new UserError(`${path} ${why}.`, { cause });
}

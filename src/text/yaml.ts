import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A text's documents as nodes with their offsets, and as the plain values they stand for, aliases and merges expanded. */
export interface ParsedYaml {
  readonly documents: readonly Document.Parsed[];
  readonly values: readonly Json[];
  /** How many values these are, each use of an alias counted. */
  readonly size: number;
}

/** Why a text is not read. Lines and columns count from 1. */
export interface YamlFault {
  /** `TOO_LARGE`, `EXPANDS`, `DUPLICATE_KEY`, `BAD_MERGE`, `BAD_ALIAS`, or one of the parser's. */
  readonly code: string;
  readonly place?: { readonly line: number; readonly column: number };
  /** The key that stands twice. */
  readonly key?: string;
  /** The parser's own words. */
  readonly message?: string;
}

/**
 * Merge keys are resolved as Kubernetes' own tools do. Duplicate keys are found below: the parser's own search is quadratic,
 * and so is what it says of each of many errors.
 */
const PARSE = { merge: true, logLevel: 'silent', uniqueKeys: false, prettyErrors: false } as const;

/** More than two megabytes of dense manifests have. A node costs the parser up to half a kilobyte. */
const MOST_TOKENS = 500_000;
/** A shorter text costs little, whatever stands in it. */
const SHORT = 50_000;
/** Values after the expansion of aliases. */
const MOST_VALUES = 500_000;
const DEEPEST = 200;

/**
 * Parses every document of a text that nobody vouches for. Any error, a duplicate key, or more values than a person would
 * write makes it a fault; time and memory grow with the text's length and no faster.
 */
export function parseYaml(text: string): ParsedYaml | YamlFault {
  const fault = text.length <= SHORT ? undefined : countTokens(text);
  if (fault) return fault;
  const documents = [...parseAllDocuments(text, PARSE)] as Document.Parsed[];
  const error = documents.flatMap((document) => document.errors)[0];
  if (error) return { code: error.code, place: placeAt(text, error.pos[0]), message: error.message };
  const expansion: Expansion = { left: MOST_VALUES };
  try {
    const values = documents.map((document) => expand(document, expansion));
    return { documents, values, size: MOST_VALUES - expansion.left };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { code, offset, key } = thrown;
    return {
      code,
      ...(offset === undefined ? {} : { place: placeAt(text, offset) }),
      ...(key === undefined ? {} : { key }),
    };
  }
}

export function isParsedYaml(parsed: ParsedYaml | YamlFault): parsed is ParsedYaml {
  return 'documents' in parsed;
}

function placeAt(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Why a text is not parsed, from its tokens alone. */
function countTokens(text: string): YamlFault | undefined {
  let [tokens, depth] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MOST_TOKENS) return { code: 'TOO_LARGE' };
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > DEEPEST) return { code: 'RESOURCE_EXHAUSTION' };
  }
  return undefined;
}

interface Expansion {
  left: number;
}

class Fault extends Error {
  readonly code: YamlFault['code'];
  readonly offset: number | undefined;
  readonly key: string | undefined;

  constructor(code: YamlFault['code'], node?: Node | null, key?: string) {
    super(code);
    this.code = code;
    this.offset = node?.range?.[0];
    this.key = key;
  }
}

/** The values of a document: a tree without shared branches, so that a change to one place is a change to one place. */
function expand(document: Document.Parsed, expansion: Expansion): Json {
  const anchors = new Map<string, Node>();
  // An anchor may be given again: an alias means the one that was last given where it is written.
  const targets = new Map<unknown, Node>();
  // What an alias stands for was read where it was written: its anchors are not given again.
  let expanding = 0;

  const targetOf = (alias: Alias): Node => {
    const target = targets.get(alias) ?? anchors.get(alias.source);
    if (target === undefined) throw new Fault('BAD_ALIAS', alias);
    targets.set(alias, target);
    return target;
  };

  const readNode = (node: unknown, depth: number): Json => {
    if (--expansion.left < 0 || depth > DEEPEST) throw new Fault('EXPANDS', node as Node);
    if (isAlias(node)) {
      const target = targetOf(node);
      expanding++;
      const value = readNode(target, depth + 1);
      expanding--;
      return value;
    }
    remember(node);
    if (isMap(node)) return mapOf(node, depth);
    if (isSeq(node)) return node.items.map((item) => readNode(item, depth + 1));
    return isScalar(node) ? scalarOf(OCTAL.test(plainSourceOf(node)) ? octalOf(node) : node.value) : null;
  };

  const remember = (node: unknown) => {
    const { anchor } = (node ?? {}) as { readonly anchor?: string };
    if (anchor !== undefined && expanding === 0) anchors.set(anchor, node as Node);
  };

  const mapOf = (map: YAMLMap, depth: number): Json => {
    const own: Record<string, Json> = {};
    const merged = new Set<string>();
    for (const { key, value } of map.items) {
      if (isMergeKey(key)) {
        for (const [name, inner] of mergedEntries(value, depth)) {
          if (Object.hasOwn(own, name)) continue;
          define(own, name, inner);
          merged.add(name);
        }
        continue;
      }
      remember(key);
      const name = keyOf(isAlias(key) ? targetOf(key) : key) ?? JSON.stringify(readNode(key, depth + 1));
      if (Object.hasOwn(own, name) && !merged.delete(name)) throw new Fault('DUPLICATE_KEY', key as Node, name);
      define(own, name, readNode(value, depth + 1));
    }
    return own;
  };

  const mergedEntries = (node: unknown, depth: number): [string, Json][] => {
    const source = readNode(node, depth + 1);
    const maps = Array.isArray(source) ? (source as readonly Json[]) : [source];
    return maps.flatMap((one) => {
      if (typeof one !== 'object' || one === null || Array.isArray(one)) throw new Fault('BAD_MERGE', node as Node);
      return Object.entries(one);
    });
  };

  return readNode(document.contents, 0);
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && (key.type === undefined || key.type === 'PLAIN') && key.source === '<<';
}

/** A key as a JSON object has it; `undefined` for a map or a list. */
function keyOf(key: unknown): string | undefined {
  if (key === null || key === undefined) return '';
  if (!isScalar(key)) return undefined;
  return key.value === null ? '' : String(key.value);
}

/** Kubernetes' own tools read a number that begins with a zero as octal, as YAML 1.1 has it. */
const OCTAL = /^[-+]?0[0-7]+$/;

function plainSourceOf({ type, source, tag }: Scalar): string {
  return type === 'PLAIN' && (tag === undefined || tag === 'tag:yaml.org,2002:int') ? (source ?? '') : '';
}

function octalOf({ source = '' }: Scalar): number {
  const size = Number.parseInt(source.replace(/^[-+]/, ''), 8);
  return source.startsWith('-') ? -size : size;
}

function scalarOf(value: unknown): Json {
  // JSON has neither infinity nor a zero below zero.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

/** Sets a key of its own: `__proto__` is one like any other. */
export function define<T extends object>(target: T, key: string | number, value: Json): T {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else (target as Record<string | number, Json>)[key] = value;
  return target;
}

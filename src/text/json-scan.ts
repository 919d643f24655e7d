/** Thrown when a JSON text ends or breaks off within a value. */
export class BrokenJson extends Error {
  override readonly name = 'BrokenJson';
}

/** Deeper than anything that an API server, a Prometheus or this program writes. */
export const MOST_DEPTH = 500;

/** Thrown when a JSON text is nested so deep that whatever walks through it may run out of stack. */
export class DeepJson extends BrokenJson {
  constructor() {
    super(`nested more than ${MOST_DEPTH} levels deep`);
  }
}

/** A whole JSON text as a value. Throws `DeepJson`, or what `JSON.parse` throws for what is none. */
export function parseJson(text: string): unknown {
  try {
    endOfValue(text, skipSpace(text, 0));
  } catch (cause) {
    if (cause instanceof DeepJson) throw cause;
  }
  return JSON.parse(text);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Index of the first character at or after `from` that is not white space. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  throw new BrokenJson('ends within a string');
}

/** Index behind the JSON value that begins at `from`. Throws `BrokenJson`. */
export function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (code === 0x7b || code === 0x5b) {
      if (depth === MOST_DEPTH) throw new DeepJson();
      depth++;
    } else if (code === 0x7d || code === 0x5d) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (code === 0x2c && depth === 0) return at;
  }
  throw new BrokenJson('ends within a value');
}

/** Calls `visit` with key and start of each member of the object that begins at `open`; `visit` returns the value's end. */
export function eachMember(text: string, open: number, visit: (key: string, start: number) => number): number {
  return eachItem(text, open, '}', (at) => {
    if (text.charCodeAt(at) !== QUOTE) throw new BrokenJson('a key is missing');
    const end = endOfString(text, at);
    const colon = skipSpace(text, end);
    if (text[colon] !== ':') throw new BrokenJson('a colon is missing');
    return visit(String(JSON.parse(text.slice(at, end))), skipSpace(text, colon + 1));
  });
}

/** Calls `visit` with the start of each element of the array that begins at `open`; `visit` returns the element's end. */
export function eachElement(text: string, open: number, visit: (start: number) => number): number {
  return eachItem(text, open, ']', visit);
}

function eachItem(text: string, open: number, close: string, visit: (start: number) => number): number {
  let at = skipSpace(text, open + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    if (at >= text.length) throw new BrokenJson('ends within a list');
    at = skipSpace(text, visit(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') throw new BrokenJson(at >= text.length ? 'ends within a list' : 'a comma is missing');
    at = skipSpace(text, at + 1);
  }
}

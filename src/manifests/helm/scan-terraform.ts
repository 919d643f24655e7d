/** A `helm_release` as it is written: its attributes' expressions by name, and the names of the blocks within it. */
export interface WrittenRelease {
  readonly attributes: ReadonlyMap<string, string>;
  readonly blocks: readonly string[];
}

const RESOURCE = /\bresource\s{1,20}"helm_release"\s{1,20}"[^"\n]{1,200}"\s{0,20}\{/g;

/** The `helm_release` resources of a Terraform file, found by walking its text once; nothing is evaluated. */
export function scanTerraform(text: string): readonly WrittenRelease[] {
  const found: WrittenRelease[] = [];
  let end = 0;
  for (const { index, 0: head } of text.matchAll(RESOURCE)) {
    if (index < end) continue;
    const body = readBody(text, index + head.length);
    found.push(body.release);
    end = body.end;
  }
  return found;
}

/** Reads the body of a block from behind its brace; one that never ends goes on to the end of the text. */
function readBody(text: string, start: number): { readonly release: WrittenRelease; readonly end: number } {
  const attributes = new Map<string, string>();
  const blocks: string[] = [];
  let at = start;
  while (at < text.length) {
    at = skip(text, at, /[\s,;]|#[^\n]*|\/\/[^\n]*|\/\*/y);
    if (text[at] === '}') return { release: { attributes, blocks }, end: at + 1 };
    const name = matchAt(/[\w-]{1,100}/y, text, at) ?? '';
    const behind = at + name.length;
    const gap = matchAt(/[ \t]{0,100}(?:"[^"\n]{0,200}"[ \t]{0,100})?/y, text, behind) ?? '';
    const sign = text[behind + gap.length];
    const from = behind + gap.length + 1;
    if (name !== '' && sign === '=') {
      const end = endOf(text, from, true);
      attributes.set(name, text.slice(from, end).trim());
      at = end;
    } else if (name !== '' && sign === '{') {
      blocks.push(name);
      at = endOf(text, from, false) + 1;
    } else {
      // Nothing that Terraform reads: whatever it is, it is not plain.
      blocks.push('?');
      at = Math.max(at + 1, from);
    }
  }
  return { release: { attributes, blocks: [...blocks, '?'] }, end: text.length };
}

function skip(text: string, start: number, space: RegExp): number {
  let at = start;
  for (let found = matchAt(space, text, at); found; found = matchAt(space, text, at)) {
    at = found === '/*' ? endOfComment(text, at) : at + found.length;
  }
  return at;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function endOfComment(text: string, start: number): number {
  const end = text.indexOf('*/', start + 2);
  return end < 0 ? text.length : end + 2;
}

/** Where an expression ends (at its line's end, outside of all brackets), or the block that is open (at its brace). */
function endOf(text: string, start: number, isExpression: boolean): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const letter = text[at] ?? '';
    const two = text.slice(at, at + 2);
    if (letter === '"') at = endOfString(text, at);
    else if (two === '<<') at = endOfHeredoc(text, at);
    else if (two === '/*') at = endOfComment(text, at);
    else if (isExpression && depth === 0 && (letter === '\n' || letter === '#' || two === '//')) return at;
    else if (letter === '#' || two === '//') at = endOfLine(text, at);
    else if ('([{'.includes(letter)) {
      depth++;
      at++;
    } else if (')]}'.includes(letter)) {
      if (depth === 0) return at;
      depth--;
      at++;
    } else at++;
  }
  return text.length;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

/** Behind the quote that ends a string; what stands in `${…}` may hold strings itself. */
function endOfString(text: string, start: number): number {
  const open = ['"'];
  for (let at = start + 1; at < text.length; at++) {
    const letter = text[at] ?? '';
    const inString = open.at(-1) === '"';
    if (inString && letter === '\\') at++;
    else if (inString && letter === '\n') return at + 1;
    else if (letter === (inString ? '"' : '}')) open.pop();
    else if (!inString && (letter === '"' || letter === '{')) open.push(letter);
    else if (inString && (letter === '$' || letter === '%') && text[at + 1] === '{') {
      open.push('{');
      at++;
    }
    if (open.length === 0) return at + 1;
  }
  return text.length;
}

function endOfHeredoc(text: string, start: number): number {
  const opening = matchAt(/<<-?[ \t]{0,20}(\w{1,100})[^\n]{0,100}\n/y, text, start);
  const marker = opening && /\w+/.exec(opening)?.[0];
  if (!opening || marker === undefined) return start + 2;
  let at = start + opening.length;
  while (at < text.length) {
    const end = endOfLine(text, at);
    // A long line is not the marker; only a short one is looked at.
    if (end - at < 300 && text.slice(at, end).trim() === marker) return end;
    at = end + 1;
  }
  return text.length;
}

/** A command of a shell script. References to variables stand as they are written. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** Files that its output replaces; what is appended is left out. */
  readonly outputs: readonly string[];
  readonly inputs: readonly string[];
}

/** What a script does, one after the other: pipelines, and where a subshell begins and ends. */
export type Step =
  | { readonly kind: 'pipeline'; readonly commands: readonly ShellCommand[]; readonly line: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'close' };

/** Begin a command without being one. */
const KEYWORDS = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time']);
const BREAKS = /[\s;&|<>()]/;

/**
 * The commands of a shell script, by its quotes, comments and here-documents; lines count from 1. Takes time in proportion
 * to its length. What cannot be told, as within `$(…)`, stays part of a word.
 */
export function readShell(text: string): Step[] {
  const steps: Step[] = [];
  const heredocs: { readonly end: string; readonly indented: boolean }[] = [];
  let commands: ShellCommand[] = [];
  let words: string[] = [];
  let outputs: string[] = [];
  let inputs: string[] = [];
  let at = 0;
  let line = 1;
  let startedAt = 1;

  const endCommand = () => {
    while (KEYWORDS.has(words[0] ?? '')) words.shift();
    if (words.length + outputs.length > 0) commands.push({ words, outputs, inputs });
    [words, outputs, inputs] = [[], [], []];
  };
  const endPipeline = () => {
    endCommand();
    if (commands.length > 0) steps.push({ kind: 'pipeline', commands, line: startedAt });
    commands = [];
  };
  const skip = (to: number) => {
    for (; at < to; at++) if (text[at] === '\n') line++;
  };
  const skipBlanks = () => {
    while (text[at] === ' ' || text[at] === '\t') at++;
  };
  const word = (): string => {
    const { value, end } = readWord(text, at);
    skip(end);
    return value;
  };

  while (at < text.length) {
    const letter = text[at] ?? '';
    if (letter === '\\' && text[at + 1] === '\n') skip(at + 2);
    else if (letter === '\n') {
      endPipeline();
      skip(at + 1);
      for (const heredoc of heredocs.splice(0)) skip(endOfHeredoc(text, at, heredoc));
    } else if (/\s/.test(letter)) at++;
    else if (letter === '#') at = endOfLine(text, at);
    else if (letter === '<') {
      const [operator = '<'] = /^<(?:<<|<-?|&)?/.exec(text.slice(at, at + 3)) ?? [];
      at += operator.length;
      skipBlanks();
      if (text[at] === '(') continue;
      const target = word();
      if (operator === '<') inputs.push(target);
      if (operator === '<<' || operator === '<<-') heredocs.push({ end: target, indented: operator === '<<-' });
    } else if (letter === '>' || (letter === '&' && text[at + 1] === '>')) {
      const [operator = '>'] = /^&?>(?:>|\||&)?/.exec(text.slice(at, at + 3)) ?? [];
      // A number right before it is the stream that it takes.
      const isStream = /\d/.test(text[at - 1] ?? '') && /^\d$/.test(words.at(-1) ?? '');
      const stream = isStream ? words.pop() : '1';
      at += operator.length;
      skipBlanks();
      if (text[at] === '(') continue;
      const target = word();
      if (stream === '1' && !operator.includes('>>') && !operator.endsWith('>&')) outputs.push(target);
    } else if (letter === '|' && text[at + 1] !== '|') {
      endCommand();
      at += text[at + 1] === '&' ? 2 : 1;
    } else if (letter === '(' || letter === ')') {
      endPipeline();
      steps.push({ kind: letter === '(' ? 'open' : 'close' });
      at++;
    } else if (letter === ';' || letter === '&' || letter === '|') {
      endPipeline();
      at++;
    } else {
      if (words.length + outputs.length + commands.length === 0) startedAt = line;
      words.push(word());
    }
  }
  endPipeline();
  return steps;
}

/** A word without its quotes, from where it begins, and where it ends. */
function readWord(text: string, from: number): { readonly value: string; readonly end: number } {
  let value = '';
  let at = from;
  let inQuotes = false;
  while (at < text.length) {
    const letter = text[at] ?? '';
    if (!inQuotes && BREAKS.test(letter)) break;
    if (letter === '\\') {
      if (text[at + 1] !== '\n') value += text[at + 1] ?? '';
      at += 2;
    } else if (letter === "'" && !inQuotes) {
      const end = text.indexOf("'", at + 1);
      value += text.slice(at + 1, end < 0 ? text.length : end);
      at = end < 0 ? text.length : end + 1;
    } else if (letter === '"') {
      inQuotes = !inQuotes;
      at++;
    } else if (letter === '$' && (text[at + 1] === '(' || text[at + 1] === '{')) {
      const end = endOfBraces(text, at + 1);
      value += text.slice(at, end);
      at = end;
    } else if (letter === '`') {
      const end = text.indexOf('`', at + 1);
      value += text.slice(at, end < 0 ? text.length : end + 1);
      at = end < 0 ? text.length : end + 1;
    } else {
      value += letter;
      at++;
    }
  }
  return { value, end: Math.max(at, from + 1) };
}

/** Behind the bracket that closes the one at a place. */
function endOfBraces(text: string, from: number): number {
  const [open, close] = text[from] === '(' ? ['(', ')'] : ['{', '}'];
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === open) depth++;
    else if (text[at] === close && --depth === 0) return at + 1;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function endOfHeredoc(text: string, from: number, { end, indented }: { end: string; indented: boolean }): number {
  let at = from;
  while (at < text.length) {
    const stop = endOfLine(text, at);
    const one = text.slice(at, stop);
    if ((indented ? one.trimStart() : one) === end) return stop;
    at = stop + 1;
  }
  return text.length;
}

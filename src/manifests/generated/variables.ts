import { resolvePath } from '../reach.ts';
import type { Script, ScriptVariables } from './read-scripts.ts';
import type { Step } from './read-shell.ts';

/** The folder of the repository, and the one of the script, as the beginning of a path. */
const ROOT = '\ue000';
const HERE = '\ue001';
const MOST_VALUES = 20;
const DEEPEST = 10;
const MOST_REFERENCES = 10;
const LONGEST = 500;

/** What scripts write for the folder of the repository and for their own. */
export function markFolders(text: string): string {
  return text
    .replace(/[\ue000\ue001]/g, ' ')
    .replace(/\$\(\s{0,5}git rev-parse --show-toplevel\s{0,5}\)/g, ROOT)
    .replace(/\$\{\{\s{0,5}github\.workspace\s{0,5}\}\}|\$\{?GITHUB_WORKSPACE\b\}?/g, ROOT)
    .replace(/\$\(\s{0,5}dirname\s{1,5}(?:-- )?"?\$\{?(?:0|BASH_SOURCE(?:\[0\])?)\}?"?\s{0,5}\)/g, HERE)
    .replace(/\$\((?:CURDIR|ROOT_DIR|PWD)\)/g, HERE)
    .replace(
      /\$\(\s{0,5}cd\s{1,5}(?:-- )?"?([\ue000\ue001][\w./-]{0,200})"?\s{0,5}(?:&&|;)\s{0,5}pwd(?: -P)?\s{0,5}\)/g,
      '$1',
    );
}

/**
 * Simple assignments of a script, with those around it. A name that gets different values has none, but for the lists of
 * `for` loops, which have them all.
 */
export function readVariables(script: Script, steps: readonly Step[]): ScriptVariables {
  const own = new Map<string, readonly string[]>();
  const looped = new Map<string, readonly string[]>();
  for (const words of steps.flatMap((step) =>
    step.kind === 'pipeline' ? step.commands.map(({ words }) => words) : [],
  )) {
    const [first, name, middle, ...values] = words;
    if (first === 'for' && name !== undefined && middle === 'in') {
      looped.set(name, [...(looped.get(name) ?? []), ...values].slice(0, MOST_VALUES));
      continue;
    }
    const from = /^(export|readonly|local|declare)$/.test(first ?? '') ? words.slice(1) : words;
    for (const word of from) {
      const [, key, value] = /^([A-Za-z_]\w{0,60})=(.*)$/s.exec(word) ?? [];
      if (key === undefined || value === undefined) break;
      const before = own.get(key);
      own.set(key, before && before[0] !== value ? [] : [value]);
    }
  }
  const written = (name: string) => looped.get(name) ?? own.get(name) ?? script.variables(name);
  const resolved = new Map<string, readonly string[]>();
  let depth = 0;
  const variables = (name: string): readonly string[] => {
    const before = resolved.get(name);
    if (before) return before;
    if (depth >= DEEPEST) return [];
    // One that refers to itself has no value.
    resolved.set(name, []);
    depth++;
    const values = (written(name) ?? []).flatMap((one) => possibleValues(one, variables)).slice(0, MOST_VALUES);
    depth--;
    resolved.set(name, values);
    return values;
  };
  return variables;
}

const REFERENCE =
  /\$\{\{-?\s{0,5}([\w.-]+)\s{0,5}\}\}|\{\{-?\s{0,5}\.?([\w-]+)\s{0,5}-?\}\}|\$\{(\w+)(?::?-([^}$]{0,200}))?\}|\$\(([\w.-]+|[@<])\)|\$(\w+)/g;

/** What a word stands for: at most so many texts, none where a part of it is not known. */
export function possibleValues(word: string, variables: ScriptVariables): string[] {
  if (word.length > LONGEST) return [];
  const references = [...word.matchAll(REFERENCE)];
  if (references.length > MOST_REFERENCES) return [];
  let texts = [''];
  let end = 0;
  for (const found of references) {
    const [whole, expression, template, braced, preset, parenthesized, bare] = found;
    const values = variables(expression ?? template ?? braced ?? parenthesized ?? bare ?? '') ?? [];
    const given = values.length === 0 && preset !== undefined ? [preset] : values;
    const before = word.slice(end, found.index);
    texts = texts.flatMap((text) => given.map((value) => text + before + value)).slice(0, MOST_VALUES);
    end = found.index + whole.length;
  }
  const rest = word.slice(end);
  return texts.map((text) => text + rest).filter((text) => text.length <= LONGEST && !/[$`*?[\]{}~%]/.test(text));
}

/** A path of the repository; `undefined` for what is outside of it or not plain. `folder` is `` or ends in `/`. */
export function pathIn(folder: string, value: string, scriptFolder: string): string | undefined {
  if (value.startsWith(ROOT)) return resolvePath('', value.slice(1).replace(/^\//, ''));
  if (value.startsWith(HERE)) return resolvePath(scriptFolder, value.slice(1).replace(/^\//, ''));
  return /[\ue000\ue001]/.test(value) ? undefined : resolvePath(folder, value);
}

import { baseName } from '../reach.ts';
import type { ShellCommand } from './read-shell.ts';

/** What a command writes anew: a file, or a folder of which it makes the content. Words as they are written. */
export interface Output {
  readonly kind: 'file' | 'folder' | 'file or folder';
  readonly word: string;
  /** Only below folders of these names within. */
  readonly within?: readonly string[];
}

interface Tool {
  /** One of these must be among its words; none: any call. */
  readonly verbs: readonly string[];
  readonly options: Readonly<Record<string, Output['kind']>>;
  readonly within?: readonly string[];
}

const FILE = { '-o': 'file or folder', '--output': 'file or folder' } as const;
const TOOLS = new Map<string, Tool>([
  ['kustomize', { verbs: ['build'], options: FILE }],
  ['kubectl', { verbs: ['kustomize'], options: FILE }],
  ['helm', { verbs: ['template'], options: { '--output-dir': 'folder' }, within: ['templates', 'crds', 'charts'] }],
  ['helmfile', { verbs: ['template'], options: { '--output-dir': 'folder' } }],
  ['jsonnet', { verbs: [], options: { '-m': 'folder', '--multi': 'folder', '-o': 'file', '--output-file': 'file' } }],
  ['cue', { verbs: ['export'], options: { '-o': 'file', '--out-file': 'file', '--outfile': 'file' } }],
  ['cdk8s', { verbs: ['synth'], options: { '-o': 'folder', '--output': 'folder' } }],
  ['ytt', { verbs: [], options: { '--output-files': 'folder' } }],
  ['kompose', { verbs: ['convert'], options: { '-o': 'file or folder', '--out': 'file or folder' } }],
]);
/** Their output goes to where it came from, or nowhere that lasts. */
const NOT_GENERATORS = new Set(['git', 'diff', 'test', '[', '[[']);

/** What a command of a pipeline replaces as a whole. In-place edits (`sed -i`, `yq -i`, `kustomize edit`) are none. */
export function outputsOf({ words, outputs }: ShellCommand): Output[] {
  const [first = ''] = words;
  const found = NOT_GENERATORS.has(baseName(first)) ? [] : outputs.map((word): Output => ({ kind: 'file', word }));
  if (first === 'echo' || first === 'printf') return found;
  if (first === 'tee') return [...found, ...teed(words.slice(1))];
  for (const [index, word] of words.entries()) {
    const name = toolName(word);
    const rest = words.slice(index + 1);
    if (name === 'controller-gen') return [...found, ...rest.flatMap(outputRule)];
    if (name === 'tk' && rest[0] === 'export') return [...found, ...rest.slice(1, 2).flatMap(plainFolder)];
    const tool = TOOLS.get(name);
    if (tool && (tool.verbs.length === 0 || tool.verbs.some((verb) => rest.includes(verb)))) {
      return [...found, ...possibleValues(rest, tool)];
    }
  }
  return found;
}

/** `./bin/jsonnet`, `jsonnet@v1`, `$(JSONNET)` and `${JSONNET_BIN}` are all jsonnet. */
function toolName(word: string): string {
  const variable = /^\$[({]?(\w{1,40})[)}]?$/.exec(word)?.[1];
  if (variable !== undefined) {
    const name = variable.toLowerCase().replaceAll('_', '-');
    return name.replace(/-(bin|binary|cmd|path)$/, '');
  }
  return baseName(word).split('@')[0] ?? '';
}

function teed(words: readonly string[]): Output[] {
  if (words.some((word) => word === '--append' || /^-[a-z]*a/.test(word))) return [];
  return words.filter((word) => !word.startsWith('-')).map((word) => ({ kind: 'file', word }));
}

/** Of `output:crd:artifacts:config=config/crd` the folder. */
function outputRule(word: string): Output[] {
  const [, folder] = /^output:(?:[\w-]{1,40}:){0,4}(?:config|dir)=(.+)$/.exec(word) ?? [];
  return folder === undefined ? [] : [{ kind: 'folder', word: folder }];
}

function plainFolder(word: string): Output[] {
  return word.startsWith('-') ? [] : [{ kind: 'folder', word }];
}

function possibleValues(words: readonly string[], { options, within }: Tool): Output[] {
  const output = (kind: Output['kind'], word: string): Output => ({ kind, word, ...(within ? { within } : {}) });
  return words.flatMap((word, index): Output[] => {
    const equals = word.indexOf('=');
    const key = equals < 0 ? word : word.slice(0, equals);
    // Short options may be written together: `-cm`.
    const last = /^-[a-zA-Z]{2,4}$/.test(key) ? `-${key.at(-1)}` : key;
    const option = Object.hasOwn(options, key) ? key : last;
    const kind = Object.hasOwn(options, option) ? options[option] : undefined;
    const value = equals < 0 ? words[index + 1] : word.slice(equals + 1);
    return kind === undefined || value === undefined || value.startsWith('-') ? [] : [output(kind, value)];
  });
}

import yargs from 'yargs';
import { UserError } from '../errors.ts';
import { nearestName } from '../options/names.ts';
import { type OptionName, optionNames } from '../options/schema.ts';
import { toSingleLine } from '../text/markdown.ts';
import { type Flag, flags, secretVariables } from './flags.ts';
import { USUAL_OUTPUT } from './folders.ts';

/** The flags that only a terminal has. */
export interface OwnFlags {
  /** The folder for report, JSON and page. */
  readonly output: string;
  /** Whether the JSON of the report is printed instead of what people read. */
  readonly json: boolean;
  /** Whether the edits are printed. */
  readonly diff: boolean;
  /** Whether what is green is shown too. */
  readonly all: boolean;
  readonly verbose: boolean;
  /** Seconds between two inspections; absent for a single one. */
  readonly watch?: number;
  /** As the flag says; absent where the terminal decides. */
  readonly color?: boolean;
}

/** What was typed: an inspection with the texts of its options, or something that only has to be printed. */
export type TypedCommand =
  | { readonly kind: 'inspect'; readonly values: ReadonlyMap<OptionName, string>; readonly own: OwnFlags }
  | { readonly kind: 'print'; readonly text: string };

const NAME = 'kubernetes-memory-inspector';
const OWN = 'Terminal';
const DOCUMENT = 'docs/TERMINAL.md';

const END = [
  'Exit codes: 0 nothing is as bad as --fail-on, 1 error, 2 findings, 3 incomplete (0 with --allow-incomplete).',
  '',
  'Lists are separated by commas. What a flag does not say, .github/memory-inspector.yml of the checkout does.',
  `Secrets are read from variables: ${secretVariables.map(({ variable }) => variable).join(', ')}.`,
].join('\n');

/** Reads what follows the program's name. Throws a `UserError` that says which word is wrong. */
export async function readWords(words: readonly string[], version: string, columns: number): Promise<TypedCommand> {
  const [first, ...rest] = words;
  const given = first === 'inspect' ? rest : words;
  const isCompletion = first === 'completion' || words.includes(COMPLETE);
  if (!isCompletion) refuseOddWords(given);
  const parser = buildParser(version, columns, isCompletion);
  let said = '';
  let wrong: string | undefined;
  const found = await parser.parseAsync([...given], {}, (error, _, text) => {
    said = text;
    wrong = error?.message;
  });
  if (wrong !== undefined) throw new UserError(`${wrong.replace(/\s+/g, ' ')}. ${SEE_HELP}`);
  // Also for the word help alone, which leaves no trace but this.
  if (isCompletion || said !== '') return { kind: 'print', text: `${said}\n` };
  refuseUnknown(found);
  return { kind: 'inspect', values: readValues(found), own: readOwn(found) };
}

const SEE_HELP = 'See --help.';
/** With this, the completion of a shell asks what could follow. */
const COMPLETE = '--get-yargs-completions';

function buildParser(version: string, columns: number, isCompletion: boolean) {
  const parser = yargs()
    .scriptName(NAME)
    .locale('en')
    .usage(
      `$0 [flags]\n\nInspects the memory of what runs in the cluster of the current kubeconfig. Nothing is sent to GitHub.`,
    )
    .example('$0 --namespaces shop', 'what needs attention in a namespace')
    .example('$0 --namespaces shop --diff', 'and the edits of the manifests in this checkout')
    .example('source <($0 completion)', 'completes flags in bash and zsh')
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'greedy-arrays': false,
    })
    .wrap(Math.min(columns, 120))
    .epilogue(END)
    .help()
    .version(version)
    .group(['help', 'version'], OWN)
    .completion('completion', false)
    .exitProcess(false);
  const own = { group: OWN } as const;
  parser.options({
    output: {
      ...own,
      type: 'string',
      requiresArg: true,
      describe: `The folder for report, JSON and page; default ${USUAL_OUTPUT}.`,
    },
    json: { ...own, type: 'boolean', describe: "Print the report's JSON and nothing else to standard output." },
    diff: {
      ...own,
      type: 'boolean',
      describe: 'Print the edits to the manifests of this checkout, as git apply takes them.',
    },
    all: { ...own, type: 'boolean', describe: 'Show what is green, too.' },
    watch: {
      ...own,
      type: 'string',
      requiresArg: true,
      describe: 'Inspect again and again, so long after each other: 5m.',
    },
    verbose: { ...own, type: 'boolean', describe: 'Show what is done in detail.' },
    color: { ...own, type: 'boolean', describe: 'Colours; default: where standard output is a terminal.' },
  });
  for (const { name, group, about, isSwitch, words } of flags) {
    parser.option(name, {
      group,
      describe: about,
      ...(isSwitch ? { type: 'boolean' } : { type: 'string', requiresArg: true }),
      // Otherwise the options themselves say what is wrong with a value.
      ...(isCompletion && words.length > 0 ? { choices: words } : {}),
    });
  }
  return parser;
}

type Found = Readonly<Record<string, unknown>>;

const OWN_SWITCHES = ['json', 'diff', 'all', 'verbose', 'color', 'help', 'version'];
const SWITCHES = [...OWN_SWITCHES, ...flags.flatMap(({ name, isSwitch }) => (isSwitch ? [name] : []))];
const KNOWN: readonly string[] = ['output', 'watch', ...OWN_SWITCHES, ...flags.map(({ name }) => name)];

/** What the parser would take for something else than it says, or fall over. */
function refuseOddWords(words: readonly string[]): void {
  for (const word of words) {
    if (word === '--') return;
    const [, negated, name = '', value] = /^--(no-)?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name in {}) throw new UserError(explainUnknown(name));
    const isSwitch = SWITCHES.includes(name);
    if (negated !== undefined && KNOWN.includes(name) && (!isSwitch || value !== undefined))
      throw new UserError(`--${name} cannot be negated: leave it out.`);
    if (isSwitch && value !== undefined && value !== 'true' && value !== 'false')
      throw new UserError(`--${name} is on or off: give it no value, or true or false. ${SEE_HELP}`);
  }
}

function refuseUnknown(found: Found): void {
  const [word] = Array.isArray(found._) ? found._ : [];
  if (word !== undefined) {
    const name = toSingleLine(String(word), 100);
    const hint = /^[a-z0-9]/.test(name) ? ` Namespaces are given as --namespaces ${name}.` : '';
    throw new UserError(`"${name}" is no command.${hint} ${SEE_HELP}`);
  }
  const unknown = Object.keys(found).find((name) => name !== '_' && name !== '$0' && !KNOWN.includes(name));
  if (unknown !== undefined) throw new UserError(explainUnknown(unknown));
}

function explainUnknown(typed: string): string {
  const name = toSingleLine(typed, 100);
  const secret = secretVariables.find(({ option }) => option === name);
  const start = `There is no flag --${name}.`;
  if (secret !== undefined)
    return `${start} Every process of the machine could read it: set the variable ${secret.variable} instead.`;
  if (optionNames.some((option) => option === name))
    return `${start} That option is for runs on GitHub or for the config file: ${DOCUMENT} says which are flags.`;
  const meant = nearestName(name, KNOWN);
  return meant === undefined ? `${start} ${SEE_HELP}` : `${start} Did you mean --${meant}?`;
}

function readValues(found: Found): Map<OptionName, string> {
  return new Map(
    flags.flatMap((flag): (readonly [OptionName, string])[] => {
      const value = found[flag.name];
      return value === undefined ? [] : [[flag.name, textOf(flag, value)]];
    }),
  );
}

/** What is given twice is a list; where it can be none, the last one counts. */
function textOf({ name, isList }: Flag, value: unknown): string {
  const texts = Array.isArray(value) ? value.map(String) : [String(value)];
  const text = isList ? texts.join('\n') : (texts.at(-1) ?? '');
  if (text.trim() === '') throw new UserError(`--${name} is empty: give it a value, or leave it out.`);
  return text;
}

function readOwn(found: Found): OwnFlags {
  const isOn = (name: string) => found[name] === true;
  const last = (name: string) => {
    const value = found[name];
    return Array.isArray(value) ? String(value.at(-1)) : value === undefined ? undefined : String(value);
  };
  if (isOn('json') && isOn('diff'))
    throw new UserError('--json and --diff both print to standard output: choose one of them.');
  const watch = last('watch');
  const seconds = watch === undefined ? undefined : readInterval(watch);
  const output = last('output') ?? USUAL_OUTPUT;
  if (output.trim() === '') throw new UserError('--output is empty: give it a folder, or leave it out.');
  return {
    output,
    json: isOn('json'),
    diff: isOn('diff'),
    all: isOn('all'),
    verbose: isOn('verbose'),
    ...(seconds === undefined ? {} : { watch: seconds }),
    ...(typeof found.color === 'boolean' ? { color: found.color } : {}),
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

function readInterval(text: string): number {
  const [, number, unit = ''] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? 0);
  if (seconds >= 10 && seconds <= 86_400) return seconds;
  throw new UserError(`--watch must be a length of time from 10s to 24h such as 5m, not "${text.slice(0, 40)}".`);
}

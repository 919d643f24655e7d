import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { Thresholds } from '../model/finding.ts';
import { explainIssue, type Source } from './explain.ts';
import { camelCase, nearestName } from './names.ts';
import { innermost } from './option.ts';
import { LARGEST_CONFIG, parseConfig } from './parse-config.ts';
import { notesOf, type OptionName, type Options, type OptionValues, optionNames, optionsSchema } from './schema.ts';
import { checkSecretTargets } from './secret-targets.ts';
import { checkThresholds, checkWindows } from './sense.ts';

type Entry = { readonly value: unknown; readonly source: Source };

/** The text of a file; `undefined` for one that does not exist. Throws a `UserError` for one of more than `mostBytes`. */
type ReadFile = (path: string, mostBytes: number) => string | undefined;

/** As many problems are told at once. */
const MOST_TOLD = 10;

/**
 * Reads the options from action inputs and the config file; inputs win, an empty input counts as not given. Everything
 * that is wrong ends in one `UserError` that names option, value and what is accepted.
 */
export function readOptions(input: (name: string) => string, readFile: ReadFile): Options {
  const inputs = readInputs(input);
  const entries = new Map<string, Entry>([...readConfig(inputs.get('config')?.value, readFile), ...inputs]);
  const given = Object.fromEntries([...entries].map(([name, { value }]) => [name, value]));
  const parsed = optionsSchema.safeParse(given, { reportInput: true });
  if (!parsed.success) {
    // Without the zod error as its cause: that one holds the values, secret ones too.
    const { issues } = parsed.error;
    const told = issues.slice(0, MOST_TOLD).map((issue) => explainIssue(issue, (name) => entries.get(name)?.source));
    throw refusal(told, issues.length);
  }
  const options = gather(parsed.data);
  const problems = [
    ...checkThresholds(options),
    ...checkWindows(options),
    ...checkSecretTargets(parsed.data, (name) => entries.get(name)?.source),
  ];
  if (problems.length > 0) throw refusal(problems);
  return options;
}

function readInputs(input: (name: string) => string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const name of optionNames) {
    const text = notesOf(name).place === 'file' ? '' : input(name).trim();
    if (text !== '') entries.set(name, { value: fromText(name, text), source: 'input' });
  }
  return entries;
}

function fromText(name: OptionName, text: string): unknown {
  const type = innermost(optionsSchema.shape[name]);
  if (type instanceof z.ZodNumber && /^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type instanceof z.ZodBoolean && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return text;
}

function readConfig(named: unknown, readFile: ReadFile): Map<string, Entry> {
  const path = typeof named === 'string' ? named : optionsSchema.shape.config.parse(undefined);
  const text = readFile(path, LARGEST_CONFIG);
  if (text === undefined) {
    if (named === undefined) return new Map();
    throw new UserError(
      `Option config names "${path}", but there is no such file. Check the path, and that the repository is checked out (in a workflow: in an earlier step).`,
    );
  }
  const entries = new Map<string, Entry>();
  const refused: string[] = [];
  for (const [name, value] of Object.entries(parseConfig(path, text))) {
    if (!mayStandInFile(name)) refused.push(name);
    else if (value !== null) entries.set(name, { value, source: { file: path } });
  }
  if (refused.length > 0) {
    // What was meant by a name takes time to find: only as many are told.
    const told = refused.slice(0, MOST_TOLD).map((name) => refuseKey(path, name));
    throw refusal(told, refused.length);
  }
  return entries;
}

const LONGEST_NAME = 60;

function mayStandInFile(name: string): boolean {
  const option = optionNames.find((known) => known === name);
  return option !== undefined && notesOf(option).place !== 'input';
}

function refuseKey(path: string, name: string): string {
  const option = optionNames.find((known) => known === name);
  if (option === undefined) {
    const meant = nearestName(name, optionNames);
    const hint = meant === undefined ? 'The README lists all options.' : `Did you mean ${meant}?`;
    return `Unknown option "${name.slice(0, LONGEST_NAME)}" in ${path}. ${hint}`;
  }
  const { secret } = notesOf(option);
  const hint = secret ? ', from a secret: it does not belong in a file in the repository' : '';
  return `Option ${name} cannot be set in ${path}. Set it as an input${hint}.`;
}

function gather(values: OptionValues): Options {
  const thresholds: Thresholds = {
    usageYellow: values['usage-yellow'],
    usageRed: values['usage-red'],
    growthYellow: values['growth-yellow'],
    growthRed: values['growth-red'],
    flatNearLimit: values['flat-near-limit'],
    trendRule: values['trend-rule'],
    limitFactor: values['limit-factor'],
    requestFactor: values['request-factor'],
    overProvisionedBelow: values['over-provisioned-below'],
    overProvisionedAbove: values['over-provisioned-above'],
  };
  const gathered = new Set(Object.keys(thresholds));
  const named = Object.entries(values).map(([name, value]) => [camelCase(name), value] as const);
  const rest = Object.fromEntries(named.filter(([name]) => !gathered.has(name)));
  return { ...rest, thresholds } as Options;
}

function refusal(problems: readonly string[], total = problems.length): UserError {
  const told = problems.slice(0, MOST_TOLD);
  const more = total - told.length;
  return new UserError(`${told.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`);
}

import { parseDocument } from 'yaml';
import { z } from 'zod';
import { messageOf, UserError } from '../errors.ts';
import type { Thresholds } from '../model/finding.ts';
import { explainIssue, type Source } from './explain.ts';
import { camelCase, nearestName } from './names.ts';
import {
  innermost,
  notesOf,
  type OptionName,
  type Options,
  type OptionValues,
  optionNames,
  optionsSchema,
} from './schema.ts';
import { checkSecretTargets } from './secret-targets.ts';
import { checkThresholds, checkWindows } from './sense.ts';

export { secretsOf } from './secrets.ts';

type Entry = { readonly value: unknown; readonly source: Source };

/**
 * Reads the options from action inputs and the config file; inputs win, an empty input counts as not given. `readFile`
 * gives `undefined` for a file that does not exist. Everything that is wrong ends in one `UserError` that names option,
 * value and what is accepted.
 */
export function readOptions(input: (name: string) => string, readFile: (path: string) => string | undefined): Options {
  const inputs = readInputs(input);
  const entries = new Map<string, Entry>([...readConfig(inputs.get('config')?.value, readFile), ...inputs]);
  const given = Object.fromEntries([...entries].map(([name, { value }]) => [name, value]));
  const parsed = optionsSchema.safeParse(given, { reportInput: true });
  if (!parsed.success) {
    // Without the zod error as its cause: that one holds the values, secret ones too.
    throw refusal(parsed.error.issues.map((issue) => explainIssue(issue, (name) => entries.get(name)?.source)));
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

function readConfig(named: unknown, readFile: (path: string) => string | undefined): Map<string, Entry> {
  const path = typeof named === 'string' ? named : optionsSchema.shape.config.parse(undefined);
  const text = readFile(path);
  if (text === undefined) {
    if (named === undefined) return new Map();
    throw new UserError(
      `Option config names "${path}", but there is no such file. Check the path, and that the repository is checked out before.`,
    );
  }
  const entries = new Map<string, Entry>();
  const problems: string[] = [];
  for (const [name, value] of Object.entries(parseMapping(path, text))) {
    const problem = refuseKey(path, name);
    if (problem !== undefined) problems.push(problem);
    else if (value !== null) entries.set(name, { value, source: { file: path } });
  }
  if (problems.length > 0) throw refusal(problems);
  return entries;
}

function refuseKey(path: string, name: string): string | undefined {
  const option = optionNames.find((known) => known === name);
  if (option === undefined) {
    const meant = nearestName(name, optionNames);
    const hint = meant === undefined ? 'The README lists all options.' : `Did you mean ${meant}?`;
    return `Unknown option "${name}" in ${path}. ${hint}`;
  }
  const { place, secret } = notesOf(option);
  if (place !== 'input') return undefined;
  const hint = secret ? ', from a secret: a file in the repository is no place for it' : '';
  return `Option ${name} cannot stand in ${path}. Give it as an input${hint}.`;
}

function parseMapping(path: string, text: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new UserError(`${path} is not valid YAML: ${messageOf(error)}`, { cause: error });
  const content: unknown = toPlain(path, () => document.toJS({ maxAliasCount: 100 }));
  if (content === null || content === undefined) return {};
  if (typeof content === 'object' && !Array.isArray(content)) return content as Readonly<Record<string, unknown>>;
  throw new UserError(`${path} must hold a mapping of options, such as "usage-red: 90".`);
}

function toPlain(path: string, convert: () => unknown): unknown {
  try {
    return convert();
  } catch (thrown) {
    throw new UserError(`${path} is not valid YAML: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function gather(values: OptionValues): Options {
  const thresholds: Thresholds = {
    usageYellow: values['usage-yellow'],
    usageRed: values['usage-red'],
    growthYellow: values['growth-yellow'],
    growthRed: values['growth-red'],
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

function refusal(problems: readonly string[]): UserError {
  return new UserError(problems.join(' '));
}

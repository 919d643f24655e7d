import { z } from 'zod';
import { innermost } from '../options/option.ts';
import { notesOf, type OptionName, optionNames, optionsSchema } from '../options/schema.ts';

/** A flag of the command line that stands for an option. */
export interface Flag {
  readonly name: OptionName;
  readonly group: string;
  /** Plain text. */
  readonly about: string;
  readonly isSwitch: boolean;
  readonly isList: boolean;
  /** What it can be, where that is one of a few words. */
  readonly words: readonly string[];
}

/** An option whose value belongs on no command line, because every process of the machine can read that. */
export interface SecretVariable {
  readonly option: OptionName;
  readonly variable: string;
}

/** The options that are flags: those that may be an input, are no secret and do not only concern GitHub. */
export const flags: readonly Flag[] = optionNames.flatMap((name): readonly Flag[] => {
  const { group, description, accepts, place, secret, github } = notesOf(name);
  if (place === 'file' || secret || github) return [];
  const type = innermost(optionsSchema.shape[name]);
  const isSwitch = type instanceof z.ZodBoolean;
  const words = type instanceof z.ZodEnum ? type.options.map(String) : [];
  const kind = isSwitch ? '' : ` Accepts ${accepts}${defaultOf(name)}.`;
  return [
    {
      name,
      group,
      about: `${description}${kind}`.replaceAll('`', ''),
      isSwitch,
      isList: accepts.startsWith('a list of'),
      words,
    },
  ];
});

/** The options that are read from variables. */
export const secretVariables: readonly SecretVariable[] = optionNames
  .filter((name) => notesOf(name).secret && !notesOf(name).github)
  .map((option) => ({ option, variable: `MEMORY_INSPECTOR_${option.toUpperCase().replaceAll('-', '_')}` }));

function defaultOf(name: OptionName): string {
  const { default: fallback } = z.toJSONSchema(optionsSchema.shape[name], { io: 'input' });
  if (fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)) return '';
  return `; default ${Array.isArray(fallback) ? fallback.join(', ') : String(fallback)}`;
}

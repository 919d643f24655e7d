import { flags, secretVariables } from './flags.ts';

/** A sentence about options as one about the flags and variables that stand for them. */
export function nameFlags(sentence: string): string {
  return sentence
    .replace(/\b(?:the )?option ([a-z]+(?:-[a-z]+){0,4})\b/gi, (whole, name: string) => nameFlag(name) ?? whole)
    .replace(/(?<![^\s(])[a-z]+(?:-[a-z]+){1,4}(?=[\s,;:.)]|$)/g, (name) => nameFlag(name) ?? name);
}

function nameFlag(name: string): string | undefined {
  const variable = secretVariables.find(({ option }) => option === name)?.variable;
  return variable ?? (flags.some((flag) => flag.name === name) ? `--${name}` : undefined);
}

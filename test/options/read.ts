import { readOptions } from '../../src/options/read-options.ts';
import type { Options } from '../../src/options/schema.ts';

export type Inputs = Readonly<Record<string, string>>;

/** Reads options from these inputs and files, as a run does. */
export function read(inputs: Inputs = {}, files: Inputs = {}): Options {
  return readOptions(
    (name) => inputs[name] ?? '',
    (path) => files[path],
  );
}

/** Reads the text as the config file at its default path. */
export function readFile(config: string, inputs: Inputs = {}): Options {
  return read(inputs, { '.github/memory-inspector.yml': config });
}

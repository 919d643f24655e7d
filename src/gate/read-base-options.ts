import { LARGEST_CONFIG } from '../options/parse-config.ts';
import { readOptions } from '../options/read-options.ts';
import { type Options, optionsSchema } from '../options/schema.ts';

/** Files of the base commit. */
interface BaseFiles {
  read(path: string, mostBytes: number): Promise<string | undefined>;
}

/**
 * The options by inputs and by the config file as it is in the base: what a pull request writes into its own decides
 * nothing. Throws a `UserError` as `readOptions` does.
 */
export async function readBaseOptions(input: (name: string) => string, base: BaseFiles): Promise<Options> {
  const named = input('config').trim();
  const path = named === '' ? optionsSchema.shape.config.parse(undefined) : named;
  const text = await base.read(path, LARGEST_CONFIG);
  return readOptions(input, () => text);
}

import { formatMegabytes, MIB } from '../bytes.ts';
import { UserError } from '../errors.ts';
import { isParsedYaml, parseYaml, type YamlFault } from '../text/yaml.ts';

/** Of a config file, which anybody with a pull request may have written: far beyond a real one. */
export const LARGEST_CONFIG = MIB;

/** The mapping that a config file holds. Throws a `UserError` that names the file for anything else. */
export function parseConfig(path: string, text: string): Readonly<Record<string, unknown>> {
  if (text.length > LARGEST_CONFIG) throw new UserError(`${path} is larger than ${formatMegabytes(LARGEST_CONFIG)}.`);
  const parsed = parseYaml(text);
  if (!isParsedYaml(parsed)) throw new UserError(`${path} is not valid YAML: ${explainFault(parsed)}.`);
  const [content = null, ...more] = parsed.values;
  if (content === null && more.length === 0) return {};
  if (typeof content === 'object' && content !== null && !Array.isArray(content) && more.length === 0) {
    return content as Readonly<Record<string, unknown>>;
  }
  throw new UserError(`${path} must hold a mapping of options, such as "usage-red: 90".`);
}

const REASONS: Readonly<Record<string, string>> = {
  TOO_LARGE: 'it holds far more than a config file needs',
  EXPANDS: 'its aliases expand without limit, or it is nested too deeply',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  BAD_ALIAS: 'an alias refers to an anchor that does not exist',
  BAD_MERGE: '`<<` must refer to a mapping',
};

function explainFault({ code, place, key, message }: YamlFault): string {
  const where = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
  const twice = key === undefined ? undefined : `the key "${key.slice(0, 60)}" appears twice in one mapping`;
  return `${twice ?? REASONS[code] ?? message ?? code}${where}`;
}

import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { formatMegabytes, MIB } from '../bytes.ts';
import { messageOf, UserError } from '../errors.ts';

/** GitHub sends at most 25 MB. */
const LARGEST_PAYLOAD = 32 * MIB;

/** The text of the event's payload, from the file that the runner names; `undefined` where it names none. */
export function readPayload(eventPath: string | undefined): string | undefined {
  if (eventPath === undefined) return undefined;
  try {
    return readWithin(eventPath);
  } catch (cause) {
    const why = messageOf(cause);
    throw new UserError(
      `The payload of the event could not be read from the file that GITHUB_EVENT_PATH names (${why}). ` +
        'The runner sets that variable: let no step change it or the file.',
      { cause },
    );
  }
}

function readWithin(path: string): string {
  const file = openSync(path, 'r');
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error('it is no file');
    if (found.size > LARGEST_PAYLOAD) throw new Error(`it is larger than ${formatMegabytes(LARGEST_PAYLOAD)}`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

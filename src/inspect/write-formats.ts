import { failureOf } from '../errors.ts';
import { writeJunit } from '../formats/junit.ts';
import { writeSarif } from '../formats/sarif.ts';
import type { Report } from '../report/input.ts';
import type { InspectionContext } from './context.ts';

/** Writes what was found as the formats that options ask for; gives the sentences that say why that cannot be done. */
export async function writeFormats(
  { options, workspace, runner }: InspectionContext,
  { context }: Report,
): Promise<readonly string[]> {
  const formats = [
    { name: 'SARIF', path: options.sarif, write: writeSarif },
    { name: 'JUnit', path: options.junit, write: writeJunit },
  ];
  const failures: (string | undefined)[] = [];
  for (const { name, path, write } of formats) {
    if (path === undefined) continue;
    const failure = await failureOf(() => workspace.write(path, write(context)));
    if (failure === undefined) runner.log.step(`${name}: ${path}`);
    failures.push(failure);
  }
  return failures.filter((failure) => failure !== undefined);
}

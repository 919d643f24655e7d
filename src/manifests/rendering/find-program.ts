import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** The absolute path of a program on a PATH; entries that depend on the working directory are passed over. */
export function findProgram(name: string, path: string): string | undefined {
  const separator = process.platform === 'win32' ? ';' : ':';
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  const folders = path.split(separator).filter((folder) => isAbsolute(folder));
  return folders.flatMap((folder) => endings.map((ending) => join(folder, `${name}${ending}`))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

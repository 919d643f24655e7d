import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const command = fileURLToPath(new URL('../../bin/kubernetes-memory-inspector.js', import.meta.url));

export interface Typed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Given {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Gets what is printed so far, and the process. */
  readonly onOutput?: (typed: { readonly out: string; readonly err: string }, kill: (signal: 'SIGINT') => void) => void;
}

export const newFolder = () => mkdtempSync(join(tmpdir(), 'terminal-'));

/** Types the command of the committed bundle in a folder, an empty one where none is given. */
export async function type(
  words: readonly string[],
  { folder = newFolder(), env = {}, onOutput }: Given = {},
): Promise<Typed> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [command, ...words], {
    cwd: folder,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  const hear = (stream: 'out' | 'err') => (text: Buffer) => {
    said[stream] += text.toString();
    onOutput?.(said, (signal) => child.kill(signal));
  };
  child.stdout.on('data', hear('out'));
  child.stderr.on('data', hear('err'));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...said };
}

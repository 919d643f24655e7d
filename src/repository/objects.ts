import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { MIB } from '../bytes.ts';
import { collectOutput } from '../collect-output.ts';
import { messageOf, UserError } from '../errors.ts';
import { type Git, whyNotStarted } from './git.ts';

/** Thrown for an object that the repository lacks. */
export class MissingObject extends Error {
  override readonly name = 'MissingObject';
}

/** The contents of a repository's objects, by SHA. */
export interface Objects {
  /** Throws a `MissingObject` where the repository lacks it. */
  read(sha: string): Promise<Buffer>;
  /** Ends the process that reads; nothing can be read afterwards. */
  close(): void;
}

/** Of contents together; what is forgotten is read again. */
const MOST_KEPT = 64 * MIB;
/** Without a byte from git. */
const MOST_SECONDS = 60;

/** One `git cat-file` for all contents, each of which is read once and kept as far as there is room. */
export function openObjects(git: Git, mostKept: number = MOST_KEPT): Objects {
  let reader: Reader | undefined;
  let isClosed = false;
  const kept = new Map<string, Promise<Buffer>>();
  let weight = 0;
  const sizes = new Map<string, number>();

  function forget(sha: string): void {
    weight -= sizes.get(sha) ?? 0;
    sizes.delete(sha);
    kept.delete(sha);
  }

  async function readOnce(sha: string): Promise<Buffer> {
    if (isClosed) throw new Error(`closed before it was read: ${sha}`);
    reader ??= startReader(git, () => (reader = undefined));
    const content = await reader.ask(sha);
    sizes.set(sha, content.length);
    weight += content.length;
    for (const oldest of sizes.keys()) {
      if (weight <= mostKept) break;
      forget(oldest);
    }
    return content;
  }

  return {
    read(sha) {
      const before = kept.get(sha);
      if (before !== undefined) return before;
      const content = readOnce(sha);
      kept.set(sha, content);
      content.catch(() => forget(sha));
      return content;
    },
    close() {
      isClosed = true;
      reader?.end();
    },
  };
}

interface Reader {
  ask(sha: string): Promise<Buffer>;
  end(): void;
}

interface Question {
  readonly sha: string;
  readonly resolve: (content: Buffer) => void;
  readonly reject: (thrown: Error) => void;
}

/** `gone` is called once, when it can be asked no more. */
function startReader(git: Git, gone: () => void): Reader {
  const child = git.start(['cat-file', '--batch']);
  const said = collectOutput(child.stderr, MIB);
  const waiting: Question[] = [];
  // It holds the process while somebody waits, which the child by itself does not.
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  function watch(): void {
    clearTimeout(timer);
    if (waiting.length > 0) timer = setTimeout(() => fail(`no answer for ${MOST_SECONDS} s`), MOST_SECONDS * 1000);
  }

  function fail(why: string, cause?: Error): void {
    if (isOver) return;
    isOver = true;
    gone();
    clearTimeout(timer);
    child.kill('SIGKILL');
    const error =
      cause === undefined ? new Error(`git cat-file: ${why}`) : new UserError(whyNotStarted(cause), { cause });
    for (const { reject } of waiting.splice(0)) reject(error);
  }

  child.on('error', (cause) => fail(messageOf(cause), cause));
  child.on('close', (code, signal) => fail(`ended (${code ?? signal}) ${said()}`));
  child.stdin.on('error', () => undefined);
  takeAnswers(child, (content) => {
    const question = waiting.shift();
    if (question === undefined) fail('an answer that nobody asked for');
    else if (content === undefined) question.reject(new MissingObject(`git has no object ${question.sha}`));
    else question.resolve(content);
  });
  child.stdout.on('data', watch);
  return {
    ask: (sha) =>
      new Promise((resolve, reject) => {
        waiting.push({ sha, resolve, reject });
        child.stdin.write(`${sha}\n`);
        if (waiting.length === 1) watch();
      }),
    end: () => fail('closed'),
  };
}

const NEWLINE = 0x0a;

/** Hands over one content after the other as it is whole; `undefined` for an object that is missing. */
function takeAnswers(child: ChildProcessWithoutNullStreams, take: (content: Buffer | undefined) => void): void {
  let chunks: Buffer[] = [];
  let held = 0;
  let needed = 1;
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.length;
    // Joined only when an answer is whole: a large one comes in thousands of pieces.
    if (held < needed) return;
    const all = Buffer.concat(chunks);
    let at = 0;
    for (;;) {
      const answer = readAnswer(all, at);
      needed = answer.end - at;
      if (answer.state === 'cut off') break;
      take(answer.content);
      at = answer.end;
    }
    held = all.length - at;
    chunks = held === 0 ? [] : [all.subarray(at)];
  });
}

type Answer =
  | { readonly state: 'whole'; readonly content: Buffer | undefined; readonly end: number }
  /** It goes on at least until `end`. */
  | { readonly state: 'cut off'; readonly end: number };

/** Reads `SHA type size`, a line end, the content and another line end; or `SHA missing`. */
function readAnswer(all: Buffer, at: number): Answer {
  const lineEnd = all.indexOf(NEWLINE, at);
  if (lineEnd < 0) return { state: 'cut off', end: all.length + 1 };
  const [, type = '', size] = all.toString('latin1', at, lineEnd).split(' ');
  if (size === undefined || type === 'missing') return { state: 'whole', content: undefined, end: lineEnd + 1 };
  const start = lineEnd + 1;
  const end = start + Number(size) + 1;
  if (end > all.length) return { state: 'cut off', end };
  // A copy: the piece of the pipe that it came in holds many.
  return { state: 'whole', content: Buffer.from(all.subarray(start, end - 1)), end };
}
